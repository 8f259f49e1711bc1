from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.databases import reading, writing
from bot.services import rows as r
from bot.services import tables as t
from bot.services.parks import park_details
from bot.services.queries import (
    find_carriers,
    find_institutes,
    find_investors,
    find_needs,
    find_services,
    find_training,
    listing,
    listing_names,
)

TODAY = date(2026, 11, 22)
ALL: Any = {"language": "en", "limit": 10_000}


def test_a_service_is_found_by_category_function_and_offer(session: Session) -> None:
    wanted = r.ServiceFilter("financial", "investment_management", "fund_combinations")
    found = find_services(session, wanted, **ALL).rows
    assert {row.name for row in found} == {"Equity financing advice (sample)"}
    assert {(row.category, row.platform_function, row.platform_offer) for row in found} == {
        ("financial", "investment_management", "fund_combinations")
    }


def test_services_of_a_stage_are_for_that_stage(session: Session) -> None:
    found = find_services(session, r.ServiceFilter(stage="maturing"), **ALL)
    assert 0 < found.total < find_services(session, r.ServiceFilter(), **ALL).total
    assert all("maturing" in row.stages for row in found.rows)


def test_in_a_park_a_service_shows_its_desk_there_first(session: Session) -> None:
    found = find_services(session, r.ServiceFilter(park="park.yangpu"), **ALL).rows
    assert {row.places[0].park for row in found} == {"park.yangpu"}
    assert any(len(row.places) == 2 for row in found)


def test_a_service_names_its_organisation_its_desk_and_its_hours(session: Session) -> None:
    row = find_services(session, r.ServiceFilter(organization="org.demo-0001"), "zh").rows[0]
    assert row.organization_name == "示例金融服务机构0001"
    assert row.phone is not None
    assert row.places[0].desk is not None
    assert row.places[0].desk.endswith("号窗口")
    assert row.places[0].hours


@pytest.mark.parametrize("text", ["专利撰写", "patent DRAFTING", "Drafting  patent", "专利 撰写"])
def test_words_are_found_in_the_name_of_a_service_in_any_case_and_order(session: Session, text: str) -> None:
    found = find_services(session, r.ServiceFilter(text=text), **ALL).rows
    assert {row.name for row in found} == {"Patent drafting (sample)"}


@pytest.mark.parametrize("text", ["专利代理机构0004", "Patent Agency 0004"])
def test_words_are_found_in_the_name_of_the_organisation(session: Session, text: str) -> None:
    found = find_services(session, r.ServiceFilter(text=text), **ALL).rows
    assert {row.organization for row in found} == {"org.demo-0004"}


@pytest.mark.parametrize("text", ["%", "_", "100%", "没有这样的服务"])
def test_words_that_stand_in_no_name_find_nothing(session: Session, text: str) -> None:
    assert find_services(session, r.ServiceFilter(text=text), **ALL).total == 0


def test_a_service_that_is_closed_is_not_offered(services: Engine) -> None:
    with writing(services) as session:
        before = find_services(session, r.ServiceFilter(organization="org.demo-0001"), "en").total
        closed = t.services.update().where(t.services.c.id == "service.demo-0001-1")
        session.execute(closed.values(status="temporarily closed"))
    with reading(services) as session:
        assert find_services(session, r.ServiceFilter(organization="org.demo-0001"), "en").total == before - 1


def test_an_institute_is_found_by_field_park_and_words(session: Session) -> None:
    found = find_institutes(session, r.InstituteFilter("software", "park.yangpu", "institute"), **ALL).rows
    assert found
    assert all("software" in row.fields and row.places[0].park == "park.yangpu" for row in found)


def test_institutes_that_look_for_partners_come_first(session: Session) -> None:
    seeking = [row.seeks_partners for row in find_institutes(session, r.InstituteFilter(), **ALL).rows]
    assert seeking == sorted(seeking, reverse=True)
    assert set(seeking) == {True, False}


def test_training_is_for_the_audience_and_not_over(session: Session) -> None:
    found = find_training(session, r.TrainingFilter("university_student", TODAY), **ALL).rows
    assert found
    assert all("university_student" in row.audiences and row.starts >= TODAY for row in found)


