from __future__ import annotations

import asyncio
import threading

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text, update

from bot.conversations.tables import events, lanes, mailbox, outbox
from bot.conversations.wakeups import LocalWakeups
from bot.databases import writing
from bot.operating.heartbeat import CHANNEL, Heartbeat, question, start
from tests.houses import House


def heartbeat(house: House, patience: float = 30) -> Heartbeat:
    return Heartbeat(house.databases, LocalWakeups(), house.clock, "gateway", patience)


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def ask(house: House, beating: Heartbeat) -> str:
    """With a worker beside it."""
    asking = asyncio.ensure_future(beating.beat())
    worker = house.worker()
    while not asking.done():
        await worker.serve_one()
        await asyncio.sleep(0.02)
    return await asking


async def test_the_time_to_the_answer_is_measured(house: House) -> None:
    before = counted("assistant_heartbeat_seconds_count")
    assert await ask(house, heartbeat(house)) == "answered"
    assert counted("assistant_heartbeat_seconds_count") == before + 1
    assert house.brain.heard == [question()]


async def test_a_question_nobody_answers_is_late(house: House) -> None:
    assert await heartbeat(house, patience=0.3).beat() == "late"


async def test_a_question_that_goes_to_the_dead_letters_has_failed(house: House) -> None:
    beating = heartbeat(house)
    asking = asyncio.ensure_future(beating.beat())
    await asyncio.sleep(0.1)
    with writing(house.databases.conversations) as session:
        session.execute(update(mailbox).values(state="dead"))
    assert await asking == "failed"


async def test_what_has_ended_is_deleted_and_what_waits_is_not(house: House) -> None:
    house.say("a user's", sender="ada")
    beating = heartbeat(house, patience=0.3)
    await ask(house, heartbeat(house))
    await beating.beat()
    beating.forget()
    assert sorted(lane.channel for lane in house.rows(lanes)) == [CHANNEL, "web"]
    assert len(house.rows(mailbox)) == 2
    while await house.worker().serve_one():
        pass
    beating.forget()
    assert [lane.channel for lane in house.rows(lanes)] == ["web"]
    assert {entry.text for entry in house.rows(mailbox)} == {"a user's"}
    assert len(house.rows(events)) == len(house.rows(outbox)) == 1


async def test_what_a_process_that_died_left_is_deleted_by_another(house: House) -> None:
    await ask(house, heartbeat(house))
    other = Heartbeat(house.databases, LocalWakeups(), house.clock, "another gateway")
    other.forget()
    assert len(house.rows(lanes)) == 1
    house.clock.advance(2 * 3600)
    other.forget()
    assert house.rows(lanes) == []


@pytest.mark.parametrize("every", [0, 0.05])
async def test_it_beats_as_often_as_it_is_told_and_never_when_told_so(house: House, every: float) -> None:
    before = counted("assistant_heartbeats_total", outcome="answered")
    stop = start(house.databases, LocalWakeups(), house.clock, every)
    worker = house.worker()
    for _ in range(30):
        await worker.serve_one()
        await asyncio.sleep(0.05)
    stop.set()
    beats = counted("assistant_heartbeats_total", outcome="answered") - before
    assert beats >= 2 if every else beats == 0


async def test_a_database_that_is_away_is_a_failed_beat_and_no_end(house: House) -> None:
    before = counted("assistant_heartbeats_total", outcome="failed")
    with writing(house.databases.conversations) as session:
        session.execute(text("ALTER TABLE mailbox RENAME TO away"))
    stop = threading.Event()
    running = threading.Thread(target=lambda: asyncio.run(heartbeat(house).run(stop, 0.05)))
    running.start()
    await asyncio.sleep(1)
    stop.set()
    running.join(10)
    assert counted("assistant_heartbeats_total", outcome="failed") >= before + 2
