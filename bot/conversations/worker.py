"""Takes lanes one after the other and gives the entry at the head of each its turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.conversations.lease import Head, claim_next, release_all, set_aside, set_right
from bot.conversations.roster import report, sign_off
from bot.conversations.snapshots import number_of
from bot.conversations.turn import LeaseLost, Turn, bury, commit, fail
from bot.conversations.wakeups import MAILBOX, OUTBOX, Wakeups, lane_topic
from bot.databases import Databases, writing
from bot.metrics import TURN_SECONDS, TURN_STAGE_SECONDS, TURNS

if TYPE_CHECKING:
    from knowledge.live import LiveKnowledge

MOST_FAILURES = 5
MOST_KILLED = 2
SLOW_POLL = 0.5
AFTER_DATABASE_ERROR = 1.0
REPORT_EVERY = 3.0
NEVER = float("-inf")

log = structlog.get_logger(__name__)


class Brain(Protocol):
    model_id: str

    async def answer(self, turn: Turn, kind: str, text: str, payload: dict[str, Any] | None) -> None:
        """Fills the turn, or raises and leaves nothing behind."""

    def apologise(self, turn: Turn, text: str) -> None:
        """The one reply of an entry that cannot be answered."""


@dataclass
class Worker:
    name: str
    databases: Databases
    knowledge: LiveKnowledge
    brain: Brain
    wakeups: Wakeups
    clock: Callable[[], datetime]
    show_samples: bool
    _numbers: dict[str, int] = field(default_factory=dict)
    _reported: float = NEVER
    _interrupted: bool = False

    async def run(self, stop: asyncio.Event) -> None:
        """Serves until `stop`; the turn in hand is finished, leases are given back."""
        started_at = self.clock()
        log.info("worker ready", worker=self.name, model=self.brain.model_id)
        while not stop.is_set():
            try:
                self._resume()
                self._report(started_at)
                if not await self.serve_one():
                    await self.wakeups.wait(MAILBOX, SLOW_POLL)
            except SQLAlchemyError as error:
                log.error("database does not answer", runbook="database-down", error=type(error).__name__)
                self._interrupted = True
                await asyncio.sleep(AFTER_DATABASE_ERROR)
        try:
            self._resume()
            with writing(self.databases.conversations) as session:
                release_all(session, self.name)
                sign_off(session, self.name)
        except SQLAlchemyError as error:  # leases end by themselves
            log.error("database does not answer", runbook="database-down", error=type(error).__name__)

    def _resume(self) -> None:
        """A database that went away could not be told what became of the turn in hand."""
        if self._interrupted:
            with writing(self.databases.conversations) as session:
                set_aside(session, self.name)
            self._interrupted = False

    def _report(self, started_at: datetime) -> None:
        if time.monotonic() - self._reported < REPORT_EVERY:
            return
        with writing(self.databases.conversations) as session:
            if self._reported == NEVER:
                release_all(session, self.name)  # those of an earlier life under the same name
            report(session, self.name, self.brain.model_id, started_at, self.clock())
            set_right(session, self.clock())
        self._reported = time.monotonic()

    async def serve_one(self) -> bool:
        """One turn. False when no lane is due."""
        began = time.perf_counter()
        with writing(self.databases.conversations) as session:
            head = claim_next(session, self.name, self.clock())
        if head is None:
            return False
        TURN_STAGE_SECONDS.labels(stage="claim").observe(time.perf_counter() - began)
        try:
            outcome = await self._take(head, self._turn(head))
        except LeaseLost:
            outcome = "lease_lost"
        TURNS.labels(outcome=outcome).inc()
        TURN_SECONDS.observe(time.perf_counter() - began)
        self.wakeups.notify(lane_topic(head.claim.lane_id))
        self.wakeups.notify(OUTBOX)
        return True

    async def _take(self, head: Head, turn: Turn) -> str:
        claim = head.claim
        if head.killed >= MOST_KILLED or head.failures >= MOST_FAILURES:
            log.error("dead letter", entry=claim.entry_id, killed=head.killed, failures=head.failures)
            self.brain.apologise(turn, claim.text)
            with writing(self.databases.conversations) as session:
                bury(session, claim, turn)
            return "dead"
        try:
            with TURN_STAGE_SECONDS.labels(stage="answer").time():
                await self.brain.answer(turn, claim.kind, claim.text, claim.payload)
            number = self._number(turn)
            with TURN_STAGE_SECONDS.labels(stage="commit").time(), writing(self.databases.conversations) as session:
                commit(session, claim, turn, number)
        except LeaseLost:
            raise
        except Exception as error:
            log.exception("turn failed", entry=claim.entry_id, failures=head.failures + 1)
            with writing(self.databases.conversations) as session:
                fail(session, claim, head.failures + 1, error, self.clock())
            return "failed"
        return "done"

    def _turn(self, head: Head) -> Turn:
        return Turn(
            lane_id=head.claim.lane_id,
            entry_id=head.claim.entry_id,
            channel=head.claim.channel,
            now=self.clock(),
            snapshot=self.knowledge.current,
            databases=self.databases,
            show_samples=self.show_samples,
            memory=head.claim.memory,
        )

    def _number(self, turn: Turn) -> int:
        content = turn.snapshot.id
        if content not in self._numbers:
            self._numbers = {content: number_of(self.databases.conversations, turn.snapshot, turn.now)}
        return self._numbers[content]
