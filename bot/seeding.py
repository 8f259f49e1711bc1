"""Sample rows: the same on every machine, loaded once, wholly or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Table, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.databases import Progress, reading, writing

T = TypeVar("T")
Rows = dict[Table, list[dict[str, Any]]]
"""In the order of loading: a table comes after those it refers to."""

CHUNK = 5_000
MASK = 2**64 - 1


class Dice:
    """splitmix64; `random` keeps its choices only within a Python version."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, sides: int) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & MASK
        mixed = ((self._state ^ (self._state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        return (mixed ^ (mixed >> 31)) % sides

    def pick(self, things: Sequence[T]) -> T:
        return things[self.below(len(things))]

    def some(self, things: Sequence[T], most: int) -> list[T]:
        """Between one and `most` neighbours, each once."""
        start, count = self.below(len(things)), 1 + self.below(most)
        return [things[(start + step) % len(things)] for step in range(min(count, len(things)))]


def load_once(
    engine: Engine,
    seeds: Table,
    version: int,
    make: Callable[[], Rows],
    forget: Callable[[Session], None],
    progress: Progress,
    name: str,
) -> bool:
    """True if rows were loaded. Rows of another version are forgotten in the same transaction."""
    with reading(engine) as session:
        if _loaded_version(session, seeds) == version:
            return False
    rows = make()
    with writing(engine) as session:
        if _loaded_version(session, seeds) == version:  # another process was faster
            return False
        forget(session)
        _insert(session, rows, progress, name)
        session.execute(seeds.delete().where(seeds.c.name == "samples"))
        session.execute(seeds.insert(), {"name": "samples", "version": version})
        session.execute(text("ANALYZE"))  # so that queries start from the rarest condition
    return True


def _loaded_version(session: Session, seeds: Table) -> int | None:
    version: int | None = session.execute(select(seeds.c.version).where(seeds.c.name == "samples")).scalar()
    return version


def _insert(session: Session, rows: Mapping[Table, list[dict[str, Any]]], progress: Progress, name: str) -> None:
    done, total = 0, sum(len(part) for part in rows.values())
    for table, part in rows.items():
        for start in range(0, len(part), CHUNK):
            chunk = part[start : start + CHUNK]
            session.execute(table.insert(), chunk)
            done += len(chunk)
            progress(done, total, f"{name}.samples")
