"""Whatever is posted, the answer is a clear one."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.gateway import application
from connectors.web.sessions import new_sender, sign_session
from tests.web.serving import SECRET, open_gateway

JSON = {"Content-Type": "application/json"}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
nearly = st.fixed_dictionaries(
    {},
    optional={
        "id": anything | st.uuids().map(str),
        "text": anything | st.text(st.characters(), max_size=2100),
        "button": anything,
        "extra": anything,
    },
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("bad-bodies")
    return application(open_gateway(folder))


def answer_to(app: Any, body: bytes, **headers: str) -> httpx.Response:
    async def post() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://chat.example") as client:
            token = sign_session(SECRET, new_sender())
            return await client.post(
                "/chat/messages", content=body, headers={"Authorization": f"Bearer {token}", **JSON, **headers}
            )

    return asyncio.run(post())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | (nearly | anything).map(lambda value: json.dumps(value).encode()))
def test_any_body_is_taken_or_refused_with_a_reason(app: Any, body: bytes) -> None:
    answer = answer_to(app, body)
    if answer.status_code != 202:
        assert 400 <= answer.status_code < 500
        assert answer.json().keys() == {"error", "message"}


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"", 400, "not_json"),
        (b"{", 400, "not_json"),
        (b"\xff\xfe", 400, "not_json"),
        (b"[" * 60_000, 400, "not_json"),
        (b"9" * 60_000, 400, "not_json"),
        (b"[]", 400, "wrong_type"),
        (b'{"text": "hello"}', 400, "missing_field"),
        (b" " * (64 * 1024 + 1), 413, "too_large"),
    ],
)
def test_a_body_that_is_no_message_is_refused(app: Any, body: bytes, status: int, error: str) -> None:
    answer = answer_to(app, body)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_form_is_not_a_message(app: Any) -> None:
    answer = answer_to(app, b"text=hello", **{"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, answer.json()["error"]) == (415, "not_json")


def test_a_message_in_any_letters_is_taken(app: Any) -> None:
    body = {"id": str(uuid4()), "text": "Ünïcödé 🏢 مرحبا 漢字"}
    assert answer_to(app, json.dumps(body).encode()).status_code == 202
