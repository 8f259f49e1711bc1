from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.web.browser.conftest import OpenPage, say, texts
from tests.web.serving import Assistant, reply


def test_offline_messages_wait_and_are_sent_once_in_order(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    say(page, "一")
    assistant.answers(reply("答一"))
    expect(page.locator("article.assistant")).to_have_count(1)
    page.context.set_offline(True)
    expect(page.get_by_role("status")).to_contain_text("连接已断开")
    say(page, "二")
    say(page, "三")
    expect(page.locator("article.user .state").nth(1)).to_have_text(" · 等待发送")
    page.context.set_offline(False)
    assert [assistant.answers(reply("答二")).text, assistant.answers(reply("答三")).text] == ["二", "三"]
    expect(page.get_by_role("status")).not_to_contain_text("连接已断开")
    expect(page.locator("article")).to_have_count(6)
    page.reload()
    expect(page.locator("article")).to_have_count(6)
    assert sorted(texts(page)) == sorted(["一", "答一", "二", "三", "答二", "答三"])


def test_an_acknowledgement_that_was_lost_does_not_make_a_second_message(
    open_page: OpenPage, assistant: Assistant
) -> None:
    page = open_page()
    lost = []

    def lose_the_first(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    page.route("**/chat/messages", lose_the_first)
    say(page, "一")
    expect(page.locator("article.user .state")).to_have_text(" · 已发送")
    assert assistant.answers(reply("答一")).text == "一"
    expect(page.locator("article.assistant")).to_have_count(1)
    expect(page.locator("article")).to_have_count(2)
    say(page, "二")
    expect(page.locator("article.user .state").nth(1)).to_have_text(" · 已发送")
    assert assistant.answers(reply("答二")).text == "二"
    assert lost == [202]


def test_a_message_not_yet_sent_survives_a_reload(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    page.route("**/chat/messages", lambda route: route.abort())
    say(page, "一")
    expect(page.locator("article.user .state")).to_have_text(" · 等待发送")
    page.unroute("**/chat/messages")
    page.reload()
    assert assistant.answers(reply("答一")).text == "一"
    expect(page.locator("article")).to_have_count(2)


def test_a_server_that_is_busy_is_asked_again_when_it_says(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    asked: list[float] = []

    def busy_once(route: Route) -> None:
        asked.append(time.monotonic())
        if len(asked) > 1:
            return route.continue_()
        return route.fulfill(status=503, headers={"Retry-After": "1"}, json={"error": "unavailable", "message": "…"})

    page.route("**/chat/messages", busy_once)
    say(page, "一")
    expect(page.locator("article.user .state")).to_have_text(" · 已发送")
    assert assistant.answers(reply("答一")).text == "一"
    assert asked[1] - asked[0] > 0.95


def test_a_session_that_is_no_longer_known_is_replaced(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    page.evaluate("localStorage.setItem('chat.token', '\"forged\"')")
    page.reload()
    say(page, "一")
    assert assistant.answers(reply("答一")).text == "一"
    expect(page.locator("article.assistant")).to_have_count(1)


def test_a_page_without_storage_still_converses(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page("/livez")
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } })")
    page.goto(page.url.replace("/livez", "/chat?lang=zh"))
    say(page, "一")
    assert assistant.answers(reply("答一")).text == "一"
    expect(page.locator("article.assistant")).to_have_count(1)


@contextmanager
def server(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "tests.web.serving", str(folder), str(port)])
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_killed_server_loses_and_repeats_nothing(open_page: OpenPage, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with server(folder, port) as process:
        page = open_page(base=f"http://127.0.0.1:{port}")
        say(page, "一")
        expect(page.locator("article.assistant")).to_have_count(1)
        say(page, "二")
        process.send_signal(signal.SIGKILL)
        process.wait()
        say(page, "三")
        expect(page.get_by_role("status")).to_contain_text("连接已断开")
        expect(page.locator("article.user .state").nth(2)).to_have_text(" · 等待发送")
    with server(folder, port):
        expect(page.locator("article.assistant")).to_have_count(3, timeout=15_000)
        page.reload()
        expect(page.locator("article")).to_have_count(6)
        assert sorted(texts(page)) == sorted(["一", "二", "三", "“一”", "“二”", "“三”"])
