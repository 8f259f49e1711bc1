"""PostgreSQL's own dump: written by pg_dump, read back in one transaction, so that it happens wholly or not at all."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection, Engine

DEBIAN = Path("/usr/lib/postgresql")
ADDRESS = ("host", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey")
VARIABLES = {"dbname": "PGDATABASE"}
COPY = re.compile(rb"COPY .* FROM stdin;\n")


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """The database as it is now, however long one looks at it."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        take_time(connection)
        yield connection


def take_time(connection: Connection) -> None:
    for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET LOCAL {limit} = 0"))


def pg_dump_for(connection: Connection) -> Path | None:
    """A pg_dump at least as new as the server: an older one refuses."""
    server: int = connection.connection.server_version // 10_000
    return next((tool for tool in _found() if _version(tool) >= server), None)


def _found() -> Iterator[Path]:
    on_path = shutil.which("pg_dump")
    if on_path:
        yield Path(on_path)
    yield from sorted(DEBIAN.glob("*/bin/pg_dump"), reverse=True)
    wheel = find_spec("pgserver")
    if wheel is not None and wheel.origin is not None:
        bundled = Path(wheel.origin).parent / "pginstall" / "bin" / "pg_dump"
        if os.access(bundled, os.X_OK):
            yield bundled


def _version(tool: Path) -> int:
    told = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    number = re.search(r"\d+", told)
    return int(number[0]) if number else 0


def dump(tool: Path, connection: Connection, path: Path) -> None:
    """What `connection`, one of `one_moment`, sees."""
    snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
    command = [str(tool), "--format=plain", "--no-owner", "--encoding=UTF8", f"--snapshot={snapshot}"]
    environment = {**os.environ, **_address(connection)}
    with gzip.open(path, "wb", compresslevel=6) as file:
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as dumping:  # noqa: S603
            assert dumping.stdout is not None
            shutil.copyfileobj(dumping.stdout, file, 1 << 20)
        if dumping.returncode != 0:
            raise subprocess.CalledProcessError(dumping.returncode, "pg_dump")


def _address(connection: Connection) -> dict[str, str]:
    """By libpq's environment variables: what stands on a command line everybody on the machine can read."""
    driver: Any = connection.connection.dbapi_connection
    opened = driver.info
    values = {name: opened.dsn_parameters.get(name) for name in ADDRESS} | {"password": opened.password}
    return {VARIABLES.get(name, f"PG{name.upper()}"): value for name, value in values.items() if value}


def read_back(connection: Connection, path: Path) -> None:
    """Runs a plain dump: statements, and between them the rows of COPY. Settings of the dump's session are left aside."""
    cursor = connection.connection.cursor()
    statement = b""
    with gzip.open(path, "rb") as lines:
        for line in lines:
            if not statement and (
                line == b"\n" or line.startswith((b"--", b"\\", b"SET ", b"SELECT pg_catalog.set_config"))
            ):
                continue
            statement += line
            if COPY.fullmatch(statement):
                cursor.copy_expert(statement.decode(), _Rows(lines))
            elif not line.endswith(b";\n") or statement.count(b"'") % 2:
                continue
            else:
                cursor.execute(statement.decode())
            statement = b""


class _Rows:
    """What stands between a COPY and its `\\.`, read as psycopg2 asks for it."""

    def __init__(self, lines: IO[bytes] | gzip.GzipFile) -> None:
        self._lines, self._ended = lines, False

    def read(self, size: int = -1) -> bytes:
        found = BytesIO()
        while not self._ended and (size < 0 or found.tell() < size):
            line = self._lines.readline()
            self._ended = line in (b"\\.\n", b"")
            if not self._ended:
                found.write(line)
        return found.getvalue()


def throw_away(connection: Connection) -> None:
    """Every table and view of the assistant's schema."""
    found: Any = inspect(connection)
    for view in found.get_view_names():
        connection.execute(text(f'DROP VIEW IF EXISTS "{view}" CASCADE'))
    for table in found.get_table_names():
        connection.execute(text(f'DROP TABLE IF EXISTS "{table}" CASCADE'))
