"""A database's rows carried over to another kind of server, by way of a SQLite file: from a laptop to PostgreSQL, and home again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from alembic import command
from sqlalchemy import MetaData, column, func, insert, inspect, select, table, text
from sqlalchemy.engine import Connection, Engine

from bot.conversations.tables import metadata as conversations
from bot.credit.tables import metadata as credit
from bot.databases import current_migration, newest_migration, open_engine
from bot.migrations.run import migrations_of
from bot.operating.postgresql import one_moment
from bot.operating.words import CannotDo
from bot.services.tables import metadata as services

MODELS: dict[str, MetaData] = {"conversations": conversations, "services": services, "credit": credit}
CHUNK = 2_000


def vacuum_into(engine: Engine, path: Path) -> None:
    """SQLite's consistent copy of a database that others go on writing."""
    with closing(engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM INTO ?", (str(path),))


def write_sqlite(name: str, engine: Engine, path: Path) -> None:
    """A SQLite file with all rows that a PostgreSQL database has now."""
    found, known = current_migration(engine), newest_migration(name)
    if found != known:
        raise CannotDo("not_migrated", database=name, found=found, known=known)
    copy = open_engine(f"sqlite:///{path}", durable=False).execution_options(writes=True)
    with one_moment(engine) as source, copy.begin() as target:
        make_tables(name, target)
        carry_over(name, source, target)
    copy.dispose()


def make_tables(name: str, connection: Connection) -> None:
    """Those of this release, in the transaction of `connection`."""
    command.upgrade(migrations_of(name, connection, lambda *_: None), "head")


def carry_over(name: str, source: Connection, target: Connection) -> None:
    """Both databases are at this release's migration; `target` is empty."""
    source = source.execution_options(stream_results=True)
    for each in MODELS[name].sorted_tables:
        for chunk in source.execute(select(each)).mappings().partitions(CHUNK):
            target.execute(insert(each), [dict(row) for row in chunk])
    if target.dialect.name == "postgresql":
        _catch_up_sequences(target)


def _catch_up_sequences(connection: Connection) -> None:
    """Rows that came with their numbers do not move PostgreSQL's sequences."""
    for name, key, sequence in sequences(connection):
        largest = func.max(column(key))
        moved = select(func.setval(sequence, largest)).select_from(table(name)).having(largest.is_not(None))
        connection.execute(moved)


def sequences(connection: Connection) -> list[tuple[str, str, str]]:
    """(table, column, sequence) of every column that PostgreSQL numbers."""
    found = []
    for name in inspect(connection).get_table_names():
        for key in inspect(connection).get_pk_constraint(name)["constrained_columns"]:
            owned = connection.execute(
                text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": name, "column": key}
            ).scalar()
            if owned is not None:
                found.append((name, key, owned))
    return found
