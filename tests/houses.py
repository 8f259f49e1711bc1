"""Lanes on real databases, with a brain that says what it heard."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Table, select

from bot.conversations.mailbox import Accepted, accept
from bot.conversations.turn import Turn
from bot.conversations.wakeups import LocalWakeups
from bot.conversations.worker import Worker
from bot.databases import Databases, reading, writing
from bot.settings import SHANGHAI


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@dataclass
class Echo:
    """Answers `x` with `x!`; breaks when told to."""

    breaks_on: set[str] = field(default_factory=set)
    heard: list[str] = field(default_factory=list)
    model_id: str = "echo"

    async def answer(self, turn: Turn, kind: str, text: str, payload: dict[str, Any] | None) -> None:
        self.heard.append(text)
        turn.events.append({"event": "user", "timestamp": turn.now.timestamp(), "text": text})
        if text in self.breaks_on:
            raise RuntimeError("broken on purpose")
        turn.replies.append({"text": f"{text}!", "buttons": [{"title": "more", "payload": "/show_more"}]})

    def apologise(self, turn: Turn, text: str) -> None:
        turn.replies = [{"text": "sorry"}]


@dataclass(frozen=True)
class Knowledge:
    """As much of LiveKnowledge as a worker asks for."""

    @dataclass(frozen=True)
    class Content:
        id: str = "0" * 64
        entries: tuple[()] = ()

    current: Any = Content()


@dataclass
class House:
    databases: Databases
    clock: Clock
    brain: Echo = field(default_factory=Echo)

    def worker(self, name: str = "one") -> Worker:
        return Worker(name, self.databases, Knowledge(), self.brain, LocalWakeups(), self.clock, True)  # type: ignore[arg-type]

    def say(
        self, text: str, *, sender: str = "ada", external_id: str | None = None, button: tuple[int, int] | None = None
    ) -> Accepted:
        with writing(self.databases.conversations) as session:
            return accept(
                session, channel="web", account="", sender=sender, external_id=external_id or uuid4().hex,
                text=text, button=button, now=self.clock(),
            )  # fmt: skip

    def rows(self, table: Table) -> list[Any]:
        with reading(self.databases.conversations) as session:
            return session.execute(select(table).order_by(*table.primary_key.columns)).all()


@pytest.fixture
def house(databases: Databases, clock: Clock) -> House:
    return House(databases, clock)
