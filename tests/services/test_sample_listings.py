from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.databases import reading, writing
from bot.seeding import Dice
from bot.services import seed as seeding
from bot.services import tables as t
from bot.services.sample_rows import sample_rows
from bot.services.sample_sheet import Park
from bot.services.seed import put_parks, seed
from tests.services.conftest import PARKS, silent

WRITTEN_BY_HAND = {
    "id": "makerspace.by-hand",
    "kind": "makerspace",
    "name_zh": "手工录入的众创空间",
    "name_en": "A makerspace entered by hand",
    "sample": False,
}


def digest(database: Session) -> str:
    found = sha256()
    for table in t.metadata.sorted_tables:
        for row in database.execute(select(table).order_by(*table.primary_key.columns)):
            found.update(repr(tuple(row)).encode())
    return found.hexdigest()


def test_there_are_as_many_listings_as_the_zone_says_it_has(session: Session) -> None:
    kinds = dict(session.execute(select(t.listings.c.kind, func.count()).group_by(t.listings.c.kind)).all())
    assert kinds["incubator"] + kinds["accelerator"] == 118
    assert kinds["makerspace"] == 45 + 220
    assert kinds["institute"] == 1_558
    assert kinds["organization"] == 4_000


def test_forty_five_makerspaces_are_evaluated_and_the_others_are_known_not_to_be(session: Session) -> None:
    query = select(t.carriers.c.evaluated, func.count()).join(t.listings, t.listings.c.id == t.carriers.c.id)
    counts = session.execute(query.where(t.listings.c.kind == "makerspace").group_by(t.carriers.c.evaluated)).all()
    assert {bool(evaluated): count for evaluated, count in counts} == {True: 45, False: 220}


def test_every_park_has_each_kind_of_carrier(session: Session) -> None:
    query = select(t.locations.c.park, t.listings.c.kind).join(t.listings, t.listings.c.location == t.locations.c.id)
    found = {tuple(row) for row in session.execute(query.where(t.listings.c.kind.in_(t.CARRIER_KINDS)))}
    assert found == {(park.id, kind) for park in PARKS for kind in t.CARRIER_KINDS}


def test_every_sample_says_so_in_both_names_and_in_the_data(session: Session) -> None:
    for row in session.execute(select(t.listings)):
        assert row.sample
        assert "示例" in row.name_zh
        assert "sample" in row.name_en.lower()


def test_no_sample_can_be_called_or_visited(session: Session) -> None:
    phones = session.execute(select(t.listings.c.phone).where(t.listings.c.phone.is_not(None))).scalars().all()
    assert all(re.fullmatch(r"021-0000\d{4}", phone) for phone in phones)
    assert set(session.execute(select(t.locations.c.address_zh, t.locations.c.address_en)).all()) == {
        ("示例地址", "Sample address")
    }


def test_carriers_of_a_park_are_numbered_and_named_after_it(session: Session) -> None:
    row = session.execute(select(t.listings).where(t.listings.c.id == "makerspace.demo-yangpu-03")).one()
    assert (row.name_zh, row.name_en) == ("示例众创空间（杨浦）03", "Sample Makerspace (Yangpu) 03")


def test_the_dice_roll_as_splitmix64_is_published_to() -> None:
    dice = Dice(1_234_567)
    assert [dice.below(2**64) for _ in range(3)] == [
        6457827717110365317, 3203168211198807973, 9817491932198370423,
    ]  # fmt: skip


def test_two_loads_give_the_same_rows(session: Session, empty: Engine) -> None:
    seed(empty, tuple(reversed(PARKS)), silent)
    with reading(empty) as second:
        assert digest(second) == digest(session)


def test_a_second_load_does_nothing(services: Engine) -> None:
    reports: list[int] = []
    assert not seed(services, PARKS, lambda done, *_: reports.append(done))
    assert reports == []


def test_an_interrupted_load_leaves_no_row(empty: Engine) -> None:
    def interrupt(done: int, total: int, what: str) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seed(empty, PARKS, interrupt)
    with reading(empty) as session:
        assert session.execute(select(func.count()).select_from(t.listings)).scalar() == 0
    assert seed(empty, PARKS, silent)


def test_progress_ends_when_all_is_done(empty: Engine) -> None:
    reports: list[tuple[int, int, str]] = []
    seed(empty, PARKS, lambda *report: reports.append(report))
    assert [done for done, _, _ in reports] == sorted(done for done, _, _ in reports)
    assert reports[-1][0] == reports[-1][1] == sum(len(rows) for rows in sample_rows(PARKS).values())
    assert {what for _, _, what in reports} == {"services.samples"}


def test_newer_samples_replace_the_old_ones_and_leave_real_listings_alone(
    services: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(services) as session:
        before = digest(session)
        session.execute(t.listings.delete().where(t.listings.c.id == "makerspace.demo-yangpu-03"))
        session.execute(t.listings.insert(), WRITTEN_BY_HAND)
    monkeypatch.setattr(seeding, "SAMPLE_VERSION", seeding.SAMPLE_VERSION + 1)
    assert seed(services, PARKS, silent)
    with writing(services) as session:
        kept = session.execute(t.listings.delete().where(~t.listings.c.sample))
        assert kept.rowcount == 1
        session.execute(t.seeds.update().values(version=t.seeds.c.version - 1))
        assert digest(session) == before


def test_a_parks_new_name_replaces_the_old_one(services: Engine) -> None:
    renamed = Park("park.yangpu", "杨浦创新园", "Yangpu Innovation Park", "yangpu")
    assert put_parks(services, [*(park for park in PARKS if park.id != renamed.id), renamed])
    with reading(services) as session:
        names = dict(session.execute(select(t.parks.c.id, t.parks.c.name_zh)).all())
    assert names["park.yangpu"] == "杨浦创新园"
    assert len(names) == 22


def test_organisations_are_spread_over_the_five_kinds_of_service(session: Session) -> None:
    counts = Counter(session.execute(select(t.services.c.category)).scalars())
    assert set(counts) == {"intermediary", "financial", "credit", "intellectual_property", "patent"}
    assert min(counts.values()) > 800
