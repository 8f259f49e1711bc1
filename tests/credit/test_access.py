from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.credit import tables as t
from bot.credit.access import company_in, flags_in, grant, indicators_in, look, reports_in, revoke
from bot.databases import Databases, reading, writing
from bot.settings import SHANGHAI

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
OWN, OTHER = "91000000MA0DEM001F", "91000000MA0DEM002J"
ADA = {"identity": "web::ada", "purpose": "own_record"}
VIEWS = (t.visible_companies, t.visible_flags, t.visible_reports, t.visible_indicators)


@pytest.fixture
def credit(databases: Databases) -> Databases:
    with writing(databases.credit) as session:
        for uscc, name in ((OWN, "Sample Biotech Co."), (OTHER, "Sample Software Co.")):
            company = {"uscc": uscc, "name_zh": "示例公司", "name_en": name, "park": "park.caohejing", "sample": True}
            stage = {"stage": "developing", "stage_method": "desk_review", "stage_as_of": date(2026, 10, 31)}
            session.execute(t.companies.insert(), {**company, **stage, "dishonest": False})
            issuer = {"issuer_zh": "示例信用评价机构", "issuer_en": "Sample Credit Evaluation Agency"}
            for year, grade in ((2025, "A"), (2026, "AA")):
                dates = {"issued": date(year, 6, 30), "valid_until": date(year + 1, 6, 30)}
                report = {"number": f"S-{year}-{uscc[-4:]}", "uscc": uscc, "grade": grade}
                session.execute(t.reports.insert(), {**report, **dates, **issuer})
            indicator = {"uscc": uscc, "indicator": "revenue_cny", "value": Decimal("12000000.55")}
            session.execute(t.indicators.insert(), {**indicator, "as_of": date(2026, 10, 31)})
    return databases


def allow(session: Session, **changed: Any) -> int:
    values = {"uscc": OWN, **ADA, "role": "enterprise", "now": NOW, "expires_at": NOW + HOUR}
    return grant(session, **{**values, **changed})


def seen(session: Session) -> int:
    return sum(len(session.execute(select(view)).all()) for view in VIEWS)


def test_without_a_grant_the_views_show_nothing(credit: Databases) -> None:
    with writing(credit.credit) as session:
        assert look(session, uscc=OWN, **ADA, now=NOW) is None
        assert seen(session) == 0


def test_a_grant_alone_shows_nothing_until_a_look_is_logged(credit: Databases) -> None:
    with writing(credit.credit) as session:
        allow(session)
        assert seen(session) == 0


def test_a_company_sees_its_record_under_a_live_grant(credit: Databases) -> None:
    with writing(credit.credit) as session:
        allow(session)
        number = look(session, uscc=OWN, **ADA, now=NOW)
        assert number is not None
        company, flags = company_in(session, number), flags_in(session, number)
        assert company is not None
        assert flags is not None
        assert (company.uscc, company.stage, company.role) == (OWN, "developing", "enterprise")
        assert (flags.dishonest, flags.abnormal) == (False, None)
        assert [report.grade for report in reports_in(session, number)] == ["AA", "A"]
        assert indicators_in(session, number)["revenue_cny"].value == Decimal("12000000.55")


def test_a_look_shows_no_other_company(credit: Databases) -> None:
    with writing(credit.credit) as session:
        allow(session)
        look(session, uscc=OWN, **ADA, now=NOW)
        assert look(session, uscc=OTHER, **ADA, now=NOW) is None
        assert {row.uscc for row in session.execute(select(t.visible_companies))} == {OWN}


@pytest.mark.parametrize("another", [{"identity": "web::bob"}, {"purpose": "loan"}])
def test_a_grant_is_for_one_identity_and_one_purpose(credit: Databases, another: dict[str, str]) -> None:
    with writing(credit.credit) as session:
        allow(session)
        assert look(session, uscc=OWN, **{**ADA, **another}, now=NOW) is None
        assert seen(session) == 0


@pytest.mark.parametrize("moment", [NOW - timedelta(seconds=1), NOW + HOUR, NOW + 2 * HOUR])
def test_a_grant_that_has_not_begun_or_has_ended_shows_nothing(credit: Databases, moment: datetime) -> None:
    with writing(credit.credit) as session:
        allow(session)
        assert look(session, uscc=OWN, **ADA, now=moment) is None
        assert seen(session) == 0


def test_to_the_last_second_of_a_grant_the_record_is_shown(credit: Databases) -> None:
    with writing(credit.credit) as session:
        allow(session)
        assert look(session, uscc=OWN, **ADA, now=NOW + HOUR - timedelta(seconds=1)) is not None


def test_what_is_revoked_is_no_longer_shown_not_even_for_looks_of_before(credit: Databases) -> None:
    with writing(credit.credit) as session:
        number = allow(session)
        look(session, uscc=OWN, **ADA, now=NOW)
        revoke(session, number, NOW)
        assert seen(session) == 0
        assert look(session, uscc=OWN, **ADA, now=NOW) is None


@pytest.mark.parametrize(
    "borrowed", [{"identity": "web::bob"}, {"purpose": "loan"}, {"uscc": OTHER}, {"at": NOW + HOUR}]
)
def test_a_look_that_does_not_fit_its_grant_shows_nothing(credit: Databases, borrowed: dict[str, Any]) -> None:
    with writing(credit.credit) as session:
        number = allow(session)
        forged = {"at": NOW, "uscc": OWN, **ADA, "grant_id": number, **borrowed}
        session.execute(t.access_log.insert(), forged)
        assert seen(session) == 0


def test_every_look_is_logged_refused_ones_too(credit: Databases) -> None:
    with writing(credit.credit) as session:
        number = allow(session)
        look(session, uscc=OWN, **ADA, now=NOW)
        look(session, uscc=OTHER, **ADA, now=NOW)
    with reading(credit.credit) as session:
        log = session.execute(select(t.access_log).order_by(t.access_log.c.id)).all()
    assert [(row.at, row.identity, row.uscc, row.grant_id) for row in log] == [
        (NOW, "web::ada", OWN, number),
        (NOW, "web::ada", OTHER, None),
    ]


@pytest.mark.parametrize("role", ["financial_institution", "government", "service_platform"])
def test_others_than_the_company_need_a_consent(credit: Databases, role: str) -> None:
    with pytest.raises(IntegrityError), writing(credit.credit) as session:
        allow(session, role=role)


def test_a_bank_with_consent_sees_the_reports(credit: Databases) -> None:
    with writing(credit.credit) as session:
        allow(session, role="financial_institution", consent="consent.1")
        number = look(session, uscc=OWN, **ADA, now=NOW)
        assert number is not None
        assert len(reports_in(session, number)) == 2


def test_a_service_platform_sees_stage_and_park_only(credit: Databases) -> None:
    with writing(credit.credit) as session:
        allow(session, role="service_platform", consent="consent.1")
        number = look(session, uscc=OWN, **ADA, now=NOW)
        assert number is not None
        company = company_in(session, number)
        assert company is not None
        assert (company.stage, company.park) == ("developing", "park.caohejing")
        assert (reports_in(session, number), indicators_in(session, number), flags_in(session, number)) == (
            (),
            {},
            None,
        )
