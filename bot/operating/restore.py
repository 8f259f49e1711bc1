"""The databases as they were at a backup, less what must not happen a second time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError

from bot.conversations.roster import SILENT_AFTER
from bot.conversations.tables import lanes, workers
from bot.databases import DatabaseIsNewerError, Databases, current_migration, newest_migration, open_engine
from bot.migrations.run import run_migrations
from bot.operating import manifest, postgresql
from bot.operating.backup import count_rows, keep
from bot.operating.manifest import Database, Manifest
from bot.operating.portable import carry_over, make_tables
from bot.operating.settle import Settled, settle
from bot.operating.words import CannotDo


def restore(databases: Databases, folder: Path, now: datetime, *, replace: bool = False) -> tuple[Manifest, Settled]:
    """Changes nothing unless the backup is sound, the assistant is down and the databases may be written over."""
    found = manifest.read(folder)
    for name, engine in vars(databases).items():
        _refuse_mismatch(name, engine, found.databases[name])
        _refuse_what_is_there(name, engine, now, replace)
    settled = Settled()
    for name, engine in vars(databases).items():
        bring_back = _into_sqlite if engine.dialect.name == "sqlite" else _into_postgresql
        bring_back(name, engine, folder, found.databases[name], now, settled)
    return found, settled


def _refuse_mismatch(name: str, engine: Engine, copy: Database) -> None:
    known = newest_migration(name) or ""
    if copy.migration > known:
        raise DatabaseIsNewerError(name, copy.migration, known)
    if copy.kind == "postgresql" and engine.dialect.name == "sqlite":
        raise CannotDo("needs_postgresql", database=name)


def _refuse_what_is_there(name: str, engine: Engine, now: datetime, replace: bool) -> None:
    try:
        with engine.connect() as connection:
            if name == "conversations" and inspect(connection).has_table("workers"):
                refuse_running(connection, now)
            full = any(rows for table, rows in count_rows(connection).items() if table != "alembic_version")
    except DatabaseError:
        if engine.dialect.name != "sqlite":
            raise
        full = True  # a damaged file: nobody serves from it, and only --replace throws it away
    if full and not replace:
        raise CannotDo("not_empty", database=name)


def refuse_running(connection: Connection, now: datetime) -> None:
    heard = select(workers.c.name).where(workers.c.seen_at > now - SILENT_AFTER)
    leased = select(lanes.c.lease_holder).where(lanes.c.lease_until > now)
    for holder in connection.execute(heard.union(leased)).scalars():
        raise CannotDo("running", what=holder)


def _into_sqlite(name: str, engine: Engine, folder: Path, copy: Database, now: datetime, settled: Settled) -> None:
    """Settled and brought up to date beside the old file, then put in its place at once."""
    target = Path(str(engine.url.database))
    with _own_copy(name, folder / copy.file, target.parent) as beside:
        with beside.execution_options(writes=True).connect() as connection, connection.begin():
            settle(name, connection, now, settled)
        _bring_up_to_date(name, beside)
        beside.dispose()
        engine.dispose()
        for rest in ("-wal", "-shm"):  # of the old file; beside the new one they would damage it
            Path(f"{target}{rest}").unlink(missing_ok=True)
        Path(str(beside.url.database)).replace(target)
        keep(target.parent)


def _into_postgresql(name: str, engine: Engine, folder: Path, copy: Database, now: datetime, settled: Settled) -> None:
    """In one transaction: when anything fails, what was there before is still there."""
    with engine.connect() as connection, connection.begin():
        postgresql.take_time(connection)
        postgresql.throw_away(connection)
        wanted = _read_into(name, connection, folder, copy)
        _refuse_missing(name, wanted, count_rows(connection))
        settle(name, connection, now, settled)
    _bring_up_to_date(name, engine)


def _read_into(name: str, connection: Connection, folder: Path, copy: Database) -> Mapping[str, int]:
    if copy.kind == "postgresql":
        postgresql.read_back(connection, folder / copy.file)
        return copy.rows
    with tempfile.TemporaryDirectory() as workshop, _own_copy(name, folder / copy.file, Path(workshop)) as opened:
        _bring_up_to_date(name, opened)
        make_tables(name, connection)
        with opened.connect() as source:
            carry_over(name, source, connection)
            return count_rows(source)


@contextmanager
def _own_copy(name: str, backup: Path, folder: Path) -> Iterator[Engine]:
    """The backup itself stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.restoring"
    for rest in ("", "-wal", "-shm"):
        Path(f"{path}{rest}").unlink(missing_ok=True)
    path.touch(mode=0o600)
    shutil.copyfile(backup, path)
    engine = open_engine(f"sqlite:///{path}", durable=True)
    try:
        yield engine
    finally:
        engine.dispose()


def _bring_up_to_date(name: str, engine: Engine) -> None:
    if current_migration(engine) != newest_migration(name):
        run_migrations(engine, name, lambda *_: None)


def _refuse_missing(name: str, wanted: Mapping[str, int], found: Mapping[str, int]) -> None:
    for table, rows in wanted.items():
        if found.get(table) != rows:
            raise CannotDo("rows_missing", database=name, table=table, found=found.get(table), wanted=rows)
