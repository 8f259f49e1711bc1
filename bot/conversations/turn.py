"""One mailbox entry being answered. A turn only reads; all it wants to write is committed at its end, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from bot.conversations.tables import events, lanes, mailbox, outbox
from bot.databases import Databases

if TYPE_CHECKING:
    from knowledge.snapshot import Snapshot


@dataclass(frozen=True)
class Claim:
    """A lane leased to a worker, with the entry at its head."""

    lane_id: str
    fence: int
    memory: dict[str, Any] | None
    entry_id: int
    kind: str
    text: str
    payload: dict[str, Any] | None
    channel: str


class LeaseLost(Exception):
    """Another worker has the lane: whatever this one did with it is void."""


DEFAULT_LANGUAGE = "zh"


@dataclass
class Turn:
    lane_id: str
    entry_id: int
    channel: str
    now: datetime
    snapshot: Snapshot
    databases: Databases
    show_samples: bool
    memory: dict[str, Any] | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    replies: list[dict[str, Any]] = field(default_factory=list)
    rows: list[tuple[Table, dict[str, Any]]] = field(default_factory=list)
    failure: Exception | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def language(self) -> str:
        """Of the conversation, as the last turn left it, or this one once it has saved."""
        return str((self.memory or {}).get("slots", {}).get("language") or DEFAULT_LANGUAGE)

    def write(self, table: Table, **values: Any) -> None:
        """A row of the conversations database that belongs to this turn."""
        self.rows.append((table, {"lane_id": self.lane_id, "entry_id": self.entry_id, **values}))


current_turn: ContextVar[Turn] = ContextVar("current_turn")


def this_turn() -> Turn:
    """The turn being taken; where no worker takes one, a turn that only reads."""
    try:
        return current_turn.get()
    except LookupError:
        from bot.conversations.standalone import standalone_turn

        return standalone_turn()


def commit(session: Session, claim: Claim, turn: Turn, snapshot_number: int | None) -> None:
    """Everything the turn did, the entry marked done and the lane given back. `session` is a writing one."""
    give_back(session, claim, memory=turn.memory)
    insert_all(session, events, (_event(turn, position, event) for position, event in enumerate(turn.events)))
    insert_all(session, outbox, _replies(turn, snapshot_number))
    for table, values in turn.rows:
        session.execute(insert(table).values(values))
    finish(session, claim.entry_id, "done", turn.now)
    reschedule(session, claim.lane_id, turn.now)


def give_back(session: Session, claim: Claim, **values: Any) -> None:
    """First write of every end of a turn: fails when the lease was lost, and holds the lane's row until the commit."""
    held = session.execute(
        update(lanes)
        .where(lanes.c.id == claim.lane_id, lanes.c.fence == claim.fence)
        .values(lease_holder=None, lease_until=None, **values)
    )
    if held.rowcount != 1:  # type: ignore[attr-defined]
        raise LeaseLost(claim.lane_id)


def finish(session: Session, entry_id: int, state: str, now: datetime, **values: Any) -> None:
    session.execute(update(mailbox).where(mailbox.c.id == entry_id).values(state=state, finished_at=now, **values))


def reschedule(session: Session, lane_id: str, now: datetime) -> None:
    waits = select(mailbox.c.id).where(mailbox.c.lane_id == lane_id, mailbox.c.state == "waiting").limit(1)
    more = session.execute(waits).first() is not None
    session.execute(update(lanes).where(lanes.c.id == lane_id).values(due_at=now if more else None))


def insert_all(session: Session, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    values = list(rows)
    if values:
        session.execute(insert(table), values)


def _event(turn: Turn, position: int, event: dict[str, Any]) -> dict[str, Any]:
    return {
        "lane_id": turn.lane_id,
        "entry_id": turn.entry_id,
        "position": position,
        "name": event["event"],
        "timestamp": event["timestamp"],
        "data": event,
    }


def _replies(turn: Turn, snapshot_number: int | None) -> Iterable[dict[str, Any]]:
    for position, payload in enumerate(turn.replies):
        yield {
            "lane_id": turn.lane_id,
            "entry_id": turn.entry_id,
            "position": position,
            "payload": payload,
            "snapshot": snapshot_number,
            "due_at": turn.now,
            "created_at": turn.now,
        }


BACKOFF = (timedelta(seconds=0.2), timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30))


def fail(session: Session, claim: Claim, failures: int, error: Exception, now: datetime) -> None:
    """The turn ended in an error and left nothing behind; its entry is tried again later, and nothing overtakes it."""
    give_back(session, claim)
    noted = session.execute(
        update(mailbox)
        .where(mailbox.c.id == claim.entry_id, mailbox.c.state == "waiting")
        .values(failures=failures, error=f"{type(error).__name__}: {error}"[:2000])
    )
    if noted.rowcount == 0:  # type: ignore[attr-defined]
        return  # the database committed the turn and went away before it said so
    due_at = now + BACKOFF[min(failures, len(BACKOFF)) - 1]
    session.execute(update(lanes).where(lanes.c.id == claim.lane_id).values(due_at=due_at))


def bury(session: Session, claim: Claim, turn: Turn) -> None:
    """The entry goes to the dead letters and the user is told: `turn` holds the apology."""
    give_back(session, claim)
    insert_all(session, outbox, _replies(turn, None))
    finish(session, claim.entry_id, "dead", turn.now)
    reschedule(session, claim.lane_id, turn.now)
