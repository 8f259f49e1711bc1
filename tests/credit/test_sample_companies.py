from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from stdnum.cn import uscc as standard

from bot.credit import tables as t
from bot.credit.sample_rows import sample_rows, sample_uscc
from bot.credit.seed import seed
from bot.databases import open_engine, reading
from bot.migrations.run import run_migrations
from bot.settings import ROOT

TODAY = date(2026, 11, 22)


def silent(done: int, total: int, what: str) -> None:
    pass


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('credit')}/credit.db", durable=True)
    run_migrations(engine, "credit", silent)
    seed(engine, silent)
    yield engine
    engine.dispose()


@pytest.fixture
def session(seeded: Engine) -> Iterator[Session]:
    with reading(seeded) as session:
        yield session


def test_there_are_fifty_thousand_companies_and_six_in_ten_have_a_report(session: Session) -> None:
    assert session.execute(select(func.count()).select_from(t.companies)).scalar_one() == 50_000
    reported = session.execute(select(func.count(t.reports.c.uscc.distinct()))).scalar_one()
    assert 29_000 < reported < 31_000


def test_every_code_is_valid_and_of_a_division_that_does_not_exist(session: Session) -> None:
    for code in session.execute(select(t.companies.c.uscc)).scalars():
        assert standard.validate(code) == code
        assert code[2:8] == "000000"


@pytest.mark.parametrize(
    ("number", "code"), [(1, "91000000MA0DEM001F"), (2, "91000000MA0DEM002J"), (7, "91000000MA0DEM0072")]
)
def test_the_first_codes_are_those_of_the_documents(number: int, code: str) -> None:
    assert sample_uscc(number) == code


def test_codes_kept_for_companies_that_are_not_found_belong_to_none(session: Session) -> None:
    kept = t.companies.c.uscc.like("91000000MA0DEM9%")
    assert session.execute(select(func.count()).select_from(t.companies).where(kept)).scalar_one() == 0


def test_every_company_says_that_it_is_a_sample(session: Session) -> None:
    for row in session.execute(select(t.companies.c.name_zh, t.companies.c.name_en, t.companies.c.sample)):
        assert row.sample
        assert row.name_zh.startswith("示例")
        assert row.name_en.startswith("Sample ")


def test_some_reports_are_valid_today_and_some_have_expired(session: Session) -> None:
    until = session.execute(select(t.reports.c.valid_until)).scalars().all()
    valid = sum(day >= TODAY for day in until)
    assert 0.3 < valid / len(until) < 0.7


def test_no_report_was_issued_after_today(session: Session) -> None:
    assert session.execute(select(func.max(t.reports.c.issued))).scalar_one() <= TODAY


def test_the_stage_of_some_companies_is_not_known_and_of_the_others_dated(session: Session) -> None:
    unknown = session.execute(select(t.companies).where(t.companies.c.stage.is_(None))).all()
    assert 1_000 < len(unknown) < 5_000
    assert all(row.stage_method is None and row.stage_as_of is None for row in unknown)
    undated = t.companies.c.stage.is_not(None) & t.companies.c.stage_as_of.is_(None)
    assert session.execute(select(func.count()).select_from(t.companies).where(undated)).scalar_one() == 0


def test_the_chosen_company_has_a_report_that_is_valid_for_half_a_year_more(session: Session) -> None:
    report = session.execute(select(t.reports).where(t.reports.c.uscc == sample_uscc(1))).one()
    assert (report.grade, report.issued, report.valid_until) == ("AA", date(2026, 6, 30), date(2027, 6, 30))


def test_companies_are_in_the_parks_of_the_zone(session: Session) -> None:
    parks = set(session.execute(select(t.companies.c.park)).scalars())
    assert parks == {f"park.{path.stem}" for path in (ROOT / "knowledge" / "content" / "park").glob("*.yml")}


def test_two_loads_make_the_same_rows() -> None:
    assert sample_rows() == sample_rows()


def test_a_second_load_does_nothing(seeded: Engine) -> None:
    assert not seed(seeded, silent)


def test_an_interrupted_load_leaves_no_company(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/credit.db", durable=True)
    run_migrations(engine, "credit", silent)

    def interrupt(done: int, total: int, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seed(engine, interrupt)
    with reading(engine) as session:
        assert session.execute(select(func.count()).select_from(t.companies)).scalar_one() == 0
    engine.dispose()
