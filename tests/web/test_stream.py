"""The stream over real HTTP."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.concurrency import run_in_threadpool

from bot.conversations.mailbox import accept
from bot.databases import writing
from connectors.web.sessions import new_sender, sign_session
from tests.web.serving import SECRET, Assistant, reply

Event = dict[str, Any]


@pytest.fixture
async def phone(address: str) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=20, limits=limits, headers=known(new_sender())) as client:
        yield client


def known(sender: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {sign_session(SECRET, sender)}"}


async def say(client: httpx.AsyncClient, text: str, **headers: str) -> None:
    answer = await client.post("/chat/messages", json={"id": str(uuid4()), "text": text}, headers=headers)
    assert answer.status_code == 202


@asynccontextmanager
async def listening(client: httpx.AsyncClient, **headers: str) -> AsyncIterator[AsyncIterator[Event]]:
    async with client.stream("GET", "/chat/stream", headers=headers) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield events(answer)


async def events(answer: httpx.Response) -> AsyncIterator[Event]:
    event: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            event[name] = value
        else:
            if "data" in event:
                yield {**event, "data": json.loads(event["data"])}
            event = {}


async def said(stream: AsyncIterator[Event], count: int) -> list[str]:
    texts: list[str] = []
    while len(texts) < count:
        event = await asyncio.wait_for(anext(stream), 10)
        if event["event"] == "utterance":
            texts.append(event["data"]["text"])
    return texts


async def test_before_the_first_word_there_is_nothing_to_listen_to(phone: httpx.AsyncClient) -> None:
    assert (await phone.get("/chat/stream")).status_code == 204


async def test_an_answer_arrives_as_soon_as_it_is_committed(phone: httpx.AsyncClient, assistant: Assistant) -> None:
    await say(phone, "你好")
    async with listening(phone) as stream:
        assert await said(stream, 1) == ["你好"]
        heard = await run_in_threadpool(assistant.hears)
        await asyncio.sleep(0.2)
        started = time.monotonic()
        await run_in_threadpool(assistant.says, heard, reply("您好。", "贷款"))
        assert await said(stream, 1) == ["您好。"]
        assert time.monotonic() - started < 0.5


async def test_the_page_is_told_when_an_answer_is_being_made(phone: httpx.AsyncClient, assistant: Assistant) -> None:
    await say(phone, "你好")
    async with listening(phone) as stream:
        seen = [await anext(stream), await anext(stream)]
        await run_in_threadpool(assistant.answers, reply("您好。"))
        seen += [await anext(stream), await anext(stream)]
    assert [
        (event["event"], event["data"] if event["event"] == "working" else event["data"]["text"]) for event in seen
    ] == [
        ("utterance", "你好"),
        ("working", True),
        ("utterance", "您好。"),
        ("working", False),
    ]


async def test_a_connection_that_comes_back_gets_what_it_missed_once(
    phone: httpx.AsyncClient, assistant: Assistant
) -> None:
    await say(phone, "一")
    async with listening(phone) as stream:
        cursor = (await anext(stream))["id"]
    await run_in_threadpool(assistant.answers, reply("答一"))
    await say(phone, "二")
    async with listening(phone, **{"Last-Event-ID": cursor}) as stream:
        assert await said(stream, 2) == ["答一", "二"]


async def test_a_new_message_shows_in_every_open_page(phone: httpx.AsyncClient) -> None:
    await say(phone, "一")
    async with listening(phone) as first, listening(phone) as second:
        await said(first, 1), await said(second, 1)
        await say(phone, "二")
        assert await said(first, 1) == await said(second, 1) == ["二"]


async def test_two_hundred_open_pages_need_no_thread_each(phone: httpx.AsyncClient, assistant: Assistant) -> None:
    senders = [new_sender() for _ in range(200)]
    with writing(assistant.gateway.databases.conversations) as session:
        for sender in senders:
            accept(
                session, channel="web", account="web", sender=sender, external_id="1", text="你好",
                now=assistant.gateway.clock(),
            )  # fmt: skip
    before = threading.active_count()
    async with AsyncExitStack() as pages:
        streams = [await pages.enter_async_context(listening(phone, **known(sender))) for sender in senders]
        for stream in streams:
            assert await said(stream, 1) == ["你好"]
        assert threading.active_count() - before <= 45  # those that look into the database, whoever asks
        for _ in range(20):
            await run_in_threadpool(assistant.answers, reply("您好。"))
        answers = await asyncio.gather(*(said(stream, 1) for stream in streams[:20]))
    assert answers == [["您好。"]] * 20
