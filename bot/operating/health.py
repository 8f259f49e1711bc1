"""Asks a process how it is, and says what is wrong in an operator's words."""

from __future__ import annotations

import httpx

from bot.operating.words import say, words

PATIENCE = 10.0  # seconds
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  # compared with, not listened on


def address_of(host: str, port: int) -> str:
    return f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}"


def answers(address: str) -> bool:
    """Whether a process is there at all, well or not."""
    try:
        httpx.get(f"{address}/readyz", timeout=PATIENCE, trust_env=False)
    except httpx.TransportError:
        return False
    return True


def troubles(address: str) -> list[str]:
    """A sentence for each thing that is wrong, with its runbook. Empty: all is well."""
    try:
        checks = httpx.get(f"{address}/readyz", timeout=PATIENCE, trust_env=False).json()
        wrong = [name for name, well in checks.items() if not well]
    except (httpx.HTTPError, ValueError, AttributeError):
        return [say("not_reached", address=address)]
    if "database_writes" in wrong:
        wrong = ["database_writes"]  # nothing else can be known
    return [say(name) if name in words() else say("unknown_trouble", what=name) for name in wrong]
