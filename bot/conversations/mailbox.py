"""Taking in what happens to a conversation. Once `accept` has committed, the entry will have exactly one turn."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bot.conversations.tables import lanes, mailbox, outbox

LONGEST_TEXT = 2_000
LONGEST_ID = 128
LONGEST_HEAD_START = timedelta(minutes=1)
HEAD_START_OF_NEW_ONES = timedelta(seconds=2)  # less than of those who paused: opening conversations is no way to the front
# Characters that steer the direction or the terminal instead of saying something; line breaks and tabs stay.
UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Accepted:
    lane_id: str
    entry_id: int
    repeated: bool


class Refused(Exception):
    """`reason`: empty | too_long | not_text | bad_id | unknown_button"""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Full(Exception):
    """More waits than may. `everywhere`: in all conversations together, not in this one."""

    def __init__(self, everywhere: bool) -> None:
        super().__init__("unavailable" if everywhere else "too_many")
        self.everywhere = everywhere


@dataclass(frozen=True)
class Room:
    """Entries that may wait for their turn."""

    in_lane: int
    everywhere: int

    def with_some_more(self) -> Room:
        return Room(self.in_lane + 5, self.everywhere + 500)


class SameIdOtherText(Exception):
    """The id was used before in this conversation, for something else."""


def accept(
    session: Session,
    *,
    channel: str,
    account: str,
    sender: str,
    external_id: str,
    text: str,
    button: tuple[int, int] | None = None,
    room: Room | None = None,
    now: datetime,
) -> Accepted:
    """`session` is a writing one; the entry exists when it commits. `button`: (outbox id, index) of the button pressed.

    Raises Refused, SameIdOtherText, and Full when there is no `room`.
    """
    for value in (external_id, sender):
        if not 0 < len(value) <= LONGEST_ID or UNSPEAKABLE.search(value) or not value.isprintable():
            raise Refused("bad_id")
    lane_id = _lane(session, channel, account, sender, now)
    # Holding the lane's row makes arrivals and turns of one conversation take turns on PostgreSQL; SQLite has one writer anyway.
    position = session.execute(select(lanes.c.arrivals).where(lanes.c.id == lane_id).with_for_update()).scalar_one()
    kind, said, payload = ("message", speakable(text), None) if button is None else _pressed(session, lane_id, button)
    fingerprint = hashlib.sha256(json.dumps([kind, said, payload]).encode()).hexdigest()
    known = session.execute(
        select(mailbox.c.id, mailbox.c.fingerprint).where(
            mailbox.c.lane_id == lane_id, mailbox.c.external_id == external_id
        )
    ).one_or_none()
    if known is not None:
        if known.fingerprint != fingerprint:
            raise SameIdOtherText(external_id)
        return Accepted(lane_id, known.id, repeated=True)
    if room is not None:
        _make_sure_of(session, room, lane_id, position)
    entry_id: int = session.execute(  # type: ignore[attr-defined]
        insert(mailbox).values(
            lane_id=lane_id, position=position, kind=kind, external_id=external_id, text=said, payload=payload,
            fingerprint=fingerprint, accepted_at=now,
        )
    ).inserted_primary_key[0]  # fmt: skip
    session.execute(update(lanes).where(lanes.c.id == lane_id).values(arrivals=position + 1))
    due_at = _served_last(session, lane_id, position, now)
    session.execute(update(lanes).where(lanes.c.id == lane_id, lanes.c.due_at.is_(None)).values(due_at=due_at))
    return Accepted(lane_id, entry_id, repeated=False)


def _served_last(session: Session, lane_id: str, arrivals: int, now: datetime) -> datetime:
    """Who was served longest ago comes first, so that somebody who asks now and then need not queue behind many who never pause."""
    last = select(mailbox.c.finished_at).where(mailbox.c.lane_id == lane_id, mailbox.c.position == arrivals - 1)
    served: datetime | None = session.execute(last).scalar_one_or_none()
    if served is None:
        return now - HEAD_START_OF_NEW_ONES
    return min(max(served, now - LONGEST_HEAD_START), now)


def _make_sure_of(session: Session, room: Room, lane_id: str, arrivals: int) -> None:
    """Entries of a lane end in order, so it is full when the one that many places back still waits."""
    nth = select(mailbox.c.state).where(mailbox.c.lane_id == lane_id, mailbox.c.position == arrivals - room.in_lane)
    if session.execute(nth).scalar_one_or_none() == "waiting":
        raise Full(everywhere=False)
    last = select(mailbox.c.id).where(mailbox.c.state == "waiting").offset(room.everywhere - 1).limit(1)
    if session.execute(last).first() is not None:
        raise Full(everywhere=True)


def speakable(text: str) -> str:
    """What was said without what cannot be said. Raises Refused when nothing is left or it is too long."""
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        raise Refused("not_text") from None
    if len(text) > LONGEST_TEXT:
        raise Refused("too_long")
    said = UNSPEAKABLE.sub("", text).strip()
    if not said:
        raise Refused("empty")
    return said


def lane_of(session: Session, channel: str, account: str, sender: str) -> str | None:
    return session.execute(
        select(lanes.c.id).where(lanes.c.channel == channel, lanes.c.account == account, lanes.c.sender == sender)
    ).scalar_one_or_none()


def _lane(session: Session, channel: str, account: str, sender: str, now: datetime) -> str:
    known = lane_of(session, channel, account, sender)
    if known is not None:
        return known
    row = {"id": uuid4().hex, "channel": channel, "account": account, "sender": sender, "created_at": now}
    upsert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    session.execute(upsert(lanes).values(row).on_conflict_do_nothing(index_elements=["channel", "account", "sender"]))
    created = lane_of(session, channel, account, sender)
    assert created is not None
    return created


def _pressed(session: Session, lane_id: str, button: tuple[int, int]) -> tuple[str, str, dict[str, Any]]:
    """A button's title is what the user said, its payload what she meant; only a button of this very conversation counts."""
    outbox_id, index = button
    payload = session.execute(
        select(outbox.c.payload).where(outbox.c.id == outbox_id, outbox.c.lane_id == lane_id)
    ).scalar_one_or_none()
    buttons = (payload or {}).get("buttons", [])
    if not 0 <= index < len(buttons):
        raise Refused("unknown_button")
    return (
        "button",
        buttons[index]["title"],
        {"payload": buttons[index]["payload"], "outbox_id": outbox_id, "index": index},
    )
