from __future__ import annotations

from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from bot.databases import MIGRATIONS, Progress

UPGRADE_LOCK = 2101  # any number: PostgreSQL's advisory lock that lets one process upgrade at a time


def run_migrations(engine: Engine, name: str, progress: Progress) -> None:
    with engine.execution_options(writes=True).connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            for limit in ("lock_timeout", "idle_in_transaction_session_timeout"):  # a migration takes its time
                connection.execute(text(f"SET LOCAL {limit} = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": UPGRADE_LOCK})
        command.upgrade(migrations_of(name, connection, progress), "head")


def migrations_of(name: str, connection: Connection, progress: Progress) -> Config:
    total = len(list((MIGRATIONS / name).glob("[0-9]*_*.py")))

    def applied(*, step: Any, **_: object) -> None:
        progress(int(step.up_revision_id), total, f"{name}.migrations")

    config = Config(attributes={"connection": connection, "applied": applied})
    config.set_main_option("script_location", _escaped(MIGRATIONS))
    config.set_main_option("version_locations", _escaped(MIGRATIONS / name))
    config.set_main_option("path_separator", "newline")  # a folder's name may hold spaces and colons
    return config


def _escaped(path: object) -> str:
    return str(path).replace("%", "%%")
