"""What a backup holds, when one is made and when it is refused."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.conversations.tables import events, mailbox, outbox
from bot.credit.access import grant
from bot.credit.tables import companies, indicators
from bot.databases import Databases, reading, writing
from bot.operating import postgresql
from bot.operating.backup import back_up
from bot.operating.restore import restore
from bot.operating.words import CannotDo
from tests.houses import House
from tests.operating.conftest import Empty


async def drain(house: House) -> None:
    worker = house.worker()
    while await worker.serve_one():
        pass


@contextmanager
def conversations_going_on(house: House) -> Iterator[list[str]]:
    """The ids of the messages accepted so far, from a stream that does not stop while the block runs."""
    accepted: list[str] = []
    stop = threading.Event()

    def talk() -> None:
        while not stop.is_set():
            message = f"message-{len(accepted)}"
            house.say(message, sender=f"phone-{len(accepted) % 5}", external_id=message)
            accepted.append(message)
            asyncio.run(house.worker().serve_one())

    talking = threading.Thread(target=talk)
    talking.start()
    try:
        yield accepted
    finally:
        stop.set()
        talking.join()


def wait_for(accepted: list[str], more: int) -> None:
    wanted = len(accepted) + more
    while len(accepted) < wanted:
        threading.Event().wait(0.01)


def test_what_was_accepted_before_a_backup_under_load_is_there_after_everything_was_destroyed(
    house: House, new_machine: Databases, tmp_path: Path
) -> None:
    with conversations_going_on(house) as accepted:
        wait_for(accepted, 20)
        before = list(accepted)
        back_up(house.databases, tmp_path / "backup", house.clock())
        wait_for(accepted, 5)
    restore(new_machine, tmp_path / "backup", house.clock())
    restored = House(new_machine, house.clock)
    assert set(before) <= {entry.external_id for entry in restored.rows(mailbox)}
    answered = {entry.id for entry in restored.rows(mailbox) if entry.state == "done"}
    assert len(answered) >= 19
    assert (
        answered
        == {event.entry_id for event in restored.rows(events)}
        == {each.entry_id for each in restored.rows(outbox)}
    )


async def test_a_restored_assistant_goes_on_answering(house: House, new_machine: Databases, tmp_path: Path) -> None:
    house.say("before")
    await drain(house)
    back_up(house.databases, tmp_path / "backup", house.clock())
    restore(new_machine, tmp_path / "backup", house.clock())
    restored = House(new_machine, house.clock)
    restored.say("after")
    await drain(restored)
    assert [reply.payload["text"] for reply in restored.rows(outbox)] == ["before!", "after!"]


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
async def test_a_portable_backup_goes_into_either_kind_of_database(
    house: House, empty: Empty, tmp_path: Path, to: str
) -> None:
    a_company(house)
    house.say("你好，world", sender="ada")
    await drain(house)
    back_up(house.databases, tmp_path / "backup", house.clock(), portable=True)
    there = empty(to)
    restore(there, tmp_path / "backup", house.clock())
    restored = House(there, house.clock)
    assert [event.data for event in restored.rows(events)] == [event.data for event in house.rows(events)]
    assert [entry.accepted_at for entry in restored.rows(mailbox)] == [
        entry.accepted_at for entry in house.rows(mailbox)
    ]
    with reading(there.credit) as session:
        assert session.execute(select(indicators.c.value)).scalar_one() == Decimal("1234567.89")
    restored.say("after", sender="ada")
    await drain(restored)
    assert len(restored.rows(outbox)) == 2


def a_company(house: House) -> None:
    with writing(house.databases.credit) as session:
        session.execute(insert(companies).values(uscc="X", name_zh="甲", name_en="A", sample=True))
        session.execute(
            insert(indicators).values(
                uscc="X", indicator="revenue_cny", value=Decimal("1234567.89"), as_of=date(2026, 1, 1)
            )
        )
        grant(
            session, uscc="X", identity="web:ada", role="enterprise", purpose="own", now=house.clock(),
            expires_at=house.clock() + timedelta(days=1),
        )  # fmt: skip


def test_the_manifest_says_what_is_in_it(house: House, tmp_path: Path) -> None:
    house.say("hello")
    back_up(house.databases, tmp_path / "backup", house.clock())
    manifest = json.loads((tmp_path / "backup" / "manifest.json").read_text())
    assert manifest["made_at"].startswith("2026-11-22T10:00:00")
    copy = manifest["databases"]["conversations"]
    assert (copy["rows"]["mailbox"], len(copy["sha256"])) == (1, 64)
    assert copy["migration"].isdigit()
    assert (tmp_path / "backup" / copy["file"]).stat().st_size == copy["bytes"]


def test_the_secret_is_kept_only_when_it_is_asked_for(house: House, tmp_path: Path) -> None:
    back_up(house.databases, tmp_path / "without", house.clock())
    back_up(house.databases, tmp_path / "with", house.clock(), secret="s3cret")
    assert not (tmp_path / "without" / "secret").exists()
    assert (tmp_path / "with" / "secret").read_text() == "s3cret"


def test_nobody_but_its_owner_reads_a_backup(house: House, tmp_path: Path) -> None:
    back_up(house.databases, tmp_path / "backup", house.clock(), secret="s3cret")
    modes = {
        path.name: oct(path.stat().st_mode & 0o777) for path in [tmp_path / "backup", *(tmp_path / "backup").iterdir()]
    }
    assert modes.pop("backup") == "0o700"
    assert set(modes.values()) == {"0o600"}
    assert len(modes) == 5


def test_a_folder_that_is_there_is_left_alone(house: House, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    with pytest.raises(CannotDo, match="exists already"):
        back_up(house.databases, tmp_path / "backup", house.clock())
    assert list((tmp_path / "backup").iterdir()) == []


def test_a_backup_that_fails_leaves_nothing_that_looks_like_one(house: House, empty: Empty, tmp_path: Path) -> None:
    unmigrated = empty(house.databases.conversations.dialect.name)
    mixed = Databases(house.databases.conversations, house.databases.services, unmigrated.credit)
    with pytest.raises(Exception, match="alembic_version"):
        back_up(mixed, tmp_path / "backup", house.clock())
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == []


def test_a_damaged_database_is_noticed_when_it_is_backed_up(tmp_path: Path) -> None:
    from bot.operating.backup import _sqlite

    path = tmp_path / "damaged.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("CREATE TABLE rows (text TEXT)")
        connection.executemany("INSERT INTO rows VALUES (?)", [("x" * 1000,)] * 50)
    connection.close()
    with path.open("r+b") as file:
        file.seek(4096 * 5)
        file.write(os.urandom(4096))
    with pytest.raises(CannotDo, match="damaged"):
        _sqlite("conversations", path)


def test_the_password_of_a_database_is_on_no_command_line(house: House, tmp_path: Path) -> None:
    engine = house.databases.conversations
    if engine.dialect.name != "postgresql":
        assert engine.url.password is None
        return
    seen = tmp_path / "command"
    tool = tmp_path / "pg_dump"
    tool.write_text(f'#!/bin/sh\necho "$@" > "{seen}"; echo "$PGDATABASE" >> "{seen}"\n')
    tool.chmod(0o755)
    with postgresql.one_moment(engine) as connection:
        postgresql.dump(tool, connection, tmp_path / "dump.gz")
    command, database = seen.read_text().splitlines()
    assert database == engine.url.database
    assert "host" not in command
    assert gzip.decompress((tmp_path / "dump.gz").read_bytes()) == b""


def test_a_pg_dump_older_than_the_server_is_passed_over(
    postgresql_templates: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.servers import fresh_postgresql

    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    databases = fresh_postgresql(postgresql_templates)
    with postgresql.one_moment(databases.conversations) as connection:
        assert postgresql.pg_dump_for(connection) not in (None, old)
    databases.dispose()
