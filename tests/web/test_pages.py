from __future__ import annotations

import re

import httpx
import pytest

from connectors.web.pages import HERE
from connectors.web.words import catalogues, preferred_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("*", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB", "en"),
        ("en;q=0.5, zh;q=0.9", "zh"),
        ("fr-FR,fr;q=0.9", "en"),
        ("fr, zh-TW;q=0.5", "zh"),
        ("en;q=oops", "en"),
    ],
)
def test_the_language_follows_what_the_browser_asks_for(header: str, language: str) -> None:
    assert preferred_language(header) == language


def test_both_catalogues_say_the_same_things_and_say_them_all() -> None:
    words = catalogues()
    assert words["zh"].keys() == words["en"].keys()
    assert all(text for catalogue in words.values() for text in catalogue.values())
    assert {key: re.findall(r"\{\w+\}", text) for key, text in words["zh"].items()} == {
        key: re.findall(r"\{\w+\}", text) for key, text in words["en"].items()
    }


def test_every_word_of_the_catalogues_is_used() -> None:
    source = "\n".join(
        path.read_text() for path in HERE.rglob("*") if path.suffix in (".html", ".js", ".py") and path.is_file()
    )
    roles_and_states = {"user", "assistant", "colleague", "notice", "sending", "sent", "waiting", "failed"}
    named = set(re.findall(r"""_\('([\w.]+)'\)|words\.(\w+)|\]\.(\w+)|"error\.(\w+)\"""", source))
    used = {name for names in named for name in names if name} | roles_and_states
    unused = {key for key in catalogues()["zh"] if key not in used and not key.startswith("error.")}
    assert unused == set()


async def test_the_page_speaks_the_language_that_is_asked_for(visitor: httpx.AsyncClient) -> None:
    chinese = await visitor.get("/chat", headers={"Accept-Language": "zh-CN"})
    english = await visitor.get("/chat", params={"lang": "en"}, headers={"Accept-Language": "zh-CN"})
    assert '<html lang="zh-CN">' in chinese.text
    assert "张江创业助手" in chinese.text
    assert '<html lang="en">' in english.text
    assert "Zhangjiang Assistant" in english.text


async def test_a_language_nobody_wrote_is_not_repeated(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/chat", params={"lang": '"><script>alert(1)</script>'})
    assert "alert(1)" not in page.text


@pytest.mark.parametrize("path", ["/chat", "/chat/embed.js", "/chat/static/chat.js", "/chat/history"])
async def test_every_answer_says_how_it_may_be_used(visitor: httpx.AsyncClient, path: str) -> None:
    headers = (await visitor.get(path)).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'self' https://park.example"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


async def test_the_page_asks_nothing_of_other_hosts(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/chat")).text
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert [address for address in addresses if not address.startswith(("/chat/static/", "?lang=", "#"))] == []
    for address in addresses:
        if address.startswith("/"):
            assert (await visitor.get(address)).headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_script_and_style_are_light_on_a_phone(visitor: httpx.AsyncClient) -> None:
    sizes = {}
    for name in ("chat.js", "chat.css"):
        async with visitor.stream("GET", f"/chat/static/{name}", headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            sizes[name] = sum([len(chunk) async for chunk in answer.aiter_raw()])
    assert sizes["chat.js"] < 6 * 1024
    assert sizes["chat.css"] < 3 * 1024
