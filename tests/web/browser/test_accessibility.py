"""WCAG 2.2 AA in every state of the page, in both languages, light and dark, on a phone and on a desk."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.browser.conftest import DESK, PHONE, OpenPage, converse, say
from tests.web.serving import Assistant, reply

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TARGET = 44
axe = Axe()


def assert_accessible(page: Page) -> None:
    results = axe.run(page, options={"runOnly": WCAG})
    assert results.response["passes"]
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize(
    ("language", "scheme", "size"),
    [("zh", "light", PHONE), ("en", "dark", PHONE), ("zh", "dark", DESK), ("en", "light", DESK)],
)
def test_every_state_is_accessible(
    open_page: OpenPage, assistant: Assistant, language: str, scheme: str, size: tuple[int, int]
) -> None:
    page = open_page(f"/chat?lang={language}", size, color_scheme=scheme)
    expect(page.locator("#welcome")).to_be_visible()
    assert_accessible(page)

    say(page, "贷款")
    expect(page.locator("#working")).to_be_visible()
    assert_accessible(page)

    assistant.answers(reply("一：\n- 二 https://example.org/\n- 三\n\n1. 四", "信用贷款", "担保贷款"))
    page.get_by_role("button", name="担保贷款").click()
    assistant.answers(reply("很长。\n\n" * 40))
    expect(page.locator("article.assistant")).to_have_count(2)
    page.locator("#scroller").evaluate("element => element.scrollTop = 0")
    expect(page.locator("#newest")).to_be_visible()
    expect(page.locator(".options .chosen")).to_be_visible()
    assert_accessible(page)

    page.locator("#text").fill("x" * 2001)
    page.locator("#text").press("Enter")
    page.context.set_offline(True)
    say(page, "贷款")
    expect(page.locator("[data-state=waiting]")).to_be_visible()
    expect(page.get_by_role("status")).not_to_be_empty()
    page.locator("#text").fill("x" * 2001)
    page.locator("#text").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)


def test_a_colleague_and_a_notice_are_accessible(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    say(page, "转人工")
    assistant.answers(reply("请稍候。"))
    expect(page.locator("article.assistant")).to_be_visible()
    page.evaluate(
        """() => {
            const said = document.querySelector("article.assistant");
            for (const role of ["colleague", "notice"]) {
                const copy = said.cloneNode(true);
                copy.className = role;
                said.after(copy);
            }
        }"""
    )
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert_accessible(page)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_control_is_large_enough_for_a_thumb(open_page: OpenPage, assistant: Assistant, language: str) -> None:
    page = open_page(f"/chat?lang={language}&embedded=1")
    sizes = "controls => controls.map(control => [control.textContent, control.offsetWidth, control.offsetHeight])"

    def small() -> list[object]:
        controls = page.locator("button:visible, header a:visible, textarea:visible")
        return [size for size in controls.evaluate_all(sizes) if min(size[1:]) < SMALLEST_TARGET]

    assert small() == []
    say(page, "贷款")
    assistant.answers(reply("哪一种？", "一", "二"))
    expect(page.get_by_role("button", name="一")).to_be_visible()
    converse(page, assistant, 20)
    page.reload()
    expect(page.locator("#earlier")).to_be_attached()
    assert small() == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_sticks_out_or_overlaps_at_any_width(open_page: OpenPage, assistant: Assistant, language: str) -> None:
    page = open_page(f"/chat?lang={language}&embedded=1")
    say(page, "长" * 300 + "x" * 300)
    assistant.answers(reply("x" * 300 + " https://example.org/" + "y" * 300, "z" * 90))
    expect(page.locator("article.assistant")).to_be_visible()
    for width in (320, 360, 412, 768, 1280):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), width
        assert page.locator("#scroller").evaluate("element => element.scrollWidth <= element.clientWidth"), width
        title, switch = page.evaluate(
            """() => {
                const range = document.createRange();
                range.selectNodeContents(document.querySelector("h1"));
                return [range, document.getElementById("language")].map((one) => one.getBoundingClientRect());
            }"""
        )
        assert title["right"] <= switch["left"], width


def test_focus_is_never_hidden_by_the_input_bar(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    say(page, "贷款")
    assistant.answers(reply("哪一种？", *(f"第 {number} 种贷款产品" for number in range(20))))
    expect(page.get_by_role("button", name="第 19 种")).to_be_visible()
    page.locator("#scroller").focus()
    bar = page.get_by_role("contentinfo").bounding_box()
    for _ in range(20):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(() => { const r = document.activeElement.getBoundingClientRect(); return [r.top, r.bottom] })()"
        )
        assert focused[0] >= 56
        assert focused[1] <= bar["y"]  # type: ignore[index]


def test_a_larger_text_still_fits(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page("/chat?lang=en", (1280, 1024))
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    say(page, "Which loans are there?")
    assistant.answers(reply("Two.", "Credit", "Guarantee", language="en"))
    expect(page.get_by_role("button", name="Guarantee")).to_be_in_viewport()
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_motion_stops_for_those_who_ask_for_it(open_page: OpenPage) -> None:
    page = open_page()
    say(page, "贷款")
    expect(page.locator("#working")).to_be_visible()
    assert page.locator(".dots i").first.evaluate("dot => getComputedStyle(dot).animationName") == "none"


def test_what_is_new_is_read_aloud_and_options_are_counted(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_be_empty()
    say(page, "贷款")
    assistant.answers(reply("哪一种？", "一", "二", "三"))
    expect(log.get_by_text("选项：3 个")).to_have_count(1)
    expect(log.locator("article.assistant")).to_contain_text("助手")
