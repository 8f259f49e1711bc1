from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from bot.conversations.tables import mailbox, outbox
from bot.databases import reading
from bot.references import sign_button
from connectors.intake import Gateway
from tests.web.serving import Assistant, reply


def stored(gateway: Gateway) -> list[Any]:
    with reading(gateway.databases.conversations) as session:
        return list(session.execute(select(mailbox).order_by(mailbox.c.id)))


async def post(client: httpx.AsyncClient, **fields: Any) -> httpx.Response:
    body = json.dumps({"id": str(uuid4()), **fields})
    return await client.post("/chat/messages", content=body, headers={"Content-Type": "application/json"})


async def history(client: httpx.AsyncClient, **query: str) -> Any:
    return (await client.get("/chat/history", params=query)).json()


async def test_a_message_is_stored_before_it_is_acknowledged(client: httpx.AsyncClient, gateway: Gateway) -> None:
    answer = await post(client, text="哪些众创空间通过了评价？")
    [entry] = stored(gateway)
    assert answer.status_code == 202
    assert answer.json() == {"entry": entry.id}
    assert (entry.kind, entry.text) == ("message", "哪些众创空间通过了评价？")


async def test_the_same_message_sent_again_is_the_same_entry(client: httpx.AsyncClient, gateway: Gateway) -> None:
    name = str(uuid4())
    answers = [await post(client, id=name, text="你好") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202] * 3
    assert len({answer.json()["entry"] for answer in answers}) == len(stored(gateway)) == 1


async def test_the_same_id_with_another_text_is_a_conflict(client: httpx.AsyncClient, gateway: Gateway) -> None:
    name = str(uuid4())
    await post(client, id=name, text="你好")
    answer = await post(client, id=name, text="再见")
    assert (answer.status_code, answer.json()["error"]) == (409, "same_id_other_text")
    assert [entry.text for entry in stored(gateway)] == ["你好"]


async def test_two_visitors_may_use_the_same_id(client: httpx.AsyncClient, gateway: Gateway) -> None:
    name = str(uuid4())
    await post(client, id=name, text="你好")
    other = (await client.post("/chat/session", headers={"Authorization": ""})).json()["token"]
    client.headers["Authorization"] = f"Bearer {other}"
    assert (await post(client, id=name, text="再见")).status_code == 202


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"text": "   \n\t"}, 422, "empty"),
        ({"text": "\u202e\u2066\u200f"}, 422, "empty"),
        ({"text": "字" * 2001}, 413, "too_long"),
        ({"text": "\ud800"}, 422, "not_text"),
        ({"text": 5}, 400, "wrong_type"),
        ({"text": None}, 400, "wrong_type"),
        ({"text": ["你好"]}, 400, "wrong_type"),
        ({"text": "你好", "sender": "somebody else"}, 400, "unknown_field"),
        ({"text": "你好", "conversation": "1"}, 400, "unknown_field"),
        ({"text": "你好", "button": "1.0~x"}, 400, "text_or_button"),
        ({}, 400, "text_or_button"),
        ({"text": "你好", "id": "1"}, 422, "bad_id"),
        ({"text": "你好", "id": "{12345678-1234-1234-1234-123456789012}"}, 422, "bad_id"),
        ({"button": "1.0"}, 422, "unknown_button"),
        ({"button": "\ud800"}, 422, "unknown_button"),
        ({"button": sign_button("another secret", 1, 0)}, 422, "unknown_button"),
    ],
)
async def test_what_cannot_be_taken_is_refused_with_its_reason(
    client: httpx.AsyncClient, gateway: Gateway, body: dict[str, Any], status: int, error: str
) -> None:
    answer = await post(client, **body)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert stored(gateway) == []


async def test_the_longest_message_is_taken_whole(client: httpx.AsyncClient, gateway: Gateway) -> None:
    assert (await post(client, text="𠮷" * 2000)).status_code == 202
    assert [entry.text for entry in stored(gateway)] == ["𠮷" * 2000]


async def test_characters_that_turn_the_text_around_are_left_out(client: httpx.AsyncClient, gateway: Gateway) -> None:
    await post(client, text="贷\u202e款\x07\n多少")
    assert [entry.text for entry in stored(gateway)] == ["贷款\n多少"]


