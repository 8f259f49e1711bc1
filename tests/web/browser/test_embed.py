"""The assistant on a park's own page, which is another site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from connectors.gateway import application
from connectors.intake import Gateway
from tests.web.browser.conftest import DESK, PHONE, OpenPage
from tests.web.browser.test_accessibility import assert_accessible
from tests.web.serving import Assistant, open_gateway, reply, serving

PARK = """<!doctype html><html lang="{language}"><head><title>A park</title></head>
<body><main><h1>A park</h1></main><script src="{chat}/chat/embed.js" async></script></body></html>"""


async def park_page(request: Request) -> Response:
    return HTMLResponse(PARK.format(language=request.query_params["lang"], chat=request.query_params["chat"]))


@pytest.fixture
def park() -> Iterator[str]:
    with serving(Starlette(routes=[Route("/", park_page)])) as url:
        yield url.replace("127.0.0.1", "localhost")  # another site than the chat


@pytest.fixture
def gateway(tmp_path: Path, park: str) -> Iterator[Gateway]:
    opened = open_gateway(tmp_path, allowed_origins=[park])
    yield opened
    opened.databases.dispose()


def visit(open_page: OpenPage, park: str, chat: str, language: str = "zh", size: tuple[int, int] = PHONE) -> Page:
    return open_page(f"/?lang={language}&chat={chat}", size, base=park)


@pytest.mark.parametrize(
    ("language", "words", "size"),
    [("zh-CN", "咨询张江创业助手", PHONE), ("en", "Ask the Zhangjiang Assistant", DESK)],
)
def test_a_park_offers_the_assistant_on_its_page(
    open_page: OpenPage, park: str, address: str, assistant: Assistant, language: str, words: str, size: tuple[int, int]
) -> None:
    page = visit(open_page, park, address, language, size)
    page.get_by_role("button", name=words).click()
    chat = page.frame_locator("iframe")
    expect(chat.locator("#welcome")).to_be_visible()
    chat.locator("#text").fill("你好")
    chat.locator("#text").press("Enter")
    assert assistant.answers(reply("您好。", "贷款")).text == "你好"
    expect(chat.locator("article.assistant")).to_be_visible()
    assert_accessible(page)
    page.reload()
    page.get_by_role("button", name=words).click()
    expect(chat.locator("article")).to_have_count(2)


def test_closing_gives_the_focus_back(open_page: OpenPage, park: str, address: str) -> None:
    page = visit(open_page, park, address)
    button = page.get_by_role("button", name="咨询张江创业助手")
    frame = page.frame_locator("iframe")
    for close in (
        lambda: frame.get_by_role("button", name="关闭").click(),
        lambda: frame.locator("#text").press("Escape"),
    ):
        button.click()
        expect(button).to_be_hidden()
        close()
        expect(button).to_be_focused()
        expect(page.locator("iframe")).to_be_hidden()


def test_a_page_that_is_not_allowed_gets_no_frame(
    open_page: OpenPage, park: str, gateway: Gateway, tmp_path: Path
) -> None:
    strict = open_gateway(tmp_path / "strict", allowed_origins=[])
    with serving(application(strict)) as address:
        page = visit(open_page, park, address)
        with page.expect_event("console", lambda message: "frame-ancestors" in message.text):
            page.get_by_role("button", name="咨询张江创业助手").click()
        expect(page.frame_locator("iframe").locator("#text")).to_have_count(0)
    strict.databases.dispose()
