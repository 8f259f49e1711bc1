"""The numbers of the knowledge snapshots that answers were given from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from bot.conversations.tables import snapshots
from bot.databases import reading, writing

if TYPE_CHECKING:
    from knowledge.snapshot import Snapshot


def number_of(engine: Engine, snapshot: Snapshot, now: datetime) -> int:
    """The same content has the same number wherever it is used."""
    known = _known(engine, snapshot.id)
    if known is not None:
        return known
    try:
        with writing(engine) as session:
            session.execute(
                insert(snapshots).values(content_id=snapshot.id, entries=len(snapshot.entries), first_used_at=now)
            )
    except IntegrityError:  # another worker was first
        pass
    number = _known(engine, snapshot.id)
    assert number is not None
    return number


def _known(engine: Engine, content_id: str) -> int | None:
    with reading(engine) as session:
        return session.execute(
            select(snapshots.c.number).where(snapshots.c.content_id == content_id)
        ).scalar_one_or_none()
