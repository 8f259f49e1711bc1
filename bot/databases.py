"""The three databases: how they are opened, read, written and brought up to date. SQLite files or PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import event, inspect, text
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.future import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from bot.logs import ForOperators

Progress = Callable[[int, int, str], None]
"""progress(done, total, what): `what` is a code such as "credit.companies", never a sentence."""

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 10_000
POOL_TIMEOUT = 5  # seconds until a caller is told that all connections are in use
POSTGRESQL = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    # A process that froze in the middle of a transaction must not hold its lanes for longer than a lease, and nobody waits for
    # a lock for ever.
    "options": "-c idle_in_transaction_session_timeout=6s -c lock_timeout=10s",
}


@dataclass(frozen=True)
class Databases:
    conversations: Engine
    services: Engine
    credit: Engine

    def dispose(self) -> None:
        for engine in vars(self).values():
            engine.dispose()


class DatabaseIsNewerError(ForOperators):
    """The database was migrated by a later release than the one that now opens it."""

    def __init__(self, database: str, found: str, known: str) -> None:
        super().__init__(f"{database}: database is at migration {found}, this release knows up to {known}")
        self.database, self.found, self.known = database, found, known


def connect(urls: Mapping[str, str]) -> Databases:
    """`urls`: database name -> SQLAlchemy URL, for the three names of `Databases`."""
    return Databases(
        conversations=open_engine(urls["conversations"], durable=True),
        services=open_engine(urls["services"], durable=False),
        credit=open_engine(urls["credit"], durable=True),
    )


def open_engine(address: str, *, durable: bool) -> Engine:
    """`durable`: on SQLite a commit reaches the disk before it returns; the services database can be loaded anew."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url, durable=durable)
    ours = {name: value for name, value in POSTGRESQL.items() if name not in url.query}
    # Parameters are hidden: an error does not quote what people said.
    return create_engine(url, pool_pre_ping=True, pool_timeout=POOL_TIMEOUT, connect_args=ours, hide_parameters=True)


def _open_sqlite(url: URL, *, durable: bool) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, poolclass=QueuePool, pool_timeout=POOL_TIMEOUT, connect_args={"check_same_thread": False}, hide_parameters=True
    )

    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # pysqlite begins late and commits before DDL; `_begin` does it instead
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'NORMAL'}",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", _begin)
    return engine.execution_options(turns=Lock())


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads, then writes, fails at once if another wrote in between: writers wait at BEGIN.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Nothing done in it is kept."""
    with Session(engine, future=True) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction: committed at the end of the block, or not at all."""
    writer = engine.execution_options(writes=True)
    with _taking_turns(engine), Session(writer, future=True, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def _taking_turns(engine: Engine) -> Iterator[None]:
    """SQLite has one writer, and who waits for it there sleeps and looks again; the threads of a process wake each other."""
    turns: Lock | None = engine.get_execution_options().get("turns")
    held = turns is not None and turns.acquire(timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        yield
    finally:
        if turns is not None and held:
            turns.release()


def upgrade(databases: Databases, progress: Progress) -> None:
    """Run the migrations that are missing. Each database changes in one transaction."""
    for name, engine in vars(databases).items():
        head = newest_migration(name)
        current = current_migration(engine)
        if current == head or head is None:
            continue
        if current is not None and current > head:
            raise DatabaseIsNewerError(name, current, head)
        from bot.migrations.run import run_migrations  # Alembic is loaded only when there is something to do

        run_migrations(engine, name, progress)


def newest_migration(name: str) -> str | None:
    """Migrations are numbered files, `0001_listings.py`; the number is the revision."""
    return max((path.name[:4] for path in (MIGRATIONS / name).glob("[0-9]*_*.py")), default=None)


def current_migration(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found
