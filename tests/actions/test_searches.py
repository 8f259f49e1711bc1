from __future__ import annotations

import pytest

from tests.actions.conftest import Chat, found

MAKERSPACES = {"carrier_kind": "makerspace", "park": "park.songjiang"}


async def test_makerspaces_of_a_park_are_listed_five_at_a_time(chat: Chat) -> None:
    said = await chat.run("action_find_carriers", **MAKERSPACES)
    assert said.startswith("众创空间（松江园）：共12条，以下是第1至5条。\n1. ")
    assert chat.buttons == ["/show_more"]


async def test_they_are_listed_in_english(english: Chat) -> None:
    said = await english.run("action_find_carriers", **MAKERSPACES)
    assert said.startswith("Makerspaces (Songjiang Park): 12 found, showing 1 to 5.\n1. Sample Makerspace")


async def test_sample_rows_are_marked_and_dated(english: Chat) -> None:
    said = await english.run("action_find_carriers", **MAKERSPACES)
    assert "[Sample] These are sample rows" in said
    assert "Confirmed on 1 November 2026." in said


async def test_the_list_goes_on_to_its_end_and_says_when_it_is_reached(chat: Chat) -> None:
    await chat.run("action_find_carriers", **MAKERSPACES)
    assert "第6至10条" in await chat.run("action_show_more")
    assert "第11至12条" in await chat.run("action_show_more")
    assert chat.buttons == []
    assert "已经全部列出" in await chat.run("action_show_more")


async def test_more_of_nothing_asks_what_to_look_for(english: Chat) -> None:
    assert "You have not asked for a list yet" in await english.run("action_show_more")


async def test_a_list_is_narrowed_by_what_is_said_next(chat: Chat) -> None:
    await chat.run("action_find_carriers", **MAKERSPACES)
    said = await chat.run("action_refine", evaluated=True)
    assert said.startswith("众创空间（松江园、已评价）：共2条")
    assert "未评价" not in said


async def test_another_park_is_asked_for_in_passing(english: Chat) -> None:
    await english.run("action_find_carriers", **MAKERSPACES)
    assert (await english.run("action_refine", park="park.yangpu")).startswith("Makerspaces (Yangpu Park): 12 found")


async def test_a_narrowing_without_a_list_is_a_question(chat: Chat) -> None:
    said = await chat.run("action_refine", park="park.songjiang", finding=found("answer", "park.songjiang"))
    assert said.startswith("松江园是示范区22个分园之一")


async def test_a_narrowing_that_is_not_understood_says_what_would_be(chat: Chat) -> None:
    await chat.run("action_find_carriers", **MAKERSPACES)
    assert "我没听懂要怎么筛选" in await chat.run("action_refine", finding=found("decline"))


async def test_when_nothing_fits_one_filter_less_is_offered_and_finds_what_it_promised(chat: Chat) -> None:
    said = await chat.run("action_find_carriers", carrier_kind="makerspace", park="park.songjiang", stage="maturing")
    assert said.startswith("没有找到：众创空间（松江园、成熟期）。\n不限“成熟期”的话，众创空间（松江园）有12条。")
    assert chat.buttons[0] == '/find_carrier{"carrier_kind": "makerspace", "park": "park.songjiang"}'


async def test_a_list_that_cannot_be_narrowed_by_what_was_said_says_so(english: Chat) -> None:
    said = await english.run("action_find_institutes", field="biomedicine", stage="maturing")
    assert said.startswith("Institutes (biomedicine): ")
    assert "Not narrowed by “maturing stage”" in said


@pytest.mark.parametrize(
    ("action", "named", "start"),
    [
        ("action_find_services", {"service_category": "patent"}, "服务（专利服务）：共1,176条"),
        ("action_find_institutes", {}, "研究机构：共1,558条"),
        ("action_find_training", {"audience": "financial_professional"}, "培训（金融从业人员）：共"),
        ("action_find_loans", {"stage": "beginning"}, "贷款和金融产品（初创期）：共"),
        ("action_find_approvals", {}, "审批事项：共"),
        ("action_find_policies", {"aim": "finance"}, "政策和资格（"),
    ],
)
async def test_every_list_says_what_it_is_and_how_long(
    chat: Chat, action: str, named: dict[str, str], start: str
) -> None:
    assert (await chat.run(action, **named)).startswith(start)


async def test_a_class_that_is_over_is_not_listed(chat: Chat) -> None:
    assert "2026年11月10日" not in await chat.run("action_find_training")


async def test_entries_of_a_list_can_be_opened(chat: Chat) -> None:
    said = await chat.run("action_find_policies", audience="bank")
    assert "将出台的15项新政策\n计划中；" in said
    assert chat.buttons == ['/choose_entry{"entry": "programme.fifteen-new-policies"}']


async def test_expired_policies_are_counted_but_not_listed(english: Chat) -> None:
    said = await english.run("action_find_policies")
    assert "Left out as expired, repealed or superseded: " in said


async def test_a_question_that_sounds_like_a_list_is_answered_and_the_list_put_behind_a_button(chat: Chat) -> None:
    said = await chat.run("action_find_institutes", finding=found("answer", "faq.scientific-institutes"))
    assert "1,558" in said
    assert "截至2017年5月" in said
    assert chat.titles[-1] == "研究机构（1,558）"
    assert chat.buttons[-1] == "/find_institute"


async def test_a_list_narrowed_by_a_park_stays_a_list(chat: Chat) -> None:
    said = await chat.run(
        "action_find_carriers", park="park.jinqiao", finding=found("answer", "faq.incubators-and-accelerators")
    )
    assert said.startswith("众创空间、孵化器和加速器（金桥园）：共")


async def test_what_may_have_been_meant_can_be_pressed_under_a_list(chat: Chat) -> None:
    await chat.run("action_find_services", finding=found("offer", "faq.platform-services"))
    assert chat.buttons[-1] == '/choose_entry{"entry": "faq.platform-services"}'


async def test_hidden_samples_leave_a_list_without_data(english: Chat) -> None:
    english.turn.show_samples = False
    assert (
        await english.run("action_find_institutes")
        == "None found: Institutes.\nThere is no data for this list at present."
    )


async def test_a_listing_that_is_named_is_shown_instead_of_a_list(english: Chat) -> None:
    said = await english.run("action_find_carriers", organisation="makerspace.demo-caohejing-01")
    assert said.startswith("Sample Makerspace (Caohejing) 01\nmakerspace; ")


async def test_a_park_is_described_and_its_listings_are_counted(chat: Chat) -> None:
    said = await chat.run("action_show_park", park="park.songjiang", finding=found("answer", "park.songjiang"))
    assert said.startswith("松江园是示范区22个分园之一")
    assert "园区名录：众创空间12家（其中已评价2家）" in said
    assert "【示例】以上数量来自示例数据" in said
    assert '/find_carrier{"park": "park.songjiang"}' in chat.buttons


async def test_a_park_is_at_most_two_bubbles(english: Chat) -> None:
    await english.run("action_show_park", park="park.songjiang")
    assert len(english.said) == 2


async def test_without_a_park_its_name_is_asked_for(english: Chat) -> None:
    assert "Which park do you mean?" in await english.run("action_show_park", finding=found("decline"))
    assert english.buttons == ['/choose_entry{"entry": "faq.park-list"}']


async def test_a_question_that_sounds_like_a_park_is_answered(chat: Chat) -> None:
    assert "310家" in await chat.run("action_show_park", finding=found("answer", "faq.fortune-500"))
