"""How every channel hands a message to its lane: stored and committed before it is acknowledged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from bot.conversations.mailbox import Accepted, Full, Refused, Room, SameIdOtherText, accept
from bot.conversations.tables import outbox
from bot.conversations.wakeups import MAILBOX, Wakeups, lane_topic
from bot.databases import Databases, reading, writing
from bot.metrics import ACCEPTED, REFUSED
from bot.references import read_button
from bot.settings import Settings
from connectors.pressure import Limits, TooMany

FOR_A_PERSON = "/request_person"


@dataclass(frozen=True)
class Gateway:
    settings: Settings
    secret: str
    databases: Databases
    wakeups: Wakeups
    clock: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)
    streams: Counter[str] = field(default_factory=Counter)  # open ones of each conversation

    @property
    def room(self) -> Room:
        return Room(self.settings.most_waiting_per_conversation, self.settings.most_waiting)


async def take_in(
    gateway: Gateway,
    *,
    channel: str,
    account: str,
    sender: str,
    external_id: str,
    text: str = "",
    reference: str | None = None,
    address: str = "",
) -> Accepted:
    """Raises TooMany, Refused, SameIdOtherText and Full. `reference`: the signed button that was pressed, instead of `text`.

    `address` is empty where the caller speaks for many people.
    """

    def store() -> Accepted:
        button = None if reference is None else read_button(gateway.secret, reference)
        if reference is not None and button is None:
            raise Refused("unknown_button")

        def for_a_person() -> bool:
            return gateway.limits.asks_for_a_person(text) if button is None else _means_a_person(gateway, button)

        gateway.limits.take_message(channel, sender, address, for_a_person)
        try:
            return put(button, gateway.room)
        except Full:
            if not for_a_person():
                raise
            return put(button, gateway.room.with_some_more())

    def put(button: tuple[int, int] | None, room: Room) -> Accepted:
        with writing(gateway.databases.conversations) as session:
            return accept(
                session, channel=channel, account=account, sender=sender, external_id=external_id,
                text=text, button=button, room=room, now=gateway.clock(),
            )  # fmt: skip

    try:
        accepted = await run_in_threadpool(store)
    except Refused as refused:
        REFUSED.labels(channel=channel, reason=refused.reason).inc()
        raise
    except SameIdOtherText:
        REFUSED.labels(channel=channel, reason="same_id_other_text").inc()
        raise
    except (TooMany, Full) as pressed:
        REFUSED.labels(channel=channel, reason=str(pressed)).inc()
        raise
    if not accepted.repeated:
        ACCEPTED.labels(channel=channel).inc()
    gateway.wakeups.notify(MAILBOX)
    gateway.wakeups.notify(lane_topic(accepted.lane_id))
    return accepted


def _means_a_person(gateway: Gateway, button: tuple[int, int]) -> bool:
    with reading(gateway.databases.conversations) as session:
        payload = session.execute(select(outbox.c.payload).where(outbox.c.id == button[0])).scalar_one_or_none()
    buttons = (payload or {}).get("buttons", [])
    return 0 <= button[1] < len(buttons) and str(buttons[button[1]]["payload"]).startswith(FOR_A_PERSON)
