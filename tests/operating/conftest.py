from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from bot.databases import Databases, connect
from tests.servers import NAMES, address, execute

NUMBER = count()
Empty = Callable[[str], Databases]


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Empty]:
    """Makes three databases without a single table, of the kind asked for: a machine after the disaster."""
    made = []

    def make(kind: str) -> Databases:
        number = next(NUMBER)
        if kind == "sqlite":
            urls = {name: f"sqlite:///{tmp_path}/empty {number}/{name}.db" for name in NAMES}
        else:
            server = request.getfixturevalue("postgresql")
            for name in NAMES:
                execute(server, f"CREATE DATABASE empty_{name}_{number} TEMPLATE template0")
            urls = {name: address(server, f"empty_{name}_{number}") for name in NAMES}
        made.append(connect(urls))
        return made[-1]

    yield make
    for databases in made:
        databases.dispose()


@pytest.fixture
def new_machine(databases: Databases, empty: Empty) -> Databases:
    """Of the same kind as `databases`."""
    return empty(databases.conversations.dialect.name)
