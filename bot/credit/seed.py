from __future__ import annotations

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.credit.sample_rows import sample_rows
from bot.credit.tables import companies, seeds
from bot.databases import Progress
from bot.seeding import load_once

SAMPLE_VERSION = 1  # raise it when sample.yml or sample_rows.py changes: the old sample rows give way to the new ones


def seed(engine: Engine, progress: Progress) -> bool:
    """True if rows were loaded; False if they are there already."""
    return load_once(engine, seeds, SAMPLE_VERSION, sample_rows, _forget_samples, progress, "credit")


def _forget_samples(session: Session) -> None:
    session.execute(companies.delete().where(companies.c.sample))  # reports and indicators go with them