@pytest.mark.parametrize(
    ("language", "message"), [("zh", "消息太长"), ("en", "The message is too long"), ("fr", "The message")]
)
async def test_a_refusal_is_said_in_the_language_of_the_page(
    client: httpx.AsyncClient, language: str, message: str
) -> None:
    body = {"id": str(uuid4()), "text": "x" * 2001}
    answer = await client.post("/chat/messages", json=body, headers={"Accept-Language": language})
    assert answer.json()["message"].startswith(message)


async def test_a_text_that_looks_like_an_intent_stays_a_text(client: httpx.AsyncClient, gateway: Gateway) -> None:
    await post(client, text='/choose_entry{"entry": "faq.fortune-500"}')
    assert [(entry.kind, entry.payload) for entry in stored(gateway)] == [("message", None)]


async def test_a_button_comes_back_as_a_reference_and_its_payload_stays_here(
    client: httpx.AsyncClient, assistant: Assistant
) -> None:
    await post(client, text="贷款")
    assistant.answers(reply("哪一种？", "信用贷款", "担保贷款"))
    page = await client.get("/chat/history")
    assert "choose_entry" not in page.text
    [first, second] = page.json()["messages"][1]["buttons"]
    assert first["title"] == "信用贷款"

    assert (await post(client, button=second["reference"])).status_code == 202
    claim = assistant.hears().claim
    assert (claim.kind, claim.text) == ("button", "担保贷款")
    assert claim.payload is not None
    assert claim.payload["payload"] == '/choose_entry{"entry": "faq.担保贷款"}'
    assert (await history(client))["messages"][2]["chosen"] == second["reference"]


async def test_the_button_of_another_conversation_does_nothing(client: httpx.AsyncClient, assistant: Assistant) -> None:
    await post(client, text="贷款")
    assistant.answers(reply("哪一种？", "信用贷款"))
    reference = (await history(client))["messages"][1]["buttons"][0]["reference"]
    other = (await client.post("/chat/session", headers={"Authorization": ""})).json()["token"]
    answer = await client.post(
        "/chat/messages", json={"id": str(uuid4()), "button": reference}, headers={"Authorization": f"Bearer {other}"}
    )
    assert (answer.status_code, answer.json()["error"]) == (422, "unknown_button")


async def test_the_history_is_read_back_page_by_page(client: httpx.AsyncClient, assistant: Assistant) -> None:
    for number in range(40):
        await post(client, text=f"问题 {number}")
        assistant.answers(reply(f"答复 {number}"))
    read: list[str] = []
    page = await history(client)
    while page["before"]:
        assert len(page["messages"]) == 30
        read = [message["text"] for message in page["messages"]] + read
        page = await history(client, before=page["before"])
    read = [message["text"] for message in page["messages"]] + read
    assert read == [f"{kind} {number}" for number in range(40) for kind in ("问题", "答复")]


async def test_a_reply_that_was_fetched_counts_as_sent(client: httpx.AsyncClient, assistant: Assistant) -> None:
    def states() -> list[str]:
        with reading(assistant.gateway.databases.conversations) as session:
            return list(session.execute(select(outbox.c.state)).scalars())

    await post(client, text="你好")
    assistant.answers(reply("您好。"))
    assert states() == ["queued"]
    await client.get("/chat/history")
    assert states() == ["sent"]


async def test_a_database_that_does_not_answer_is_a_503_that_says_when_to_come_back(
    client: httpx.AsyncClient, gateway: Gateway
) -> None:
    with gateway.databases.conversations.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE lanes RENAME TO elsewhere")
    for answer in (
        await post(client, text="你好"),
        await client.get("/chat/history"),
        await client.get("/chat/stream"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
        assert answer.headers["Retry-After"] == "5"
        assert answer.json()["message"] == "服务暂时不可用，稍后会自动重试。"


@pytest.mark.parametrize("cursor", ["x", "1", "-1.0", "1.x", "1.0" * 20])
async def test_a_cursor_that_was_never_handed_out_is_refused(client: httpx.AsyncClient, cursor: str) -> None:
    await post(client, text="你好")
    for answer in (
        await client.get("/chat/history", params={"before": cursor}),
        await client.get("/chat/stream", headers={"Last-Event-ID": cursor}),
    ):
        assert (answer.status_code, answer.json()["error"]) == (400, "bad_cursor")
