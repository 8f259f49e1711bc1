"""Where faults strike: an embedded assistant on SQLite files, or gateways and workers on PostgreSQL and Redis."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy.engine import Engine, make_url

from bot.databases import connect, open_engine, upgrade
from tests.faults.processes import House
from tests.servers import NAMES, RedisServer, address, execute, free_port


@dataclass
class Postgresql:
    """A server of these tests alone, because they stop it, fill its disk and forbid it to write."""

    server: Any
    made: int = 0

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Postgresql]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pgserver
        with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
            Path(folder).chmod(0o755)  # the server's own user must reach it
            server = pgserver.get_server(folder, cleanup_mode="delete")
            try:
                # Its machine keeps running, and coming up after a crash would begin with an fsync of every file.
                execute(server.get_uri(), "ALTER SYSTEM SET fsync = off")
                execute(server.get_uri(), "SELECT pg_reload_conf()")
                yield cls(server)
            finally:
                cls(server).stop()
                server.cleanup()

    @property
    def url(self) -> str:
        return str(self.server.get_uri())

    def fresh(self) -> dict[str, str]:
        """The addresses of three migrated databases."""
        self.made += 1
        urls = {name: address(self.url, f"{name}_{self.made}") for name in NAMES}
        for url in urls.values():
            execute(self.url, f"CREATE DATABASE {make_url(url).database}")
        migrate(urls)
        return urls

    def stop(self) -> None:
        """As a crash does."""
        process = psutil.Process(self.server.get_pid())
        process.send_signal(signal.SIGQUIT)
        process.wait(10)

    def start(self) -> None:
        self.server.ensure_postgres_running()

    def forbid_writing(self, forbidden: bool) -> None:
        execute(self.url, f"ALTER SYSTEM SET default_transaction_read_only = {'on' if forbidden else 'off'}")
        execute(self.url, "SELECT pg_reload_conf()")

    def fill_disk(self) -> None:
        """No file may grow: PostgreSQL takes a limit of its files for a full disk, and cannot write its log either."""
        server = psutil.Process(self.server.get_pid())
        for process in (server, *server.children()):
            # Only its own user may limit it.
            command = ["prlimit", "--pid", str(process.pid), "--fsize=0:"]
            subprocess.run(command, user=self.server.system_user, check=False)

    def empty_disk(self) -> None:
        """Starts the server again, whether or not it is still there."""
        if psutil.pid_exists(self.server.get_pid()):
            self.stop()
        self.start()


def migrate(urls: dict[str, str]) -> None:
    databases = connect(urls)
    upgrade(databases, lambda *_: None)
    databases.dispose()


@dataclass
class Disk:
    """A small file system that can be filled, where this machine allows one to be mounted."""

    folder: Path
    mounted: bool = False

    def mount(self, megabytes: int = 16) -> None:
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(self.folder)]
        self.mounted = os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0

    def unmount(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)

    def fill(self) -> None:
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError:
                return

    def empty(self) -> None:
        (self.folder / "filler").unlink()


@dataclass
class Site:
    database: str
    folder: Path
    house: House
    conversations: Engine
    disk: Disk
    postgresql: Postgresql | None = None
    redis: RedisServer | None = None
    held: list[Any] = field(default_factory=list)  # what a fault has to let go


@contextmanager
def embedded(
    folder: Path, forks: subprocess.Popen[str], thought: float | None = None, **settings: Any
) -> Iterator[Site]:
    disk = Disk(folder / "disk")
    disk.folder.mkdir()
    disk.mount()
    urls = {name: f"sqlite:///{disk.folder}/{name}.db" for name in NAMES}
    migrate(urls)
    house = House(folder, urls, "", forks)
    house.add("embedded", "one", thought=thought, **settings)
    yield from _open("SQLite", house, disk)


@contextmanager
def grown(
    folder: Path, forks: subprocess.Popen[str], postgresql: Postgresql, model: Path | None = None, **settings: Any
) -> Iterator[Site]:
    redis = RedisServer(folder, free_port())
    redis.start()
    house = House(folder, postgresql.fresh(), redis.url, forks)
    for number in (1, 2):
        house.add("gateway", f"gateway {number}", **settings)
        house.add("worker", f"worker {number}", model=model)
    try:
        yield from _open("PostgreSQL", house, Disk(folder), postgresql, redis)
    finally:
        redis.stop()


def _open(database: str, house: House, disk: Disk, *servers: Any) -> Iterator[Site]:
    engine = open_engine(house.urls["conversations"], durable=True)
    try:
        house.wait_until_up()
        yield Site(database, house.folder, house, engine, disk, *servers)
    finally:
        house.end()
        engine.dispose()
        time.sleep(0.1)
        disk.unmount()
