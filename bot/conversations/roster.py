"""Which workers serve, and with which model."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.conversations.tables import workers

SILENT_AFTER = timedelta(seconds=15)


def report(session: Session, name: str, model: str, started_at: datetime, now: datetime) -> None:
    sign_off(session, name)
    session.execute(insert(workers).values(name=name, model=model, started_at=started_at, seen_at=now))


def sign_off(session: Session, name: str) -> None:
    session.execute(delete(workers).where(workers.c.name == name))


def models_held(session: Session, now: datetime) -> set[str]:
    """Of the workers heard of lately."""
    return set(session.execute(select(workers.c.model).where(workers.c.seen_at > now - SILENT_AFTER)).scalars())
