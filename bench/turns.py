"""Turns of the real worker, in this process and idle: from the accepted entry to the committed outbox, and what they are made of.

`python -m bench turns`, with databases and model made; prints JSON.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle, islice
from statistics import median
from typing import Any
from uuid import uuid4

import yaml
from sqlalchemy import func, select

from bench.machine import ms, spread
from bot.conversations.mailbox import accept
from bot.conversations.tables import events, mailbox
from bot.conversations.wakeups import LocalWakeups
from bot.databases import Databases, connect, reading, writing
from bot.settings import ROOT, Settings

EXPECTED = ROOT / "tests" / "knowledge" / "expected_answers.yml"
TURNS = 240
TURNS_EACH = 10
LONG = 1010
EARLY, LATE = slice(4, 15), slice(989, 1010)  # turns 5-15 and 990-1010
THINKING = ("understanding", "deciding", "acting")
INSIDE = "inside "  # steps of the above, by Rasa's names of them
LONG_QUESTIONS = 11  # the cycle of the long conversation, so that both windows hold the same questions


@dataclass(frozen=True)
class Taken:
    """A turn in seconds. Computing is what the process used a core for: neighbours on the machine do not count."""

    wall: float
    computing: float
    stages: dict[str, float]


@dataclass
class Stopwatch:
    """Seconds spent inside functions during the turn at hand."""

    turn: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def around(self, owner: object, name: str, stage: Callable[[Any], str]) -> None:
        """Replaces `owner`.`name`, a coroutine or a plain function, by one that is timed; `stage` is told its first argument."""
        inner = getattr(owner, name)

        @functools.wraps(inner)
        async def awaiting(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return await inner(*args, **kwargs)
            finally:
                self.turn[stage(args[0])] += time.perf_counter() - began

        @functools.wraps(inner)
        def calling(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                self.turn[stage(args[0])] += time.perf_counter() - began

        setattr(owner, name, awaiting if inspect.iscoroutinefunction(inner) else calling)


@dataclass
class TimedBrain:
    """What comes before it answers is the claim of the lane, what comes after it the commit."""

    inner: Any
    stopwatch: Stopwatch
    began: float = 0.0
    ended: float = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def answer(self, *turn: Any) -> None:
        self.began = time.perf_counter()
        await self.inner.answer(*turn)
        self.ended = time.perf_counter()


def watch(stopwatch: Stopwatch, worker: Any) -> TimedBrain:
    from rasa.engine.graph import GraphNode

    from bot.conversations.rasa_agent import ActionsHere
    from knowledge.encoder import load_encoder

    processor = worker.brain.agent.processor
    stopwatch.around(processor, "parse_message", lambda _: "understanding")
    stopwatch.around(processor, "predict_next_with_tracker_if_should", lambda _: "deciding")
    stopwatch.around(ActionsHere, "request", lambda _: "acting")
    stopwatch.around(type(load_encoder()), "encode", lambda _: f"{INSIDE}sentence encoder")
    stopwatch.around(GraphNode, "__call__", lambda node: f"{INSIDE}{node._node_name}")
    worker.brain = TimedBrain(worker.brain, stopwatch)
    return worker.brain  # type: ignore[no-any-return]


@dataclass
class Bench:
    worker: Any
    databases: Databases
    settings: Settings
    brain: TimedBrain

    async def turn(self, sender: str, text: str) -> Taken:
        with writing(self.databases.conversations) as session:
            accept(
                session,
                channel="bench",
                account="",
                sender=sender,
                external_id=uuid4().hex,
                text=text,
                now=self.settings.now(),
            )
        spent = self.brain.stopwatch.turn
        spent.clear()
        began, computed = time.perf_counter(), time.process_time()
        if not await self.worker.serve_one():
            raise RuntimeError("the accepted entry was not due: an earlier turn of its conversation failed")
        ended, computed = time.perf_counter(), time.process_time() - computed
        thinking = self.brain.ended - self.brain.began
        rest = thinking - sum(spent[stage] for stage in THINKING)
        around = {
            "claiming": self.brain.began - began,
            "committing": ended - self.brain.ended,
            "rest of thinking": rest,
        }
        return Taken(ended - began, computed, {**spent, **around})

    async def short_conversations(self, questions: list[str]) -> dict[str, Any]:
        asked = enumerate(islice(cycle(questions), TURNS))
        taken = [await self.turn(f"short-{number // TURNS_EACH}", question) for number, question in asked]
        return {
            "turns": TURNS,
            "distinct_questions": min(TURNS, len(questions)),
            **spread([turn.wall for turn in taken]),
            "computing_p50_ms": ms(median(turn.computing for turn in taken)),
            "stages": stages(taken, lambda stage: not stage.startswith(INSIDE)),
            "inside": stages(taken, lambda stage: stage.startswith(INSIDE)),
        }

    async def long_conversation(self, questions: list[str]) -> dict[str, Any]:
        taken = [await self.turn("long", question) for question in islice(cycle(questions[:LONG_QUESTIONS]), LONG)]
        windows = {"turn_10": taken[EARLY], "turn_1000": taken[LATE]}
        return {
            name: {
                "p50_ms": ms(median(turn.wall for turn in turns)),
                "computing_p50_ms": ms(median(turn.computing for turn in turns)),
            }
            for name, turns in windows.items()
        }


def stages(taken: list[Taken], wanted: Callable[[str], bool]) -> dict[str, dict[str, float]]:
    """Those that take at least a thousandth of all turns, the longest first."""
    total = sum(turn.wall for turn in taken)
    spent: Counter[str] = Counter()
    for turn in taken:
        spent.update(turn.stages)
    return {
        stage.removeprefix(INSIDE): {"mean_ms": ms(seconds / len(taken)), "share": round(seconds / total, 3)}
        for stage, seconds in spent.most_common()
        if wanted(stage) and seconds > total / 1000
    }


def questions_with_an_answer() -> list[str]:
    listed = yaml.safe_load(EXPECTED.read_text())
    asked = [one["question"] for one in listed if one["expect"] == "answer"]
    random.Random(1).shuffle(asked)  # noqa: S311  # the same order every time
    return asked


def measure() -> dict[str, Any]:
    from bot import without_tensorflow

    without_tensorflow.install()
    from bot.conversations.serving import make_worker
    from bot.logs import configure

    configure("ERROR")
    settings = Settings()
    databases = connect(settings.database_urls)
    worker, _ = make_worker(settings, databases, LocalWakeups())
    bench = Bench(worker, databases, settings, watch(Stopwatch(), worker))
    return asyncio.run(_measure(bench, questions_with_an_answer()))


async def _measure(bench: Bench, questions: list[str]) -> dict[str, Any]:
    for question in questions[:LONG_QUESTIONS]:
        await bench.turn("warm-up", question)
    return {
        "knowledge_turn": await bench.short_conversations(questions),
        "long_conversation": await bench.long_conversation(questions),
        "outcomes": outcomes(bench.databases),
    }


def outcomes(databases: Databases) -> dict[str, dict[str, int]]:
    """What became of the entries, and which actions ran."""
    with reading(databases.conversations) as session:
        states = session.execute(select(mailbox.c.state, func.count().label("number")).group_by(mailbox.c.state)).all()
        done = session.execute(select(events.c.data).where(events.c.name == "action")).scalars()
        actions = Counter(event["name"] for event in done)
    return {"entries": {row.state: row.number for row in states}, "actions": dict(actions.most_common())}
