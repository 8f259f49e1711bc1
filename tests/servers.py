"""Real servers for tests, from wheels: a PostgreSQL per test process, databases copied from migrated templates."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.future import create_engine

from bot.databases import Databases, connect, upgrade

NAMES = ("conversations", "services", "credit")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a server's own database, for `fresh_postgresql`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pgserver
    # Started as root the server makes the parents of its folder readable, so they must not be private ones.
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        Path(folder).chmod(0o755)
        server = pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgresql_templates(postgresql: str) -> str:
    """Makes a migrated database of each kind, named template_<kind>."""
    for name in NAMES:
        execute(postgresql, f"CREATE DATABASE template_{name}")
    migrated = connect({name: address(postgresql, f"template_{name}") for name in NAMES})
    upgrade(migrated, lambda *_: None)
    migrated.dispose()
    return postgresql


NUMBER = count()


def fresh_postgresql(server: str) -> Databases:
    number = next(NUMBER)
    for name in NAMES:
        execute(server, f"CREATE DATABASE {name}_{number} TEMPLATE template_{name}")
    return connect({name: address(server, f"{name}_{number}") for name in NAMES})


def fresh_sqlite(folder: Path) -> Databases:
    databases = connect({name: f"sqlite:///{folder}/{name}.db" for name in NAMES})
    upgrade(databases, lambda *_: None)
    return databases


def address(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def execute(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Databases]:
    """Three empty migrated databases; every test that asks for them runs on both kinds of server."""
    make: dict[str, Callable[[], Databases]] = {
        "sqlite": lambda: fresh_sqlite(tmp_path),
        "postgresql": lambda: fresh_postgresql(request.getfixturevalue("postgresql_templates")),
    }
    opened = make[request.param]()
    yield opened
    opened.dispose()
