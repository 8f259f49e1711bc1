from __future__ import annotations

from datetime import datetime, timezone

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import DESK, PHONE, OpenPage, converse, say, texts
from tests.web.serving import Assistant, reply

ANSWER = {
    "zh": "信用补贴贷款面向有信用评价报告的企业。\n\n需要：\n- 信用评价报告\n- 营业执照\n\n1. 申请\n2. 审核\n详见 https://example.org/loan。",
    "en": "Subsidised loans go to companies with a report.\n\nBring:\n- the report\n- the licence\n\n1. Apply\n2. Wait\nSee https://example.org/loan.",
}


@pytest.mark.parametrize(
    ("language", "tag", "you", "assistant_name", "size"),
    [("zh", "zh-CN", "您", "助手", PHONE), ("en", "en", "You", "Assistant", DESK)],
)
def test_a_question_from_the_examples_is_answered(
    open_page: OpenPage,
    assistant: Assistant,
    language: str,
    tag: str,
    you: str,
    assistant_name: str,
    size: tuple[int, int],
) -> None:
    page = open_page(f"/chat?lang={language}", size)
    expect(page.locator("html")).to_have_attribute("lang", tag)
    example = page.locator("#welcome button").nth(1)
    question = example.inner_text()
    example.click()
    assert assistant.answers(reply(ANSWER[language], language=language)).text == question

    answer = page.locator("article.assistant")
    expect(answer.locator(".text")).to_have_attribute("lang", language)
    expect(answer.locator("li")).to_have_count(4)
    expect(answer.locator(".about")).to_contain_text(assistant_name)
    expect(page.locator("article.user .about")).to_contain_text(you)
    expect(page.locator("#welcome")).to_be_hidden()
    link = answer.get_by_role("link")
    expect(link).to_have_attribute("href", "https://example.org/loan")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_a_reload_keeps_everything_once(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    say(page, "贷款")
    assistant.answers(reply("哪一种？", "信用贷款", "担保贷款"))
    page.get_by_role("button", name="信用贷款").click()
    assistant.answers(reply("好的。"))
    expect(page.locator("article")).to_have_count(4)
    before = texts(page)
    page.reload()
    expect(page.locator("article")).to_have_count(4)
    assert texts(page) == before == ["贷款", "哪一种？", "信用贷款", "好的。"]
    expect(page.locator(".options .chosen")).to_have_text("信用贷款 (已选择)")
    expect(page.locator("#log")).to_be_empty()  # so that nothing old is read aloud
    say(page, "谢谢")
    assistant.answers(reply("不客气。"))
    expect(page.locator("article")).to_have_count(6)


def test_a_button_is_used_once_and_says_what_was_chosen(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    say(page, "贷款")
    assistant.answers(reply("哪一种？", "信用贷款", "担保贷款"))
    options = page.locator("article.assistant .options")
    expect(options.get_by_text("选项：2 个")).to_have_count(1)
    options.get_by_role("button", name="担保贷款").click()
    claim = assistant.answers(reply("好的。"))
    assert (claim.kind, claim.text) == ("button", "担保贷款")
    expect(options.locator("[aria-disabled=true]")).to_have_count(2)
    options.get_by_role("button", name="信用贷款").click(force=True)
    say(page, "完")
    assert assistant.answers(reply("好。")).text == "完"


def test_a_sign_shows_while_an_answer_is_made(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    say(page, "你好")
    expect(page.locator("#working")).to_be_visible()
    assistant.answers(reply("您好。"))
    expect(page.locator("article.assistant")).to_be_visible()
    expect(page.locator("#working")).to_be_hidden()


def test_a_message_says_how_far_it_came(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    say(page, "你好")
    expect(page.locator("article.user .state")).to_have_text(" · 已发送")
    assistant.answers(reply("您好。"))
    expect(page.locator("article.user .state")).to_have_text("")


@pytest.mark.parametrize(("language", "words"), [("zh", "转人工"), ("en", "Talk to a person")])
def test_a_person_is_asked_for_at_the_same_place_always(
    open_page: OpenPage, assistant: Assistant, language: str, words: str
) -> None:
    page = open_page(f"/chat?lang={language}")
    button = page.get_by_role("banner").get_by_role("button", name=words)
    place = button.bounding_box()
    button.click()
    assert assistant.answers(reply("…", language=language)).text == words
    expect(page.locator("article.assistant")).to_be_visible()
    assert button.bounding_box() == place
    page.locator("#language").click()
    expect(page.get_by_role("banner").locator("#person")).to_be_visible()


def test_switching_the_language_keeps_the_conversation_and_the_draft(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page("/chat?lang=zh")
    say(page, "你好")
    assistant.answers(reply("您好。"))
    page.locator("#text").fill("还没写完")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zhangjiang Assistant")
    expect(page.locator("article.assistant .text")).to_have_text("您好。")
    expect(page.locator("#text")).to_have_value("还没写完")


def test_what_is_said_never_runs(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> javascript:alert(1)"
    say(page, attack)
    assistant.answers(reply(f'{attack} https://example.org/"onmouseover="x', attack))
    expect(page.locator("article.assistant")).to_be_visible()
    page.reload()
    expect(page.locator("article")).to_have_count(2)
    assert attack in texts(page)[1]
    expect(page.locator("article img, article script")).to_have_count(0)
    expect(page.locator("article a")).to_have_attribute("href", "https://example.org/")
    assert page.title() != "owned"


def test_older_messages_come_when_one_scrolls_up_and_the_view_stays(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    say(page, "一")
    assistant.answers(reply("答一"))
    expect(page.locator("article")).to_have_count(2)
    converse(page, assistant, 30)
    page.reload()
    expect(page.locator("article")).to_have_count(30)
    scroller = page.locator("#scroller")
    oldest = page.locator("article").first
    oldest_text = oldest.inner_text()
    scroller.evaluate("element => element.scrollTop = 40")
    expect(page.locator("article")).to_have_count(60)
    kept = page.locator("article", has_text=oldest_text.splitlines()[-1]).first
    assert -100 < kept.bounding_box()["y"] - scroller.bounding_box()["y"] < 100  # type: ignore[index]
    page.get_by_role("button", name="查看更早的消息").click()
    expect(page.locator("article")).to_have_count(62)
    expect(page.get_by_role("button", name="查看更早的消息")).to_be_hidden()


def test_who_reads_above_is_told_of_news_and_not_moved(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    say(page, "一")
    assistant.answers(reply("很长。\n\n" * 40))
    expect(page.locator("article.assistant")).to_be_visible()
    scroller = page.locator("#scroller")
    scroller.evaluate("element => element.scrollTop = 0")
    expect(page.locator("#newest")).to_have_text("回到最新消息")
    say(page, "二")
    heard = assistant.hears()
    scroller.evaluate("element => element.scrollTop = 0")
    expect(page.locator("#newest")).to_be_visible()
    assistant.says(heard, reply("答二"))
    expect(page.locator("#newest")).to_have_text("新消息：1 条")
    assert scroller.evaluate("element => element.scrollTop") == 0
    page.locator("#newest").click()
    expect(page.locator("#newest")).to_be_hidden()
    expect(page.locator("article.assistant").last).to_be_in_viewport()


def test_an_answer_longer_than_the_screen_is_shown_from_its_beginning(
    open_page: OpenPage, assistant: Assistant
) -> None:
    page = open_page()
    say(page, "一")
    assistant.answers(reply("很长。\n\n" * 60 + "https://example.org/", "甲", "乙"))
    expect(page.locator("article.assistant .about")).to_be_in_viewport()
    expect(page.get_by_role("banner")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")


def test_a_line_between_numbered_ones_tells_about_the_one_before(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    say(page, "众创空间")
    assistant.answers(reply("共2条。\n1. 甲\n张江园\n2. 乙\n青浦园\n\n步骤：\n1. 申请\n2. 审核\n办理入口：网上"))
    expect(page.locator("article.assistant li")).to_have_text(["甲\n张江园", "乙\n青浦园", "申请", "审核"])
    expect(page.locator("article.assistant .text p")).to_have_text(["共2条。", "步骤：", "办理入口：网上"])


def test_yesterdays_message_carries_its_day(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    page.clock.set_fixed_time(datetime(2026, 11, 24, 12, tzinfo=timezone.utc))
    say(page, "你好")
    assistant.answers(reply("您好。"))
    expect(page.locator("article.user time")).to_have_text("20:00")
    expect(page.locator("article.assistant time")).to_contain_text("11月22日")
