from __future__ import annotations

from tests.actions.conftest import Chat, found


async def test_a_question_is_answered_with_figure_source_and_date(chat: Chat) -> None:
    said = await chat.run("action_answer", "张江有多少500强", finding=found("answer", "faq.fortune-500"))
    assert "310家" in said
    assert "来源：《新政策改革打通学术与金融渠道》" in said
    assert "截至2017年5月" in said


async def test_the_same_question_is_answered_in_english(english: Chat) -> None:
    said = await english.run("action_answer", "how many", finding=found("answer", "faq.fortune-500"))
    assert "310 Fortune Global 500 companies" in said
    assert "As of May 2017" in said


async def test_the_bank_that_never_opened_is_said_to_be_in_preparation(chat: Chat) -> None:
    said = await chat.run("action_answer", finding=found("answer", "programme.zhangjiang-bank"))
    assert said.startswith("【筹备中】截至2017年5月")


async def test_up_to_three_entries_are_offered_and_none_of_these(english: Chat) -> None:
    hits = ("faq.fortune-500", "faq.park-list", "faq.social-capital", "faq.policy-count")
    await english.run("action_answer", finding=found("offer", *hits))
    assert english.buttons == [f'/choose_entry{{"entry": "{entry}"}}' for entry in (*hits[:3], "none")]


async def test_a_guess_is_said_to_be_one_and_leaves_a_way_to_what_else_was_meant(english: Chat) -> None:
    said = await english.run("action_answer", finding=found("likely", "faq.fortune-500", "faq.park-list"))
    assert said.startswith("You may mean “")
    assert "310" in said
    assert english.buttons == ['/choose_entry{"entry": "faq.park-list"}', '/choose_entry{"entry": "none"}']


async def test_declines_in_a_row_are_counted_and_change_their_words(chat: Chat) -> None:
    said = [await chat.run("action_answer", finding=found("decline")) for _ in range(4)]
    assert chat.slots["failures"] == 4.0
    assert len(set(said[:3])) == 3
    assert said[3] != said[2]


async def test_the_second_decline_offers_a_person(english: Chat) -> None:
    await english.run("action_answer", finding=found("decline"))
    assert english.buttons == []
    assert "12345" in await english.run("action_answer", finding=found("decline"))
    assert english.buttons == ["/request_person"]


async def test_an_answer_ends_the_row_of_declines(chat: Chat) -> None:
    await chat.run("action_answer", finding=found("decline"))
    await chat.run("action_answer", finding=found("answer", "faq.fortune-500"))
    assert chat.slots["failures"] == 0.0


async def test_what_seems_out_of_scope_is_declined_unless_the_finding_is_sure(chat: Chat) -> None:
    said = await chat.run("action_answer", intent="out_of_scope", finding=found("offer", "faq.fortune-500"))
    assert "310" not in said
    said = await chat.run("action_answer", intent="out_of_scope", finding=found("answer", "faq.fortune-500"))
    assert "310" in said


async def test_a_listing_that_is_named_is_shown(chat: Chat) -> None:
    said = await chat.run("action_answer", organisation="makerspace.demo-caohejing-01", finding=found("decline"))
    assert "示例众创空间（漕河泾）01\n众创空间；漕河泾园" in said
    assert "【示例】" in said


async def test_a_chosen_entry_is_answered(english: Chat) -> None:
    said = await english.run("action_choose_entry", intent="choose_entry", entry="faq.fortune-500")
    assert "310 Fortune Global 500 companies" in said


async def test_none_of_these_asks_for_other_words_and_offers_a_person(chat: Chat) -> None:
    said = await chat.run("action_choose_entry", intent="choose_entry", entry="none")
    assert "换个说法" in said
    assert chat.buttons == ["/request_person"]


async def test_an_entry_that_is_gone_since_the_button_was_sent_is_said_to_be_gone(chat: Chat) -> None:
    assert "查不到了" in await chat.run("action_choose_entry", intent="choose_entry", entry="faq.gone")


async def test_a_sample_is_not_shown_where_samples_are_hidden(chat: Chat) -> None:
    chat.turn.show_samples = False
    said = await chat.run("action_choose_entry", intent="choose_entry", entry="loan_product.credit-subsidised-loan")
    assert "查不到了" in said
