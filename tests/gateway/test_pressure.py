"""What one sender, one address and all together may say before they are asked to wait."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from limits import parse

from bot.conversations.mailbox import Full, Room, accept
from bot.conversations.tables import mailbox
from bot.databases import writing
from bot.settings import Settings
from connectors.gateway import application
from connectors.intake import Gateway
from connectors.pressure import counts_of, limits_of
from tests.houses import House
from tests.servers import RedisServer
from tests.web.serving import Assistant, open_gateway, reply, serving

LIMITS = {"limit_per_sender": "2/minute", "limit_per_address": "6/minute", "limit_of_sessions": "5/minute"}


def gateway_with(folder: Path, **settings: Any) -> Gateway:
    gateway = open_gateway(folder, **{**LIMITS, **settings})
    return replace(gateway, limits=limits_of(gateway.settings))


@asynccontextmanager
async def visitor(gateway: Gateway, address: str = "192.0.2.1", **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application(gateway), client=(address, 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.example", headers=headers) as client:
        opened = await client.post("/chat/session")
        if opened.status_code == 201:
            client.headers["Authorization"] = f"Bearer {opened.json()['token']}"
        yield client


async def say(client: httpx.AsyncClient, text: str = "hello", **said: str) -> httpx.Response:
    return await client.post("/chat/messages", json={"id": str(uuid4()), **(said or {"text": text})})


async def test_beyond_the_limit_a_sender_is_asked_to_wait_and_told_why_once(tmp_path: Path) -> None:
    async with visitor(gateway_with(tmp_path), **{"Accept-Language": "en"}) as client:
        answers = [await say(client) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 429, 429]
    assert 0 < int(answers[2].headers["retry-after"]) <= 60
    assert "wait" in answers[2].json()["message"]
    assert answers[3].json() == {"error": "too_many"}


async def test_the_notice_is_in_the_readers_language(tmp_path: Path) -> None:
    async with visitor(gateway_with(tmp_path), **{"Accept-Language": "zh-CN"}) as client:
        refused = [await say(client) for _ in range(3)][-1]
    assert "稍等" in refused.json()["message"]


async def test_nothing_of_a_refused_message_is_stored(tmp_path: Path) -> None:
    gateway = gateway_with(tmp_path)
    async with visitor(gateway) as client:
        for _ in range(5):
            await say(client)
    with gateway.databases.conversations.connect() as connection:
        assert len(connection.execute(mailbox.select()).all()) == 2


@pytest.mark.parametrize("text", ["转人工", "转人工！", "I want to talk to a person", "Talk to a person"])
async def test_a_request_for_a_person_gets_through(tmp_path: Path, text: str) -> None:
    async with visitor(gateway_with(tmp_path)) as client:
        refused = [await say(client) for _ in range(3)][-1]
        assert refused.status_code == 429
        assert (await say(client, text)).status_code == 202


async def test_a_button_that_asks_for_a_person_gets_through(tmp_path: Path) -> None:
    gateway = gateway_with(tmp_path)
    async with visitor(gateway) as client:
        await say(client)
        said = reply("Shall I ask a colleague?")
        Assistant(gateway).answers({**said, "buttons": [{"title": "Yes, please", "payload": "/request_person"}]})
        (button,) = (await client.get("/chat/history")).json()["messages"][-1]["buttons"]
        await say(client)
        assert (await say(client)).status_code == 429
        assert (await say(client, button=button["reference"])).status_code == 202


async def test_requests_for_a_person_are_no_way_around_the_limit(tmp_path: Path) -> None:
    async with visitor(gateway_with(tmp_path, limit_per_address="")) as client:
        answers = [(await say(client, "转人工")).status_code for _ in range(10)]
    assert answers == [202] * 7 + [429] * 3


async def test_one_senders_limit_is_not_anothers(tmp_path: Path) -> None:
    gateway = gateway_with(tmp_path)
    async with visitor(gateway) as one, visitor(gateway) as other:
        for _ in range(3):
            await say(one)
        assert (await say(other)).status_code == 202


async def test_an_address_has_a_limit_whatever_senders_it_names(tmp_path: Path) -> None:
    gateway = gateway_with(tmp_path, limit_of_sessions="")
    answers = []
    for _ in range(8):
        async with visitor(gateway) as client:
            answers.append((await say(client)).status_code)
    assert answers == [202] * 6 + [429] * 2
    async with visitor(gateway, "192.0.2.2") as elsewhere:
        assert (await say(elsewhere)).status_code == 202


async def test_an_address_opens_so_many_conversations_only(tmp_path: Path) -> None:
    gateway = gateway_with(tmp_path)
    async with visitor(gateway) as client:
        client.headers.pop("Authorization")
        answers = [(await client.post("/chat/session")).status_code for _ in range(5)]
    assert answers == [201] * 4 + [429]


async def test_behind_a_trusted_proxy_the_address_is_the_one_it_names(tmp_path: Path) -> None:
    gateway = gateway_with(tmp_path, trusted_proxies=["10.0.0.1"], limit_of_sessions="1/minute")
    for caller, status in (("192.0.2.1", 201), ("192.0.2.2", 201), ("192.0.2.1", 429), ("203.0.113.9, 192.0.2.2", 429)):
        async with visitor(gateway, "10.0.0.1", **{"X-Forwarded-For": caller}) as client:
            assert ("Authorization" in client.headers) == (status == 201), caller


async def test_who_is_no_trusted_proxy_names_nobody_else(tmp_path: Path) -> None:
    gateway = gateway_with(tmp_path, limit_of_sessions="1/minute")
    opened = []
    for number in range(2):
        async with visitor(gateway, **{"X-Forwarded-For": f"192.0.2.{number}"}) as client:
            opened.append("Authorization" in client.headers)
    assert opened == [True, False]


async def test_the_addresses_of_one_ipv6_network_are_one(tmp_path: Path) -> None:
    gateway = gateway_with(tmp_path, limit_of_sessions="1/minute")
    opened = []
    for address in ("2001:db8:1:1::1", "2001:db8:1:1::2", "2001:db8:1:2::1"):
        async with visitor(gateway, address) as client:
            opened.append("Authorization" in client.headers)
    assert opened == [True, False, True]


async def test_a_conversation_with_a_full_mailbox_is_asked_to_wait(tmp_path: Path) -> None:
    gateway = gateway_with(tmp_path, limit_per_sender="", limit_per_address="", most_waiting_per_conversation=3)
    async with visitor(gateway) as client, visitor(gateway) as other:
        answers = [await say(client) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
        assert answers[-1].headers["retry-after"] == "5"
        assert (await say(client, "转人工")).status_code == 202
        assert (await say(other)).status_code == 202
        for _ in range(3):  # two of them in this conversation
            Assistant(gateway).answers(reply("hello"))
        assert (await say(client)).status_code == 202


async def test_when_too_much_waits_everywhere_it_is_said_before_anything_is_stored(tmp_path: Path) -> None:
    gateway = gateway_with(tmp_path, limit_of_sessions="", most_waiting=3)
    for status in (202, 202, 202, 503):
        async with visitor(gateway) as client:
            answer = await say(client)
            assert answer.status_code == status
    assert (answer.json()["error"], answer.headers["retry-after"]) == ("unavailable", "5")


def test_a_mailbox_has_room_again_when_its_first_entry_is_answered(house: House) -> None:
    def say_with_room(number: int) -> None:
        with writing(house.databases.conversations) as session:
            accept(
                session, channel="web", account="", sender="ada", external_id=str(number), text="hello",
                room=Room(in_lane=2, everywhere=100), now=house.clock(),
            )  # fmt: skip

    say_with_room(1)
    say_with_room(2)
    with pytest.raises(Full):
        say_with_room(3)
    asyncio.run(house.worker().serve_one())
    say_with_room(3)


async def test_a_message_sent_again_needs_no_room(tmp_path: Path) -> None:
    gateway = gateway_with(tmp_path, limit_per_sender="", most_waiting_per_conversation=1)
    message = {"id": str(uuid4()), "text": "hello"}
    async with visitor(gateway) as client:
        answers = [(await client.post("/chat/messages", json=message)).status_code for _ in range(2)]
    assert answers == [202, 202]


async def test_a_conversation_has_so_many_open_streams_only(tmp_path: Path) -> None:
    gateway = gateway_with(tmp_path, most_streams=2)
    with serving(application(gateway)) as url:
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
            client.headers["Authorization"] = f"Bearer {(await client.post('/chat/session')).json()['token']}"
            await say(client)
            async with client.stream("GET", "/chat/stream") as one, client.stream("GET", "/chat/stream") as two:
                assert (one.status_code, two.status_code) == (200, 200)
                assert (await client.get("/chat/stream")).status_code == 429
            for _ in range(100):
                if not gateway.streams:
                    break
                await asyncio.sleep(0.05)
            async with client.stream("GET", "/chat/stream") as again:
                assert again.status_code == 200


def test_gateways_with_redis_count_together(redis: RedisServer) -> None:
    one, other = counts_of(redis.url), counts_of(redis.url)
    limit = parse("2/minute")
    assert [one.hit(limit, "ada"), other.hit(limit, "ada"), one.hit(limit, "ada")] == [True, True, False]


def test_while_redis_hangs_a_gateway_counts_alone_and_waits_for_it_once(redis: RedisServer) -> None:
    counts, limit = counts_of(redis.url), parse("2/minute")
    redis.signal(signal.SIGSTOP)
    began = time.perf_counter()
    answers = [counts.hit(limit, "ada") for _ in range(100)]
    took = time.perf_counter() - began
    redis.signal(signal.SIGCONT)
    assert answers == [True] * 2 + [False] * 98
    assert took < 2


def test_the_default_limits_can_be_read() -> None:
    assert all(
        (limits := limits_of(Settings(_env_file=None))).__dict__[name]
        for name in ("per_sender", "per_address", "of_sessions")
    )
    assert limits.asks_for_a_person("转人工")
    assert not limits.asks_for_a_person("你好")
