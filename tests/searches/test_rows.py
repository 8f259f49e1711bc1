"""A row says what is known of a listing, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.answers.occasion import Occasion
from bot.searches.reply import Results, list_reply, nothing_found
from bot.searches.rows import row_text
from bot.searches.search import Search, asked
from bot.services.rows import Carrier, Institute, Place, Service, Training
from tests.words import Content, occasion, payloads

PLACE = Place(None, "park.caohejing", "漕河泾园", "xuhui", None, None, desk="1号窗口")
COMMON = {
    "name": "甲", "other_name": "A", "phone": "021-12345678", "sample": False, "assured_date": date(2026, 11, 1), "assurer": None,
    "places": (PLACE,), "fields": ("biomedicine",), "stages": (), "offers": (), "audiences": (), "languages": (),
}  # fmt: skip
MAKERSPACE = Carrier(
    id="makerspace.a", kind="makerspace", evaluated=True, evaluated_by="科委", grade=None, year=None, level=None, area_m2=None,
    seats=60, seats_free=3, desk_month_cny=Decimal(900), seed_fund_cny=None, max_stay_months=None, **COMMON,
)  # fmt: skip


@pytest.fixture
def zh(tmp_path: Path) -> Occasion:
    content = Content(tmp_path / "content")
    content.add("park.caohejing", "漕河泾园", "Caohejing Park")
    return occasion(content.snapshot(), "zh")


def test_a_makerspace_says_by_whom_it_was_evaluated(zh: Occasion) -> None:
    assert (
        row_text(MAKERSPACE, 1, zh)
        == "1. 甲\n众创空间；漕河泾园；由科委评价；领域：生物医药；空位3个；工位每月900元；电话021-12345678"
    )


def test_what_is_not_known_is_said_to_be_not_known(zh: Occasion) -> None:
    row = replace(MAKERSPACE, evaluated=None, evaluated_by=None, seats_free=None, desk_month_cny=None)
    assert "是否评价不详；领域：生物医药；空位不详；费用不详" in row_text(row, 1, zh)


def test_an_unevaluated_makerspace_says_so(zh: Occasion) -> None:
    assert "；未评价；" in row_text(replace(MAKERSPACE, evaluated=False, evaluated_by=None), 1, zh)


def test_incubators_are_not_evaluated_and_say_nothing_of_it(zh: Occasion) -> None:
    assert "评价" not in row_text(replace(MAKERSPACE, kind="incubator", evaluated=None), 1, zh)


def test_the_number_of_a_sample_is_not_given(zh: Occasion) -> None:
    assert "021" not in row_text(replace(MAKERSPACE, sample=True), 1, zh)


def test_a_service_names_its_organisation_desk_and_fee(zh: Occasion) -> None:
    row = Service(
        id="service.a", kind="service", organization="org.a", organization_name="乙所", category="patent", platform_function=None,
        platform_offer=None, status="active", fee_from_cny=Decimal(5000), **COMMON,
    )  # fmt: skip
    assert row_text(row, 2, zh) == "2. 甲\n乙所；专利服务；漕河泾园；1号窗口；5,000元起；电话021-12345678"


def test_an_institute_says_that_it_looks_for_partners(zh: Occasion) -> None:
    row = Institute(id="institute.a", kind="institute", seeks_partners=True, **COMMON)
    assert "正在寻找合作" in row_text(row, 1, zh)


@pytest.mark.parametrize(("day", "said"), [(22, "2026年11月22日前报名"), (21, "报名已于2026年11月21日截止")])
def test_a_class_says_whether_one_can_still_apply(zh: Occasion, day: int, said: str) -> None:
    row = Training(
        id="t",
        kind="training",
        starts=date(2026, 12, 1),
        ends=date(2026, 12, 2),
        apply_by=date(2026, 11, day),
        seats=40,
        **COMMON,
    )
    assert row_text(row, 1, zh).startswith("1. 甲\n2026年12月1日至2026年12月2日；")
    assert said in row_text(row, 1, zh)


def test_a_list_with_a_sample_says_so_and_when_it_was_confirmed(zh: Occasion) -> None:
    bubble = list_reply(Search("carriers", {}), Results(1, [replace(MAKERSPACE, sample=True)]), zh)
    assert bubble.text.endswith("信息确认日期：2026年11月1日。")
    assert "【示例】以上是示例数据" in bubble.text


def test_a_list_of_real_rows_is_not_called_a_sample(zh: Occasion) -> None:
    assert "示例" not in list_reply(Search("carriers", {}), Results(1, [MAKERSPACE]), zh).text


def test_rows_confirmed_on_different_days_give_the_earliest(zh: Occasion) -> None:
    rows = [MAKERSPACE, replace(MAKERSPACE, assured_date=date(2026, 5, 1))]
    assert "信息确认日期：2026年5月1日或之后。" in list_reply(Search("carriers", {}), Results(2, rows), zh).text


def test_a_list_says_what_it_was_narrowed_by_and_how_many_there_are(zh: Occasion) -> None:
    search = asked("carriers", {"carrier_kind": ("makerspace",), "park": ("park.caohejing",), "evaluated": ("true",)})
    assert list_reply(search, Results(12, [MAKERSPACE]), zh).text.startswith(
        "众创空间（漕河泾园、已评价）：共12条，以下是第1至1条。"
    )


def test_there_is_more_to_press_until_the_last_page(zh: Occasion) -> None:
    assert payloads(list_reply(Search("carriers", {}, 0), Results(2, [MAKERSPACE]), zh).buttons) == ["/show_more"]
    assert payloads(list_reply(Search("carriers", {}, 1), Results(2, [MAKERSPACE]), zh).buttons) == []


def test_when_nothing_fits_the_list_without_one_filter_is_offered_with_its_count(zh: Occasion) -> None:
    search = asked("carriers", {"park": ("park.caohejing",), "field": ("fintech",), "evaluated": ("true",)})
    bubble = nothing_found(search, lambda wider: 7 if "field" not in wider.filters else 0, 0, zh)
    assert bubble.text == (
        "没有找到：众创空间、孵化器和加速器（漕河泾园、金融科技、已评价）。\n"
        "不限“金融科技”的话，众创空间、孵化器和加速器（漕河泾园、已评价）有7条。"
    )
    assert bubble.buttons[0].payload == '/find_carrier{"park": "park.caohejing", "evaluated": "true"}'


def test_a_list_without_any_data_says_so_and_offers_a_person(zh: Occasion) -> None:
    bubble = nothing_found(Search("institutes", {}), lambda _: 0, 0, zh)
    assert "目前没有可用的数据" in bubble.text
    assert payloads(bubble.buttons) == ["/request_person"]


def test_what_could_not_be_used_is_said(zh: Occasion) -> None:
    bubble = list_reply(Search("institutes", {}), Results(1, [MAKERSPACE]), zh, [("stage", "maturing")])
    assert "没有按“成熟期”筛选" in bubble.text
