from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import event, text, update

from bot.conversations.roster import SILENT_AFTER, report
from bot.conversations.tables import outbox
from bot.conversations.worker import MOST_FAILURES
from bot.databases import Databases, writing
from bot.operating.figures import figures
from bot.operations import operations, scraped
from tests.houses import Clock, House
from tests.servers import fresh_sqlite


def figure(house: House, name: str) -> float:
    """Of one line of /metrics, given as `name` or `name{label="value"}`."""
    lines = scraped(house.databases, house.clock()).decode().splitlines()
    return float(dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))[name])


async def drain(house: House) -> None:
    worker = house.worker()
    while await worker.serve_one():
        pass


async def readyz(house: House) -> httpx.Response:
    transport = httpx.ASGITransport(operations(house.databases, house.clock))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.get("/readyz")


def test_what_waits_is_counted_and_its_age_told(house: House) -> None:
    house.say("first")
    house.say("second")
    house.clock.advance(45)
    assert figure(house, 'assistant_mailbox_entries{state="waiting"}') == 2
    assert figure(house, "assistant_lanes_due") == 1
    assert 45 <= figure(house, "assistant_mailbox_oldest_seconds") < 46


def test_an_empty_mailbox_is_no_time_old(house: House) -> None:
    assert figure(house, "assistant_mailbox_oldest_seconds") == 0


async def test_dead_letters_are_counted(house: House) -> None:
    house.brain.breaks_on = {"poison"}
    house.say("poison")
    for _ in range(MOST_FAILURES + 1):
        await drain(house)
        house.clock.advance(60)
    assert figure(house, 'assistant_mailbox_entries{state="dead"}') == 1


async def test_replies_are_counted_by_state_and_the_longest_wait_is_told_by_channel(house: House) -> None:
    house.say("hello")
    house.say("hello", sender="bob")
    await drain(house)
    house.clock.advance(20)
    with writing(house.databases.conversations) as session:
        session.execute(update(outbox).where(outbox.c.id == 1).values(state="unknown"))
    assert figure(house, 'assistant_outbox_replies{state="queued"}') == 1
    assert figure(house, 'assistant_outbox_replies{state="unknown"}') == 1
    assert 20 <= figure(house, 'assistant_outbox_oldest_seconds{channel="web"}') < 21


def test_workers_are_counted_by_model_as_long_as_they_are_heard_of(house: House) -> None:
    with writing(house.databases.conversations) as session:
        for name in ("one", "two"):
            report(session, name, "0123456789abcdef", house.clock(), house.clock())
    assert figure(house, 'assistant_workers{model="0123456789ab"}') == 2
    house.clock.advance(SILENT_AFTER.total_seconds() + 1)
    assert "assistant_workers{" not in scraped(house.databases, house.clock()).decode()


async def test_the_snapshot_of_the_newest_reply_is_told_with_its_age(house: House) -> None:
    house.say("hello")
    await drain(house)
    house.clock.advance(3600)
    assert figure(house, "assistant_knowledge_snapshot") == 1
    assert 3600 <= figure(house, "assistant_knowledge_snapshot_age_seconds") < 3601


async def test_a_turn_is_measured_by_stage(house: House) -> None:
    before = {stage: turns_with(house, stage) for stage in ("claim", "answer", "commit")}
    house.say("hello")
    await drain(house)
    assert {stage: turns_with(house, stage) - count for stage, count in before.items()} == dict.fromkeys(before, 1)


def turns_with(house: House, stage: str) -> float:
    try:
        return figure(house, f'assistant_turn_stage_seconds_count{{stage="{stage}"}}')
    except KeyError:
        return 0


async def test_a_database_that_only_reads_is_told_and_the_process_is_not_ready(house: House) -> None:
    only_reads(house.databases)
    assert figure(house, "assistant_database_writable") == 0
    answer = await readyz(house)
    assert (answer.status_code, answer.json()["database_writes"]) == (503, False)


def only_reads(databases: Databases) -> None:
    engine = databases.conversations
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text(f"ALTER DATABASE {engine.url.database} SET default_transaction_read_only = on"))
        engine.dispose()
    else:
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = on"))
        engine.dispose()


async def test_a_process_is_ready_when_a_worker_serves_and_nothing_waits_long(house: House) -> None:
    assert (await readyz(house)).status_code == 503
    with writing(house.databases.conversations) as session:
        report(session, "one", "model", house.clock(), house.clock())
    assert (await readyz(house)).status_code == 200


async def test_an_entry_that_waits_long_makes_the_process_unready(house: House) -> None:
    house.say("hello")
    house.clock.advance(40)
    with writing(house.databases.conversations) as session:
        report(session, "one", "model", house.clock(), house.clock())
    answer = await readyz(house)
    assert (answer.status_code, answer.json()) == (
        503,
        {"database_writes": True, "mailbox_moves": False, "model": True},
    )


def test_a_scrape_looks_at_indexes_and_never_through_a_whole_table(tmp_path: Path, clock: Clock) -> None:
    databases = fresh_sqlite(tmp_path)
    asked: list[tuple[str, Any]] = []
    event.listen(
        databases.conversations,
        "before_cursor_execute",
        lambda _, __, query, values, *___: asked.append((query, values)),
    )
    list(figures(databases, clock()))
    with databases.conversations.connect() as connection:
        plans = [
            (query, row.detail)
            for query, values in tuple(asked)
            if query.startswith("SELECT")
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)
        ]
    newest_first = "ORDER BY outbox.id DESC"  # stops at the first row
    scans = [plan for query, plan in plans if plan.startswith("SCAN") and newest_first not in query]
    assert len(plans) >= 8
    assert scans == ["SCAN workers"]
    databases.dispose()
