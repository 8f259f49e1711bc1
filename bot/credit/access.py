"""Who may look at a company's record. Every look is logged, those that are refused too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from bot.credit import tables as t


@dataclass(frozen=True)
class Report:
    number: str
    grade: str
    issued: date
    valid_until: date
    issuer_zh: str
    issuer_en: str


@dataclass(frozen=True)
class Flags:
    dishonest: bool | None
    abnormal: bool | None
    flags_as_of: date | None


@dataclass(frozen=True)
class Indicator:
    value: Decimal
    as_of: date


@dataclass(frozen=True)
class Company:
    role: str  # of the one who looks
    uscc: str
    name_zh: str
    name_en: str
    park: str | None
    stage: str | None
    stage_method: str | None
    stage_as_of: date | None
    sample: bool


def grant(
    session: Session,
    *,
    uscc: str,
    identity: str,
    role: str,
    purpose: str,
    now: datetime,
    expires_at: datetime,
    consent: str | None = None,
) -> int:
    """`consent`: what it rests on; needed by every role but the company itself (`enterprise`)."""
    values = {"uscc": uscc, "identity": identity, "role": role, "purpose": purpose, "consent": consent}
    made: Any = session.execute(t.grants.insert().values(**values, granted_at=now, expires_at=expires_at))
    return int(made.inserted_primary_key[0])


def revoke(session: Session, grant_id: int, now: datetime) -> None:
    of = t.grants.c
    session.execute(t.grants.update().where(of.id == grant_id, of.revoked_at.is_(None)).values(revoked_at=now))


def look(session: Session, *, uscc: str, identity: str, purpose: str, now: datetime) -> int | None:
    """The number under which the views show the record in this transaction; None if there is no live grant."""
    of = t.grants.c
    live = select(of.id).where(
        of.uscc == uscc,
        of.identity == identity,
        of.purpose == purpose,
        of.granted_at <= now,
        of.expires_at > now,
        of.revoked_at.is_(None),
    )
    grant_id = session.execute(live.order_by(of.expires_at.desc(), of.id).limit(1)).scalar()
    values = {"at": now, "identity": identity, "uscc": uscc, "purpose": purpose, "grant_id": grant_id}
    made: Any = session.execute(t.access_log.insert().values(**values))
    return int(made.inserted_primary_key[0]) if grant_id is not None else None


def company_in(session: Session, look: int) -> Company | None:
    return next((Company(**row) for row in _seen(session, t.visible_companies, look)), None)


def flags_in(session: Session, look: int) -> Flags | None:
    return next((Flags(**row) for row in _seen(session, t.visible_flags, look)), None)


def reports_in(session: Session, look: int) -> tuple[Report, ...]:
    """The latest first. Whether one is still valid is told on the day it is asked."""
    reports = [Report(**row) for row in _seen(session, t.visible_reports, look)]
    return tuple(sorted(reports, key=lambda report: (report.issued, report.number), reverse=True))


def indicators_in(session: Session, look: int) -> Mapping[str, Indicator]:
    rows = _seen(session, t.visible_indicators, look)
    return {row["indicator"]: Indicator(row["value"], row["as_of"]) for row in rows}


def _seen(session: Session, view: Table, look: int) -> Iterable[Mapping[str, Any]]:
    columns = [column for column in view.c if column.name != "look"]
    found: Iterable[Mapping[str, Any]] = session.execute(select(*columns).where(view.c.look == look)).mappings()
    return found