def test_the_next_training_comes_first(session: Session) -> None:
    starts = [row.starts for row in find_training(session, r.TrainingFilter(on_or_after=TODAY), **ALL).rows]
    assert starts == sorted(starts)
    assert starts[-1] >= date(2027, 6, 1)


def test_training_one_can_still_apply_for_closes_today_or_later(session: Session) -> None:
    still_open = find_training(session, r.TrainingFilter(on_or_after=TODAY, apply_on=TODAY), **ALL)
    assert 0 < still_open.total < find_training(session, r.TrainingFilter(on_or_after=TODAY), **ALL).total
    assert all(row.apply_by is not None and row.apply_by >= TODAY for row in still_open.rows)


def test_an_investors_ticket_holds_the_amount_asked_for(session: Session) -> None:
    amount = Decimal("3000000")
    found = find_investors(session, r.InvestorFilter("software", "beginning", amount), **ALL).rows
    assert found
    for row in found:
        assert row.ticket_min_cny is not None
        assert row.ticket_max_cny is not None
        assert row.ticket_min_cny <= amount <= row.ticket_max_cny


def test_a_ticket_holds_an_amount_to_the_cent(session: Session) -> None:
    first = find_investors(session, r.InvestorFilter(), "en").rows[0]
    assert first.ticket_min_cny is not None
    below = find_investors(session, r.InvestorFilter(amount_cny=first.ticket_min_cny - Decimal("0.01")), **ALL)
    at = find_investors(session, r.InvestorFilter(amount_cny=first.ticket_min_cny), **ALL)
    assert first not in below.rows
    assert first in at.rows


def test_research_needs_are_open_and_the_first_to_close_comes_first(session: Session) -> None:
    found = find_needs(session, r.NeedFilter("research_need", open_on=TODAY), **ALL).rows
    until = [row.open_until for row in found]
    assert until == sorted(until)
    assert until[0] >= TODAY
    assert {row.kind for row in found} == {"research_need"}


def test_a_park_counts_what_is_found_in_it(session: Session) -> None:
    park = park_details(session, "park.yangpu", "zh")
    assert park is not None
    here = "park.yangpu"
    assert (park.name, park.other_name, park.district, park.sample) == ("杨浦园", "Yangpu Park", "yangpu", True)
    assert park.makerspaces == find_carriers(session, r.CarrierFilter(("makerspace",), here), **ALL).total
    assert park.evaluated_makerspaces == find_carriers(session, r.CarrierFilter(park=here, evaluated=True), **ALL).total
    assert park.incubators == find_carriers(session, r.CarrierFilter(("incubator",), here), **ALL).total
    assert park.accelerators == find_carriers(session, r.CarrierFilter(("accelerator",), here), **ALL).total
    assert park.services == find_services(session, r.ServiceFilter(park=here), **ALL).total
    assert park.institutes == find_institutes(session, r.InstituteFilter(park=here), **ALL).total


def test_a_park_without_samples_counts_nothing(session: Session) -> None:
    park = park_details(session, "park.yangpu", "en", show_samples=False)
    assert park is not None
    assert (park.makerspaces, park.services, park.institutes, park.sample) == (0, 0, 0, False)


def test_an_unknown_park_or_listing_is_nothing(session: Session) -> None:
    assert park_details(session, "park.atlantis", "en") is None
    assert listing(session, "makerspace.atlantis", "en") is None


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("makerspace.demo-yangpu-03", r.Carrier),
        ("accelerator.demo-yangpu-01", r.Carrier),
        ("org.demo-0001", r.Organization),
        ("service.demo-0001-1", r.Service),
        ("institute.demo-0001", r.Institute),
        ("investor.demo-001", r.Investor),
        ("financing_need.demo-001", r.Need),
        ("research_need.demo-001", r.Need),
        ("training.demo-01", r.Training),
    ],
)
def test_each_listing_is_read_as_what_it_is(session: Session, key: str, kind: type[r.Listing]) -> None:
    found = listing(session, key, "en")
    assert isinstance(found, kind)
    assert found.id == key


def test_names_to_be_recognised_are_those_of_one_listing_only(session: Session) -> None:
    names = list(listing_names(session))
    assert len({name.zh for name in names}) == len(names) == len({name.en for name in names})
    assert {name.kind for name in names} == {
        "makerspace", "incubator", "accelerator", "organization", "institute", "investor", "training",
    }  # fmt: skip
