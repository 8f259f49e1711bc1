"""How every channel hands a message to its lane: stored and committed before it is acknowledged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.concurrency import run_in_threadpool

from bot.conversations.mailbox import Accepted, Refused, SameIdOtherText, accept
from bot.conversations.wakeups import MAILBOX, Wakeups, lane_topic
from bot.databases import Databases, writing
from bot.metrics import ACCEPTED, REFUSED
from bot.references import read_button
from bot.settings import Settings


@dataclass(frozen=True)
class Gateway:
    settings: Settings
    secret: str
    databases: Databases
    wakeups: Wakeups
    clock: Callable[[], datetime]


async def take_in(
    gateway: Gateway,
    *,
    channel: str,
    account: str,
    sender: str,
    external_id: str,
    text: str = "",
    reference: str | None = None,
) -> Accepted:
    """Raises Refused and SameIdOtherText. `reference`: the signed button that was pressed, instead of `text`."""

    def store() -> Accepted:
        button = None if reference is None else read_button(gateway.secret, reference)
        if reference is not None and button is None:
            raise Refused("unknown_button")
        with writing(gateway.databases.conversations) as session:
            return accept(
                session, channel=channel, account=account, sender=sender, external_id=external_id,
                text=text, button=button, now=gateway.clock(),
            )  # fmt: skip

    try:
        accepted = await run_in_threadpool(store)
    except Refused as refused:
        REFUSED.labels(channel=channel, reason=refused.reason).inc()
        raise
    except SameIdOtherText:
        REFUSED.labels(channel=channel, reason="same_id_other_text").inc()
        raise
    if not accepted.repeated:
        ACCEPTED.labels(channel=channel).inc()
    gateway.wakeups.notify(MAILBOX)
    gateway.wakeups.notify(lane_topic(accepted.lane_id))
    return accepted
