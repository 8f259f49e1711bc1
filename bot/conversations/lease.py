"""Which lane is served next, and by whom. A lease ends by itself; its fencing number keeps a late worker from committing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.conversations.tables import lanes, mailbox
from bot.conversations.turn import Claim

LEASE = timedelta(seconds=6)
"""Many times a slow turn, and how long the lanes of a worker that died wait for another."""
FUTURE = timedelta(minutes=1)
"""More than any lease or pause between two tries: what is due later than that was written by a clock that was ahead."""


@dataclass(frozen=True)
class Head:
    claim: Claim
    failures: int
    killed: int  # turns of this entry that ended with their worker


def claim_next(session: Session, worker: str, now: datetime) -> Head | None:
    """The lane that has waited longest, with its first entry, leased to `worker`. `session` is a writing one."""
    while (lane := _longest_waiting(session, now)) is not None:
        entry = session.execute(
            select(mailbox)
            .where(mailbox.c.lane_id == lane.id, mailbox.c.state == "waiting")
            .order_by(mailbox.c.position)
            .limit(1)
        ).one_or_none()
        if entry is not None:
            return _leased(session, lane, entry, worker, now)
        # Due without an entry, as after a purge: left like that it would be first in the queue for ever.
        session.execute(update(lanes).where(lanes.c.id == lane.id).values(due_at=None))
    return None


def _longest_waiting(session: Session, now: datetime) -> Any:
    return session.execute(
        select(lanes)
        .where(lanes.c.due_at <= now, or_(lanes.c.lease_until.is_(None), lanes.c.lease_until < now))
        .order_by(lanes.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def _leased(session: Session, lane: Any, entry: Any, worker: str, now: datetime) -> Head:
    fence = lane.fence + 1
    session.execute(
        update(lanes).where(lanes.c.id == lane.id).values(lease_holder=worker, lease_until=now + LEASE, fence=fence)
    )
    session.execute(update(mailbox).where(mailbox.c.id == entry.id).values(starts=mailbox.c.starts + 1))
    claim = Claim(lane.id, fence, lane.memory, entry.id, entry.kind, entry.text, entry.payload, lane.channel)
    return Head(claim, entry.failures, killed=entry.starts - entry.failures)


def release_all(session: Session, worker: str) -> None:
    """Leases of a worker that stops, or of an earlier life of this one."""
    session.execute(update(lanes).where(lanes.c.lease_holder == worker).values(lease_holder=None, lease_until=None))


def set_aside(session: Session, worker: str) -> None:
    """Its database went away, so its turn neither ended nor failed nor was killed: it was no try, and the lane is free again."""
    held = select(lanes.c.id).where(lanes.c.lease_holder == worker)
    begun = (mailbox.c.lane_id.in_(held), mailbox.c.state == "waiting", mailbox.c.starts > mailbox.c.failures)
    session.execute(
        update(mailbox).where(*begun).values(starts=mailbox.c.starts - 1).execution_options(synchronize_session=False)
    )
    release_all(session, worker)


def set_right(session: Session, now: datetime) -> None:
    """Nothing waits for a moment that a clock wrote before it was set back. Fencing makes a lease that is taken too early harmless."""
    far = now + FUTURE
    session.execute(update(lanes).where(lanes.c.due_at > far).values(due_at=now))
    session.execute(update(lanes).where(lanes.c.due_at <= far, lanes.c.lease_until > far).values(lease_until=None))
