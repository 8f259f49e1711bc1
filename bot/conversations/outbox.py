"""Replies on their way to platforms that are told (the web chat and REST fetch theirs: timeline.py).

queued -> sending -> sent | failed | unknown | withdrawn, in order per conversation. A reply found in `sending` after its time
was being sent when its sender died: it is sent again, the one repeat there can be.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, aliased

from bot.conversations.tables import lanes, outbox
from bot.conversations.wakeups import OUTBOX, Wakeups
from bot.databases import Databases, writing
from bot.metrics import SENDS

SENDING = timedelta(seconds=60)
MOST_ATTEMPTS = 8
SLOW_POLL = 0.5

log = structlog.get_logger(__name__)


class TryAgain(Exception):
    """Nothing reached the platform, or it asked to wait. `after`: seconds it asked for."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Impossible(Exception):
    """The platform will never take this reply."""


class OutcomeUnknown(Exception):
    """No answer came and the platform knows no idempotency key: sending again could say it twice."""


@dataclass(frozen=True)
class Parcel:
    outbox_id: int
    lane_id: str
    channel: str
    account: str
    recipient: str
    payload: dict[str, Any]
    attempts: int

    @property
    def idempotency_key(self) -> str:
        return f"reply-{self.outbox_id}"


class PushChannel(Protocol):
    async def send(self, parcel: Parcel) -> None:
        """Returns when the platform has it. Raises TryAgain, Impossible or OutcomeUnknown."""


def take_next(session: Session, channels: list[str], now: datetime) -> Parcel | None:
    """The oldest reply that is due and has none before it in its conversation, marked `sending`. A writing session."""
    earlier = aliased(outbox)
    before = select(earlier.c.id).where(
        earlier.c.lane_id == outbox.c.lane_id, earlier.c.id < outbox.c.id, earlier.c.state.in_(["queued", "sending"])
    )
    due = or_(
        and_(outbox.c.state == "queued", outbox.c.due_at <= now),
        and_(outbox.c.state == "sending", outbox.c.sending_until < now),
    )
    row = session.execute(
        select(outbox, lanes.c.channel, lanes.c.account, lanes.c.sender)
        .join(lanes, lanes.c.id == outbox.c.lane_id)
        .where(lanes.c.channel.in_(channels), due, ~before.exists())
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=outbox)
    ).one_or_none()
    if row is None:
        return None
    _mark(session, row.id, "sending", sending_until=now + SENDING, attempts=row.attempts + 1)
    return Parcel(row.id, row.lane_id, row.channel, row.account, row.sender, row.payload, row.attempts + 1)


def _mark(session: Session, outbox_id: int, state: str, **values: Any) -> None:
    session.execute(update(outbox).where(outbox.c.id == outbox_id).values(state=state, **values))


@dataclass(frozen=True)
class Sender:
    databases: Databases
    channels: Mapping[str, PushChannel]
    wakeups: Wakeups
    clock: Callable[[], datetime]

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                if not await self.send_one():
                    await self.wakeups.wait(OUTBOX, SLOW_POLL)
            except SQLAlchemyError as error:
                log.error("database does not answer", runbook="database-down", error=type(error).__name__)
                await asyncio.sleep(SLOW_POLL)

    async def send_one(self) -> bool:
        """False when nothing is due."""
        with writing(self.databases.conversations) as session:
            parcel = take_next(session, list(self.channels), self.clock())
        if parcel is None:
            return False
        state, values = await self._send(parcel)
        SENDS.labels(channel=parcel.channel, outcome=state).inc()
        with writing(self.databases.conversations) as session:
            _mark(session, parcel.outbox_id, state, sending_until=None, **values)
        return True

    async def _send(self, parcel: Parcel) -> tuple[str, dict[str, Any]]:
        try:
            await self.channels[parcel.channel].send(parcel)
        except OutcomeUnknown as error:
            return "unknown", {"error": str(error)}
        except TryAgain as error:
            if parcel.attempts < MOST_ATTEMPTS:
                return "queued", {"error": str(error), "due_at": self.clock() + _pause(parcel.attempts, error.after)}
            return "failed", {"error": str(error)}
        except Impossible as error:
            log.error("dead letter", outbox=parcel.outbox_id, channel=parcel.channel, runbook="dead-letters")
            return "failed", {"error": str(error)}
        return "sent", {"sent_at": self.clock()}


def _pause(attempts: int, asked: float | None) -> timedelta:
    seconds = min(0.5 * 2**attempts, 120) * random.uniform(0.8, 1.2)  # noqa: S311  # jitter
    return timedelta(seconds=max(seconds, asked or 0))
