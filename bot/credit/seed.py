from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.credit.sample_rows import sample_rows
from bot.credit.tables import companies, seeds
from bot.databases import Progress
from bot.seeding import load_once

SAMPLE_VERSION = 1  # raise it when sample.yml or sample_rows.py changes: the old sample rows give way to the new ones


def load_samples(engine: Engine, parks: Sequence[str], progress: Progress) -> bool:
    """`parks`: ids. True if rows were loaded; False if they are there already."""
    return load_once(engine, seeds, SAMPLE_VERSION, lambda: sample_rows(parks), _forget_samples, progress, "credit")


def _forget_samples(session: Session) -> None:
    session.execute(companies.delete().where(companies.c.sample))  # reports and indicators go with them
