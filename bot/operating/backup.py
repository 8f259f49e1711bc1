"""A consistent copy of the databases while the assistant runs."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, inspect, select, table, text
from sqlalchemy.engine import Connection, Engine

from bot.databases import Databases
from bot.operating import manifest, postgresql
from bot.operating.manifest import Copied, Database, Manifest
from bot.operating.portable import vacuum_into, write_sqlite
from bot.operating.words import CannotDo


def back_up(
    databases: Databases, folder: Path, now: datetime, *, secret: str | None = None, portable: bool = False
) -> Manifest:
    """`folder` is there, whole, when this returns, and otherwise not at all. `secret`: kept too when it is given.

    The conversations come first: what they refer to was there before they did, so the later copies hold it.
    """
    if folder.exists():
        raise CannotDo("folder_in_use", folder=folder)
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    try:
        copies = {name: _copy(name, engine, unfinished, portable) for name, engine in vars(databases).items()}
        made = Manifest(now.isoformat(), copies, _secret(unfinished, secret))
        manifest.write(unfinished, made)
        keep(unfinished)
        unfinished.rename(folder)
        keep(folder.absolute().parent)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return made


def _copy(name: str, engine: Engine, folder: Path, portable: bool) -> Database:
    if engine.dialect.name == "sqlite":
        vacuum_into(engine, folder / f"{name}.sqlite")
        return _sqlite(name, folder / f"{name}.sqlite")
    with postgresql.one_moment(engine) as connection:
        tool = None if portable else postgresql.pg_dump_for(connection)
        if tool is not None:
            path = folder / f"{name}.sql.gz"
            postgresql.dump(tool, connection, path)
            migration = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            return _described(path, "postgresql", migration, count_rows(connection))
    write_sqlite(name, engine, folder / f"{name}.sqlite")
    return _sqlite(name, folder / f"{name}.sqlite")


def count_rows(connection: Connection) -> dict[str, int]:
    names = [name for name in inspect(connection).get_table_names() if not name.startswith("sqlite_")]
    return {name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}


def _sqlite(name: str, path: Path) -> Database:
    """The copy is looked through, so that damage is noticed while other backups are left."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as copy:
        (verdict,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise CannotDo("damaged_database", database=name, found=verdict)
        tables = copy.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        ).fetchall()
        rows = {each: copy.execute(f'SELECT count(*) FROM "{each}"').fetchone()[0] for (each,) in tables}  # noqa: S608
        (migration,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    return _described(path, "sqlite", migration, rows)


def _described(path: Path, kind: str, migration: str, rows: Mapping[str, int]) -> Database:
    found = manifest.copied(path)
    return Database(found.file, found.bytes, found.sha256, kind=kind, migration=migration, rows=rows)


def _secret(folder: Path, secret: str | None) -> Copied | None:
    if secret is None:
        return None
    path = folder / "secret"
    path.touch(mode=0o600)
    path.write_text(secret)
    return manifest.copied(path)


def keep(folder: Path) -> None:
    """A name in a folder outlives a power cut once the folder has reached the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
