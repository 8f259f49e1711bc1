from __future__ import annotations

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.databases import reading, writing
from bot.services import tables as t
from bot.services.queries import find_carriers, listing, listing_names
from bot.services.rows import Carrier, CarrierFilter


def every(session: Session, wanted: CarrierFilter) -> tuple[Carrier, ...]:
    return find_carriers(session, wanted, "en", limit=1_000).rows


def add_real_makerspace(engine: Engine, key: str = "makerspace.real", **columns: object) -> None:
    """As another system would feed it."""
    with writing(engine) as session:
        name = {"name_zh": f"真实空间{key}", "name_en": f"A real space {key}"}
        session.execute(t.listings.insert(), {"id": key, "kind": "makerspace", **name, "sample": False})
        session.execute(t.carriers.insert(), {"id": key, **columns})


def test_without_a_filter_all_383_are_found(session: Session) -> None:
    page = find_carriers(session, CarrierFilter(), "zh")
    assert (page.total, len(page.rows)) == (383, 5)


def test_kind_park_field_and_stage_must_all_fit(session: Session) -> None:
    wanted = CarrierFilter(kinds=("incubator",), park="park.yangpu", field="biomedicine", stage="developing")
    expected = {
        row.id
        for row in every(session, CarrierFilter())
        if row.kind == "incubator"
        and row.places[0].park == "park.yangpu"
        and "biomedicine" in row.fields
        and "developing" in row.stages
    }
    assert expected
    assert {row.id for row in every(session, wanted)} == expected


def test_a_district_holds_the_carriers_of_all_its_parks(session: Session) -> None:
    found = every(session, CarrierFilter(district="pudong"))
    assert {row.places[0].park for row in found} == {
        "park.jinqiao", "park.lujiazui", "park.expo", "park.bonded", "park.zhangjiang-core", "park.lingang",
    }  # fmt: skip


@pytest.mark.parametrize(("evaluated", "count"), [(True, 45), (False, 220)])
def test_not_evaluated_is_not_the_same_as_not_known(session: Session, evaluated: bool, count: int) -> None:
    found = every(session, CarrierFilter(evaluated=evaluated))
    assert len(found) == count
    assert {row.kind for row in found} == {"makerspace"}


def test_free_seats_must_be_known_and_more_than_none(session: Session) -> None:
    found = every(session, CarrierFilter(free_seats=True))
    assert found
    assert all(row.seats_free for row in found)


def test_full_ones_are_those_known_to_have_no_seat(session: Session) -> None:
    found = every(session, CarrierFilter(free_seats=False))
    assert found
    assert {row.seats_free for row in found} == {0}


def test_evaluated_ones_come_first_then_those_with_more_free_seats_then_by_name(session: Session) -> None:
    found = every(session, CarrierFilter())

    def place(row: Carrier) -> tuple[bool, int, str]:
        return (not row.evaluated, -1 * (row.seats_free if row.seats_free is not None else -1), row.name)

    assert list(found) == sorted(found, key=place)


def test_pages_follow_each_other_without_gap_or_repeat(session: Session) -> None:
    wanted = CarrierFilter(park="park.yangpu")
    pages = [find_carriers(session, wanted, "en", limit=4, offset=offset).rows for offset in range(0, 20, 4)]
    assert [row for page in pages for row in page] == list(every(session, wanted))


def test_a_page_behind_the_last_is_empty_and_still_knows_the_total(session: Session) -> None:
    page = find_carriers(session, CarrierFilter(evaluated=True), "en", limit=5, offset=45)
    assert (page.total, page.rows) == (45, ())


def test_names_places_and_evaluator_are_in_the_readers_language(session: Session) -> None:
    wanted = CarrierFilter(park="park.yangpu", evaluated=True)
    zh, en = (find_carriers(session, wanted, language).rows[0] for language in ("zh", "en"))
    assert (zh.name, zh.other_name) == (en.other_name, en.name)
    assert (zh.places[0].park_name, en.places[0].park_name) == ("杨浦园", "Yangpu Park")
    assert (zh.places[0].address, en.places[0].address) == ("示例地址", "Sample address")
    assert (zh.evaluated_by, en.evaluated_by) == ("科技主管部门（示例）", "science and technology authority (sample)")


def test_a_carrier_says_when_it_is_open(session: Session) -> None:
    hours = find_carriers(session, CarrierFilter(), "en").rows[0].places[0].hours
    assert hours[0].days == ("MO", "TU", "WE", "TH", "FR")
    assert hours[0].opens < hours[0].closes


def test_without_samples_only_real_listings_are_shown(services: Engine) -> None:
    add_real_makerspace(services, seats_free=3)
    with reading(services) as session:
        page = find_carriers(session, CarrierFilter(), "en", show_samples=False)
        assert [row.id for row in page.rows] == ["makerspace.real"]
        assert [name.id for name in listing_names(session, show_samples=False)] == ["makerspace.real"]
        assert listing(session, "makerspace.demo-yangpu-03", "en", show_samples=False) is None


def test_what_is_not_known_of_a_real_carrier_stays_unknown(services: Engine) -> None:
    add_real_makerspace(services)
    with reading(services) as session:
        found = listing(session, "makerspace.real", "en")
    assert isinstance(found, Carrier)
    assert (found.evaluated, found.seats_free, found.desk_month_cny, found.places) == (None, None, None, ())
