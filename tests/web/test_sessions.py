from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import httpx
import time_machine

from connectors.web.sessions import LONGEST_AWAY, new_sender, read_session, sign_session


async def test_a_session_is_a_token_that_the_server_has_signed(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/chat/session")
    assert answer.status_code == 201
    assert answer.json().keys() == {"token"}
    assert "set-cookie" not in answer.headers


async def test_without_a_session_nothing_is_taken_and_nothing_is_shown(visitor: httpx.AsyncClient) -> None:
    refused = [
        await visitor.post("/chat/messages", json={"id": str(uuid4()), "text": "你好"}),
        await visitor.get("/chat/history"),
        await visitor.get("/chat/stream"),
    ]
    assert [(answer.status_code, answer.json()["error"]) for answer in refused] == [(401, "no_session")] * 3


async def test_a_forged_session_is_no_session(visitor: httpx.AsyncClient) -> None:
    forged = sign_session("another secret", new_sender())
    for token in (forged, "", "x" * 10_000, "é".encode()):
        authorization = b"Bearer " + (token if isinstance(token, bytes) else token.encode())
        answer = await visitor.get("/chat/history", headers=[(b"authorization", authorization)])
        assert answer.status_code == 401


async def test_a_known_visitor_gets_a_fresh_token_for_the_same_conversation(client: httpx.AsyncClient) -> None:
    await client.post("/chat/messages", json={"id": str(uuid4()), "text": "你好"})
    fresh = (await client.post("/chat/session")).json()["token"]
    history = await client.get("/chat/history", headers={"Authorization": f"Bearer {fresh}"})
    assert [message["text"] for message in history.json()["messages"]] == ["你好"]


async def test_two_visitors_never_see_each_other(client: httpx.AsyncClient) -> None:
    await client.post("/chat/messages", json={"id": str(uuid4()), "text": "我的秘密"})
    stranger = (await client.post("/chat/session", headers={"Authorization": ""})).json()["token"]
    history = await client.get("/chat/history", headers={"Authorization": f"Bearer {stranger}"})
    assert history.json()["messages"] == []


def test_a_session_ends_after_half_a_year_without_a_visit() -> None:
    with time_machine.travel("2026-11-22", tick=False) as clock:
        token = sign_session("secret", "somebody")
        clock.shift(LONGEST_AWAY)
        assert read_session("secret", token) == "somebody"
        clock.shift(timedelta(seconds=1))
        assert read_session("secret", token) is None


async def test_a_page_of_another_site_cannot_post(client: httpx.AsyncClient) -> None:
    message = {"id": str(uuid4()), "text": "你好"}
    for origin in ("https://evil.example", "null", "http://chat.example.evil.example"):
        for path in ("/chat/session", "/chat/messages"):
            answer = await client.post(path, json=message, headers={"Origin": origin})
            assert (answer.status_code, answer.json()["error"]) == (403, "foreign_origin")


async def test_the_own_page_and_an_allowed_one_can_post(client: httpx.AsyncClient) -> None:
    for origin in ("http://chat.example", "https://park.example"):
        answer = await client.post(
            "/chat/messages", json={"id": str(uuid4()), "text": "你好"}, headers={"Origin": origin}
        )
        assert answer.status_code == 202
