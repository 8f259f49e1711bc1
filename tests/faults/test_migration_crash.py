"""A process that migrates is killed in the middle of it, while people talk: the database is as before, and the next try succeeds."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import inspect

from bot.databases import MIGRATIONS, current_migration
from bot.settings import ROOT
from tests.faults.faults import Fault
from tests.faults.sites import Postgresql, Site, embedded, grown
from tests.faults.test_faults import Record, endure

pytestmark = pytest.mark.xdist_group("faults")

STEP = """
import time
from alembic import op
from sqlalchemy import Column, Integer

revision, down_revision = "{revision}", "{before}"


def upgrade() -> None:
    op.add_column("mailbox", Column("first_new", Integer))
    op.execute("UPDATE mailbox SET first_new = 1")
    print("in the middle", flush=True)
    time.sleep({seconds})
    op.add_column("mailbox", Column("second_new", Integer))
"""
MIGRATE = """
import sys
from pathlib import Path
import bot.databases
import bot.migrations.run
bot.databases.MIGRATIONS = bot.migrations.run.MIGRATIONS = Path(sys.argv[1])
names = ("conversations", "services", "credit")
bot.databases.upgrade(bot.databases.connect(dict(zip(names, sys.argv[2:]))), lambda *_: None)
"""


def newer_release(folder: Path, before: str, seconds: float) -> Path:
    """The migrations with one more, which takes its time in the middle."""
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    revision = f"{int(before) + 1:04}"
    step = STEP.format(revision=revision, before=before, seconds=seconds)
    (folder / "conversations" / f"{revision}_newer.py").write_text(step)
    return folder


def migrate(site: Site, release: Path) -> subprocess.Popen[str]:
    urls = [site.house.urls[name] for name in ("conversations", "services", "credit")]
    return subprocess.Popen(
        [sys.executable, "-c", MIGRATE, str(release), *urls], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def columns(site: Site) -> set[str]:
    return {column["name"] for column in inspect(site.conversations).get_columns("mailbox")}


def crash(site: Site, dice: Random) -> None:
    before, known = current_migration(site.conversations), columns(site)
    assert before
    with migrate(site, newer_release(site.folder / f"crash {dice.random()}", before, seconds=60)) as migrating:
        assert migrating.stdout
        assert migrating.stdout.readline() == "in the middle\n"
        os.kill(migrating.pid, signal.SIGKILL)
    assert (current_migration(site.conversations), columns(site)) == (before, known)


CRASH = Fault("crash in the middle of a migration", crash, lasts=(0.0, 0.5))


@contextmanager
def on_sqlite(folder: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    with embedded(folder, request.getfixturevalue("forks")) as site:
        yield site


@contextmanager
def on_postgresql(folder: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    server: Postgresql = request.getfixturevalue("own_postgresql")
    with grown(folder, request.getfixturevalue("forks"), server) as site:
        yield site


Open = Callable[[Path, pytest.FixtureRequest], AbstractContextManager[Site]]


@pytest.mark.parametrize("opened", [on_sqlite, on_postgresql])
async def test_a_migration_that_crashed_has_changed_nothing_and_succeeds_the_next_time(
    opened: Open, tmp_path: Path, request: pytest.FixtureRequest, record_property: Record
) -> None:
    with opened(tmp_path, request) as site:
        await endure(site, CRASH, record_property)
        before: Any = current_migration(site.conversations)
        with migrate(site, newer_release(tmp_path / "newer", before, seconds=0)) as migrating:
            assert await asyncio.to_thread(migrating.wait) == 0
        assert columns(site) >= {"first_new", "second_new"}
