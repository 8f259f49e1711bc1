from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from bot.databases import Databases, connect, reading, writing


def make_counter(databases: Databases) -> None:
    with writing(databases.credit) as session:
        session.execute(text("CREATE TABLE counters (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counters VALUES (1, 0)"))


def value(databases: Databases) -> int:
    with reading(databases.credit) as session:
        return int(session.execute(text("SELECT value FROM counters")).scalar_one())


def stop_half_way(databases: Databases) -> None:
    with writing(databases.credit) as session:
        session.execute(text("UPDATE counters SET value = 7"))
        session.execute(text("CREATE TABLE halves (id INTEGER)"))
        raise ZeroDivisionError


def test_a_failed_block_leaves_neither_rows_nor_tables(databases: Databases) -> None:
    make_counter(databases)
    with pytest.raises(ZeroDivisionError):
        stop_half_way(databases)
    assert value(databases) == 0
    assert not inspect(databases.credit).has_table("halves")


def test_what_is_done_while_reading_is_not_kept(databases: Databases) -> None:
    make_counter(databases)
    with reading(databases.credit) as session:
        session.execute(text("UPDATE counters SET value = 7"))
    assert value(databases) == 0


def test_a_reader_on_sqlite_sees_one_moment_while_others_write(tmp_path: Path) -> None:
    databases = connect({name: f"sqlite:///{tmp_path}/{name}.db" for name in ("conversations", "services", "credit")})
    make_counter(databases)
    with reading(databases.credit) as session:
        before = session.execute(text("SELECT value FROM counters")).scalar_one()
        with writing(databases.credit) as other:
            other.execute(text("UPDATE counters SET value = 7"))
        assert session.execute(text("SELECT value FROM counters")).scalar_one() == before
    assert value(databases) == 7
    databases.dispose()


def test_writers_on_sqlite_wait_for_each_other_and_lose_no_update(tmp_path: Path) -> None:
    databases = connect({name: f"sqlite:///{tmp_path}/{name}.db" for name in ("conversations", "services", "credit")})
    make_counter(databases)

    def count_one(_: int) -> None:
        with writing(databases.credit) as session:
            seen = session.execute(text("SELECT value FROM counters")).scalar_one()
            session.execute(text("UPDATE counters SET value = :value"), {"value": seen + 1})

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(count_one, range(80)))
    assert value(databases) == 80
    databases.dispose()


@pytest.mark.parametrize(("name", "level"), [("conversations", 2), ("services", 1), ("credit", 2)])
def test_sqlite_keeps_a_commit_through_a_power_cut_where_it_must(tmp_path: Path, name: str, level: int) -> None:
    databases = connect({name: f"sqlite:///{tmp_path}/{name}.db" for name in ("conversations", "services", "credit")})
    with reading(getattr(databases, name)) as session:
        assert session.execute(text("PRAGMA synchronous")).scalar() == level
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    databases.dispose()


def test_foreign_keys_hold(databases: Databases) -> None:
    look = text(
        "INSERT INTO access_log (at, identity, uscc, purpose, grant_id)"
        " VALUES ('2026-11-22 10:00:00', 'web::ada', '91000000MA0DEM001F', 'own_record', 12345)"
    )
    with pytest.raises(IntegrityError), writing(databases.credit) as session:
        session.execute(look)
