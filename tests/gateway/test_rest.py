"""The REST channel over HTTP, the lane underneath it, and a worker that says what it heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import text

from bot.conversations.tables import mailbox
from bot.databases import writing
from bot.settings import Settings
from connectors.gateway import application
from connectors.intake import Gateway
from tests.houses import House

PATH = "/webhooks/rest/webhook"


@pytest.fixture
async def gateway(house: House, tmp_path: Path) -> AsyncIterator[Gateway]:
    worker, stop = house.worker(), asyncio.Event()
    serving = asyncio.ensure_future(worker.run(stop))
    yield Gateway(Settings(state_folder=tmp_path), "secret", house.databases, worker.wakeups, house.clock)
    stop.set()
    await serving


def client_of(gateway: Gateway, address: str = "127.0.0.1", host: str = "127.0.0.1:8000") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(application(gateway), client=(address, 5000), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=f"http://{host}")


@pytest.fixture
async def client(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(gateway) as opened:
        yield opened


async def test_a_message_is_answered_in_rasas_shape(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, json={"sender": "ada", "message": "hello"})
    assert answer.status_code == 200
    (reply,) = answer.json()
    assert (reply["recipient_id"], reply["text"], reply["buttons"][0]["title"]) == ("ada", "hello!", "more")


async def test_a_buttons_payload_sent_back_presses_the_button(client: httpx.AsyncClient, house: House) -> None:
    (reply,) = (await client.post(PATH, json={"sender": "ada", "message": "hello"})).json()
    await client.post(PATH, json={"sender": "ada", "message": reply["buttons"][0]["payload"]})
    pressed = house.rows(mailbox)[-1]
    assert (pressed.kind, pressed.text) == ("button", "more")


async def test_a_typed_intent_is_text(client: httpx.AsyncClient, house: House) -> None:
    await client.post(PATH, json={"sender": "ada", "message": '/choose_entry{"entry": "x"}'})
    assert house.rows(mailbox)[-1].kind == "message"


async def test_a_repeated_message_gets_the_first_answer_again(client: httpx.AsyncClient, house: House) -> None:
    message = {"sender": "ada", "message": "hello", "message_id": "1"}
    first, again = [(await client.post(PATH, json=message)).json() for _ in range(2)]
    assert first == again
    assert house.brain.heard == ["hello"]


async def test_the_same_id_with_another_text_is_a_conflict(client: httpx.AsyncClient) -> None:
    await client.post(PATH, json={"sender": "ada", "message": "hello", "message_id": "1"})
    answer = await client.post(PATH, json={"sender": "ada", "message": "goodbye", "message_id": "1"})
    assert (answer.status_code, answer.json()["error"]) == (409, "same_id_other_text")


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"message": "hello"}, 400, "missing_field"),
        ({"sender": "ada", "message": 1}, 400, "wrong_type"),
        ({"sender": "ada", "message": "hello", "slots": {}}, 400, "unknown_field"),
        ({"sender": "", "message": "hello"}, 422, "bad_id"),
        ({"sender": "ada", "message": "  "}, 422, "empty"),
        ({"sender": "ada", "message": "x" * 10_000}, 413, "too_long"),
        ({"sender": "ada", "message": "x" * 100_000}, 413, "too_large"),
        ([], 400, "wrong_type"),
    ],
)
async def test_a_bad_body_is_refused_with_its_reason(
    client: httpx.AsyncClient, body: object, status: int, error: str
) -> None:
    answer = await client.post(PATH, json=body)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"{", "not_json"), (b"\xff", "not_json"), (b'{"sender": "a", "message": "\\ud800"}', "not_text")],
)
async def test_bytes_that_say_nothing_are_refused(client: httpx.AsyncClient, content: bytes, error: str) -> None:
    answer = await client.post(PATH, content=content, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"] == error


async def test_a_form_of_another_page_is_not_json(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, content=b'{"sender": "a", "message": "b"}', headers={"content-type": "text/plain"})
    assert answer.status_code == 415


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.dictionaries(st.sampled_from(["sender", "message", "message_id", "x"]), inner) | st.lists(inner),
)


@given(ANYTHING)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
async def test_no_body_breaks_the_edge(client: httpx.AsyncClient, body: object) -> None:
    assert (await client.post(PATH, json=body)).status_code < 500


async def test_with_a_token_only_who_has_it_is_answered(gateway: Gateway) -> None:
    gateway = replace(gateway, settings=gateway.settings.copy(update={"rest_token": SecretStr("t0ken")}))
    async with client_of(gateway) as client:
        message = {"sender": "ada", "message": "hello"}
        assert (await client.post(PATH, json=message)).status_code == 401
        assert (await client.post(PATH, json=message, headers={"Authorization": "Bearer t0ken"})).status_code == 200


@pytest.mark.parametrize(
    ("address", "host", "headers"),
    [
        ("192.0.2.1", "127.0.0.1", {}),
        ("127.0.0.1", "assistant.example", {}),
        ("127.0.0.1", "127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}),
    ],
)
async def test_without_a_token_only_this_machine_is_answered(
    gateway: Gateway, address: str, host: str, headers: dict[str, str]
) -> None:
    async with client_of(gateway, address, host) as client:
        answer = await client.post(PATH, json={"sender": "ada", "message": "hello"}, headers=headers)
    assert answer.status_code == 401


async def test_a_database_that_is_down_gives_503_and_says_when_to_come_back(
    client: httpx.AsyncClient, house: House
) -> None:
    with writing(house.databases.conversations) as session:
        session.execute(text("ALTER TABLE lanes RENAME TO gone"))
    answer = await client.post(PATH, json={"sender": "ada", "message": "hello"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_it_lives(client: httpx.AsyncClient) -> None:
    assert (await client.get("/livez")).status_code == 200
