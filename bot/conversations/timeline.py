"""A conversation as its reader sees it: what was said by whom, in order, from a cursor on."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.conversations.tables import mailbox, outbox

START = "0.0"
SHOWN = ("queued", "sending", "sent", "unknown")


@dataclass(frozen=True)
class Button:
    title: str
    outbox_id: int
    index: int


@dataclass(frozen=True)
class Utterance:
    cursor: str
    role: str  # user | assistant
    text: str
    buttons: tuple[Button, ...]
    language: str | None
    at: datetime
    entry_id: int
    outbox_id: int | None = None
    external_id: str | None = None  # the id the client gave its own message
    pressed: tuple[int, int] | None = None  # (outbox id, index) of the button this message pressed


class BadCursor(ValueError):
    """Not a cursor that was handed out here."""


def utterances(session: Session, lane_id: str, after: str = START, limit: int = 100) -> list[Utterance]:
    """What was said after the cursor, oldest first. A cursor is `next position to see . highest outbox id seen`."""
    messages, replies = _read(after)
    said = _said(lane_id).where(mailbox.c.position >= messages).order_by(mailbox.c.position)
    answered = _shown(lane_id).where(outbox.c.id > replies).order_by(outbox.c.id)
    found: list[Utterance] = []
    for one in _merged(session.execute(said.limit(limit)).all(), session.execute(answered.limit(limit)).all()):
        messages, replies = (one.position + 1, replies) if one.outbox_id is None else (messages, one.outbox_id)
        found.append(replace(one, cursor=f"{messages}.{replies}"))
    return found[:limit]


def latest(session: Session, lane_id: str, limit: int = 50, before: str | None = None) -> list[Utterance]:
    """The newest before the cursor (or of all), oldest first. Each carries the cursor that `before` takes."""
    messages, replies = _read(before) if before else (2**31, 2**31)
    said = _said(lane_id).where(mailbox.c.position < messages).order_by(mailbox.c.position.desc())
    answered = _shown(lane_id).where(outbox.c.id < replies).order_by(outbox.c.id.desc())
    newest = [session.execute(query.limit(limit)).all()[::-1] for query in (said, answered)]
    found: list[Utterance] = []
    for one in reversed(_merged(*newest)[-limit:]):
        messages, replies = (one.position, replies) if one.outbox_id is None else (messages, one.outbox_id)
        found.append(replace(one, cursor=f"{messages}.{replies}"))
    return found[::-1]


def newest_cursor(session: Session, lane_id: str) -> str:
    """The cursor after everything said so far."""
    last_message = (
        select(mailbox.c.position).where(mailbox.c.lane_id == lane_id).order_by(mailbox.c.position.desc()).limit(1)
    )
    last_reply = select(outbox.c.id).where(outbox.c.lane_id == lane_id).order_by(outbox.c.id.desc()).limit(1)
    position, reply = session.execute(last_message).scalar(), session.execute(last_reply).scalar()
    return f"{0 if position is None else position + 1}.{reply or 0}"


def mark_shown(session: Session, lane_id: str, said: list[Utterance], now: datetime) -> None:
    """The web chat fetches its replies: what it fetched has been sent. `session` is a writing one."""
    ids = [one.outbox_id for one in said if one.outbox_id is not None]
    if ids:
        session.execute(
            update(outbox)
            .where(outbox.c.lane_id == lane_id, outbox.c.id.in_(ids), outbox.c.state == "queued")
            .values(state="sent", sent_at=now)
        )


def working(session: Session, lane_id: str) -> bool:
    """An entry of this lane waits for its turn or has it now."""
    waits = select(mailbox.c.id).where(mailbox.c.lane_id == lane_id, mailbox.c.state == "waiting").limit(1)
    return session.execute(waits).first() is not None


def _read(cursor: str) -> tuple[int, int]:
    messages, dot, replies = cursor.partition(".")
    if not (
        dot
        and messages.isascii()
        and messages.isdigit()
        and replies.isascii()
        and replies.isdigit()
        and len(cursor) < 24
    ):
        raise BadCursor(cursor)
    return int(messages), int(replies)


def _said(lane_id: str) -> Any:
    return select(mailbox).where(mailbox.c.lane_id == lane_id, mailbox.c.text != "")  # empty: purged


def _shown(lane_id: str) -> Any:
    return select(outbox).where(outbox.c.lane_id == lane_id, outbox.c.state.in_(SHOWN))


def _merged(said: list[Any], answered: list[Any]) -> list[_Placed]:
    """Both are in their own order already. A clock that moved does not change it, nor puts a reply before what it answers."""
    messages, replies = deque(map(_message, said)), deque(map(_reply, answered))
    found = []
    while messages and replies:
        first, reply = messages[0], replies[0]
        found.append((messages if first.entry_id <= reply.entry_id or first.at <= reply.at else replies).popleft())
    return [*found, *messages, *replies]


@dataclass(frozen=True)
class _Placed(Utterance):
    position: int = 0


def _message(row: Any) -> _Placed:
    pressed = (row.payload["outbox_id"], row.payload["index"]) if row.kind == "button" else None
    return _Placed(
        cursor="", role="user", text=row.text, buttons=(), language=None, at=row.accepted_at, entry_id=row.id,
        external_id=row.external_id, pressed=pressed, position=row.position,
    )  # fmt: skip


def _reply(row: Any) -> _Placed:
    buttons = tuple(Button(one["title"], row.id, index) for index, one in enumerate(row.payload.get("buttons", [])))
    return _Placed(
        cursor="", role="assistant", text=row.payload.get("text", ""), buttons=buttons, language=row.payload.get("language"),
        at=row.created_at, entry_id=row.entry_id, outbox_id=row.id,
    )  # fmt: skip
