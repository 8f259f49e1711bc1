"""How much one sender and one address may say. A request for a person gets through all the same."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import structlog
import yaml
from limits import RateLimitItem, RateLimitItemPerMinute, parse_many
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError
from starlette.requests import Request

from bot.settings import ROOT, Settings
from connectors.web.words import catalogues

FOR_A_PERSON = RateLimitItemPerMinute(5, namespace="person")  # beyond the limits, per sender
REDIS_TIMEOUT = 0.2  # seconds
WITHOUT_REDIS = 10.0  # seconds until Redis is asked again after it did not answer
ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")

log = structlog.get_logger(__name__)


class TooMany(Exception):
    """`first`: the first refusal in a while, the one that is explained."""

    def __init__(self, retry_after: int, first: bool) -> None:
        super().__init__("too_many")
        self.retry_after, self.first = retry_after, first


@dataclass
class Counts:
    """Counted in Redis for all gateways; while it does not answer, and without one, in this process alone."""

    local: Storage = field(default_factory=MemoryStorage)
    shared: Storage | None = None
    _asked_again_at: float = 0.0

    def hit(self, limit: RateLimitItem, *key: str) -> bool:
        """True while the limit is kept."""
        return bool(self._ask(lambda counts: counts.hit(limit, *key)))

    def reset_in(self, limit: RateLimitItem, *key: str) -> int:
        """Seconds until the limit counts from nothing again, at least one."""
        ends = float(self._ask(lambda counts: counts.get_window_stats(limit, *key)[0]))
        return max(1, round(ends - time.time()))

    def _ask(self, question: Callable[[FixedWindowRateLimiter], Any]) -> Any:
        if self.shared is not None and time.monotonic() >= self._asked_again_at:
            try:
                return question(FixedWindowRateLimiter(self.shared))
            except RedisError as error:
                self._asked_again_at = time.monotonic() + WITHOUT_REDIS
                log.warning("redis does not answer", runbook="redis-down", error=type(error).__name__)
        return question(FixedWindowRateLimiter(self.local))


def counts_of(redis_url: str) -> Counts:
    if not redis_url:
        return Counts()
    timeouts: dict[str, Any] = {"socket_timeout": REDIS_TIMEOUT, "socket_connect_timeout": REDIS_TIMEOUT}
    return Counts(shared=RedisStorage(redis_url, **timeouts))


@dataclass(frozen=True)
class Limits:
    """Without rules everything is let through."""

    counts: Counts = field(default_factory=Counts)
    per_sender: tuple[RateLimitItem, ...] = ()
    per_address: tuple[RateLimitItem, ...] = ()
    of_sessions: tuple[RateLimitItem, ...] = ()
    asks_for_a_person: Callable[[str], bool] = bool

    def take_message(self, channel: str, sender: str, address: str, for_a_person: Callable[[], bool]) -> None:
        """Raises TooMany. `address` is empty where the caller speaks for many people."""
        rules = [(limit, ("sender", channel, sender)) for limit in self.per_sender]
        if address:
            rules += [(limit, ("address", address, "messages")) for limit in self.per_address]
        for limit, key in rules:
            if self.counts.hit(limit, *key):
                continue
            if for_a_person() and self.counts.hit(FOR_A_PERSON, channel, sender):
                return
            raise self._refusal(limit, key)

    def take_session(self, address: str) -> None:
        for limit in self.of_sessions:
            key = ("address", address, "sessions")
            if not self.counts.hit(limit, *key):
                raise self._refusal(limit, key)

    def _refusal(self, limit: RateLimitItem, key: tuple[str, ...]) -> TooMany:
        explained = type(limit)(1, limit.multiples, namespace="explained")
        return TooMany(self.counts.reset_in(limit, *key), first=self.counts.hit(explained, *key))


def limits_of(settings: Settings) -> Limits:
    return Limits(
        counts_of(settings.redis_url.get_secret_value()),
        _rules(settings.limit_per_sender),
        _rules(settings.limit_per_address),
        _rules(settings.limit_of_sessions),
        partial(_says_one_of, frozenset(map(plain, requests_for_a_person(ROOT / "data" / "nlu")))),
    )


def _rules(text: str) -> tuple[RateLimitItem, ...]:
    return tuple(parse_many(text)) if text.strip() else ()


def _says_one_of(phrases: frozenset[str], text: str) -> bool:
    said = plain(text)
    return any(phrase in said for phrase in phrases)


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def requests_for_a_person(folder: Path) -> Iterable[str]:
    """What the assistant learns the intent from. It is looked up before a message is stored, where no model is at hand."""
    for file in sorted(folder.glob("*.yml")):
        for group in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).get("nlu", []):
            if group.get("intent") == "request_person":
                for example in group["examples"].splitlines():
                    yield ANNOTATION.sub(r"\1", example.lstrip("- "))
    for words in catalogues().values():
        yield words["person"]


def address_of(request: Request, trusted_proxies: Iterable[str]) -> str:
    """Of the caller, behind proxies that are trusted. A network of IPv6 addresses that one customer has counts as one."""
    trusted = frozenset(trusted_proxies)
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    address = request.client.host if request.client else ""
    while address in trusted and hops:
        address = hops.pop()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(parsed if parsed.version == 4 else ipaddress.ip_network((parsed, 64), strict=False))
