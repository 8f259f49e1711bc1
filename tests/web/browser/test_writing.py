from __future__ import annotations

from playwright.sync_api import expect

from tests.web.browser.conftest import OpenPage, say, texts
from tests.web.serving import Assistant, reply


def test_enter_sends_and_shift_enter_starts_a_line(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    box = page.locator("#text")
    box.press_sequentially("第一行")
    box.press("Shift+Enter")
    box.press_sequentially("第二行")
    small = box.bounding_box()
    box.press("Enter")
    assert assistant.answers(reply("好。")).text == "第一行\n第二行"
    expect(box).to_have_value("")
    assert small is not None
    assert box.bounding_box()["height"] < small["height"]  # type: ignore[index]


def test_enter_chooses_a_word_while_an_input_method_composes(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    box = page.locator("#text")
    box.focus()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "ni'hao", "selectionStart": 6, "selectionEnd": 6})
    keyboard.send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    )
    expect(page.locator("article")).to_have_count(0)
    keyboard.send("Input.insertText", {"text": "你好"})
    expect(box).to_have_value("你好")
    box.press("Enter")
    assert assistant.answers(reply("您好。")).text == "你好"


def test_safaris_late_enter_does_not_send_either(open_page: OpenPage) -> None:
    page = open_page()
    page.locator("#text").fill("你好")
    page.locator("#text").dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "bubbles": True})
    expect(page.locator("article")).to_have_count(0)
    expect(page.locator("#text")).to_have_value("你好")


def test_nothing_and_blanks_are_not_sent(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("button", name="发送").click()
    say(page, "  \n ")
    expect(page.locator("article")).to_have_count(0)


def test_a_text_that_is_too_long_stays_in_the_box_with_the_reason(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page("/chat?lang=en")
    box = page.locator("#text")
    say(page, "x" * 2001)
    expect(page.locator("#mistake")).to_contain_text("at most 2,000 characters")
    expect(page.locator("#mistake")).to_contain_text("2001 / 2000")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_value("x" * 2001)
    say(page, "𠮷" * 2000)
    assert assistant.answers(reply("ok")).text == "𠮷" * 2000
    expect(page.locator("#mistake")).to_have_text("")


def test_what_the_server_refuses_is_explained_at_the_message(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    say(page, "\u202e\u202c")
    expect(page.locator("article.user .mistake")).to_have_text("请先输入内容。")
    expect(page.locator("article.user .state")).to_have_text(" · 未发送")
    say(page, "你好")
    assert assistant.answers(reply("您好。")).text == "你好"


def test_a_button_that_was_refused_can_be_used_again(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    say(page, "贷款")
    assistant.answers(reply("哪一种？", "信用贷款", "担保贷款"))
    button = page.get_by_role("button", name="信用贷款")
    page.route("**/chat/messages", lambda route: route.fulfill(status=422, json={"error": "x", "message": "不行"}))
    button.click()
    expect(page.locator("article.user .mistake")).to_have_text("不行")
    page.unroute("**/chat/messages")
    expect(page.locator(".options [aria-disabled]")).to_have_count(0)
    button.click()
    assert assistant.answers(reply("好。")).text == "信用贷款"


def test_the_keyboard_alone_is_enough(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    focused = lambda: page.evaluate("document.activeElement.id || document.activeElement.textContent")  # noqa: E731
    order = []
    for _ in range(8):
        page.keyboard.press("Tab")
        order.append(focused())
    examples = page.locator("#welcome button").all_inner_texts()
    assert order == ["跳到输入框", "language", "person", "scroller", *examples, "text"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert assistant.answers(reply("哪一种？", "信用贷款", "担保贷款")).text == examples[-1]
    expect(page.get_by_role("button", name="担保贷款")).to_be_visible()
    page.locator("#text").focus()
    page.keyboard.press("Shift+Tab")
    assert focused() == "担保贷款"
    page.keyboard.press("Space")
    assert assistant.answers(reply("好。")).text == "担保贷款"
    expect(page.locator("article")).to_have_count(4)
    assert focused().startswith("担保贷款")  # no jump
    assert texts(page)[-1] == "好。"


def test_the_skip_link_leads_to_the_box(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
