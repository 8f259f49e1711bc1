"""The page in a real browser. Each test has a server, a database and a person of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.conversations.mailbox import accept
from bot.databases import writing
from connectors.web.sessions import read_session
from tests.web.serving import SECRET, Assistant, reply

CHROMIUM = "/usr/bin/chromium"
# Playwright turns off the partitioning of storage, which browsers have: naming other features turns it on again.
FEATURES = "--disable-features=HttpsUpgrades,LensOverlay,MediaRouter,PaintHolding"
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    FEATURES,
)
PHONE, DESK = (360, 740), (1280, 800)
EXPECTED = re.compile(
    "frame-ancestors|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED|ERR_INCOMPLETE|ERR_EMPTY_RESPONSE|status of (4|503)"
)

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Not longer than a module: while Playwright's loop runs, no asynchronous test can.
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """Opens the page for a new person. What the browser complains of fails the test."""
    contexts, complaints = [], []

    def opened(path: str = "/chat?lang=zh", size: tuple[int, int] = PHONE, base: str = address, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(base + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [complaint for complaint in complaints if not EXPECTED.search(complaint)] == []


def say(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


def texts(page: Page) -> list[str]:
    """What is said on the page, in its order."""
    return page.locator("article .text").all_inner_texts()


def converse(page: Page, assistant: Assistant, count: int) -> None:
    """`count` questions and answers more, as if they had been typed before."""
    token = page.evaluate("JSON.parse(localStorage.getItem('chat.token'))")
    sender = read_session(SECRET, token)
    assert sender is not None
    for number in range(count):
        with writing(assistant.gateway.databases.conversations) as session:
            accept(
                session, channel="web", account="web", sender=sender, external_id=f"earlier-{number}",
                text=f"问题 {number}", now=assistant.gateway.clock(),
            )  # fmt: skip
        assistant.answers(reply(f"答复 {number}"))
