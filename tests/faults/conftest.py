from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.faults.processes import zygote
from tests.faults.sites import Postgresql


@pytest.fixture(scope="session")
def forks() -> Iterator[subprocess.Popen[str]]:
    with zygote() as started:
        yield started


@pytest.fixture(scope="session")
def own_postgresql() -> Iterator[Postgresql]:
    with Postgresql.running() as server:
        yield server
