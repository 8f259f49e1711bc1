from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.databases import Progress, reading, writing
from bot.seeding import load_once
from bot.services.sample_rows import sample_rows
from bot.services.sample_sheet import Park
from bot.services.tables import listings, locations, parks, seeds

SAMPLE_VERSION = 1  # raise it when sample.yml or sample_rows.py changes: the old sample rows give way to the new ones


def put_parks(engine: Engine, known: Sequence[Park]) -> bool:
    """The rows of `parks` are real and follow the knowledge entries. True if something changed."""
    with reading(engine) as session:
        if _parks(session) == set(known):
            return False
    with writing(engine) as session:
        present = {park.id for park in _parks(session)}
        for park in known:
            values = {"name_zh": park.zh, "name_en": park.en, "district": park.district}
            if park.id in present:
                session.execute(parks.update().where(parks.c.id == park.id).values(values))
            else:
                session.execute(parks.insert(), {"id": park.id, **values})
    return True


def _parks(session: Session) -> set[Park]:
    return {
        Park(*row) for row in session.execute(select(parks.c.id, parks.c.name_zh, parks.c.name_en, parks.c.district))
    }


def seed(engine: Engine, known: Sequence[Park], progress: Progress) -> bool:
    """True if rows were loaded; False if they are there already."""
    put_parks(engine, known)
    return load_once(engine, seeds, SAMPLE_VERSION, lambda: sample_rows(known), _forget_samples, progress, "services")


def _forget_samples(session: Session) -> None:
    session.execute(listings.delete().where(listings.c.sample))
    session.execute(locations.delete().where(locations.c.sample))
