"""A question of the gateway's own, now and then, through the mailbox and all that follows: is there an answer, and how soon.

Each is a conversation of its own on a channel that no desk is shown and no platform knows, and is deleted once it has ended.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import structlog
import yaml
from sqlalchemy import delete, or_, select
from sqlalchemy.exc import SQLAlchemyError

from bot.conversations.mailbox import Accepted, accept
from bot.conversations.tables import lanes, mailbox
from bot.conversations.wakeups import MAILBOX, Wakeups, lane_topic
from bot.databases import Databases, reading, writing
from bot.metrics import HEARTBEAT_SECONDS, HEARTBEATS

CHANNEL = "heartbeat"
PATIENCE = 30.0  # seconds
LOOK_EVERY = 0.25
LEFT_BEHIND = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Heartbeat:
    databases: Databases
    wakeups: Wakeups
    clock: Callable[[], datetime]
    account: str  # of the process that asks
    patience: float = PATIENCE

    async def run(self, stop: threading.Event, every: float) -> None:
        while not stop.wait(every):
            try:
                outcome = await self.beat()
                self.forget()
            except SQLAlchemyError as error:
                outcome = "failed"
                log.error("database does not answer", runbook="database-down", error=type(error).__name__)
            HEARTBEATS.labels(outcome=outcome).inc()

    async def beat(self) -> str:
        """answered | failed (its turn went to the dead letters) | late (not within `patience`)"""
        began = time.perf_counter()
        sender = uuid4().hex
        with writing(self.databases.conversations) as session:
            asked = accept(
                session, channel=CHANNEL, account=self.account, sender=sender, external_id=sender,
                text=question(), now=self.clock(),
            )  # fmt: skip
        self.wakeups.notify(MAILBOX)
        while time.perf_counter() - began < self.patience:
            # Waiting begins before looking: what happens in between must not go unnoticed.
            woken = asyncio.ensure_future(self.wakeups.wait(lane_topic(asked.lane_id), LOOK_EVERY))
            await asyncio.sleep(0)
            state = self._state(asked)
            if state != "waiting":
                woken.cancel()
                if state == "done":
                    HEARTBEAT_SECONDS.observe(time.perf_counter() - began)
                return "answered" if state == "done" else "failed"
            await woken
        return "late"

    def _state(self, asked: Accepted) -> str:
        with reading(self.databases.conversations) as session:
            state: str = session.execute(select(mailbox.c.state).where(mailbox.c.id == asked.entry_id)).scalar_one()
        return state

    def forget(self) -> None:
        """Ended conversations of this process, and of those that died with theirs."""
        mine = or_(lanes.c.account == self.account, lanes.c.created_at < self.clock() - LEFT_BEHIND)
        with writing(self.databases.conversations) as session:
            session.execute(delete(lanes).where(lanes.c.channel == CHANNEL, lanes.c.due_at.is_(None), mine))


def question() -> str:
    return str(yaml.safe_load(Path(__file__).with_suffix(".yml").read_text())["question"])


def start(databases: Databases, wakeups: Wakeups, clock: Callable[[], datetime], every: float) -> threading.Event:
    """In a thread of its own, so that a database that does not answer holds up nobody. It ends with the event or the process."""
    stop = threading.Event()
    heartbeat = Heartbeat(databases, wakeups, clock, f"{socket.gethostname()}:{os.getpid()}")
    if every:
        threading.Thread(target=lambda: asyncio.run(heartbeat.run(stop, every)), name="heartbeat", daemon=True).start()
    return stop
