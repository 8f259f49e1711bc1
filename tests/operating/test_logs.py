"""What was said, and by whom, is in no log and no metric, however a turn ends."""

from __future__ import annotations

import ast
import asyncio
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog
from prometheus_client import generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.conversations.outbox import Impossible, Parcel, Sender, TryAgain
from bot.conversations.tables import mailbox
from bot.conversations.turn import Turn
from bot.conversations.wakeups import LocalWakeups
from bot.databases import reading
from bot.logs import FIELDS, ForOperators, configure
from bot.settings import ROOT
from tests.brains import Assistant
from tests.houses import Clock, Echo, House
from tests.servers import fresh_sqlite

SAID = "我的密码是canary-7731"
WHO = "canary-sender-5512"


@dataclass
class Logs:
    stream: StringIO = field(default_factory=StringIO)

    def read(self) -> str:
        return self.stream.getvalue()

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.read().splitlines()]


@pytest.fixture
def logs() -> Iterator[Logs]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs = Logs()
    configure("DEBUG", logs.stream)
    yield logs
    logging.captureWarnings(False)
    logging.basicConfig(handlers=handlers, level=level, force=True)
    structlog.reset_defaults()


@dataclass
class Quoting(Echo):
    """Fails and quotes what it heard, as a library does."""

    async def answer(self, turn: Turn, kind: str, text: str, payload: dict[str, Any] | None) -> None:
        try:
            int(text)
        except ValueError as error:
            logging.getLogger("rasa.core.processor").exception(f"cannot read {text}")
            structlog.get_logger().error("processor.message.parse", parse_data_text=text)
            raise RuntimeError(f"{text} of {turn.lane_id} is no number") from error


async def drain(house: House) -> None:
    worker = house.worker()
    while await worker.serve_one():
        pass


def reveals(told: str) -> bool:
    return any(canary in told for canary in ("canary", SAID, "密码", "\\u5bc6"))


async def test_a_turn_that_is_answered_is_not_quoted(house: House, logs: Logs) -> None:
    house.say(SAID, sender=WHO)
    await drain(house)
    assert not reveals(logs.read() + generate_latest().decode())


async def test_a_turn_that_fails_is_told_by_kind_and_place_and_not_quoted(house: House, logs: Logs) -> None:
    house.brain = Quoting()
    house.say(SAID, sender=WHO)
    for _ in range(7):
        await drain(house)
        house.clock.advance(60)
    failed = [line for line in logs.lines() if line["event"] == "turn failed"]
    assert [cause["kind"] for cause in failed[0]["exception"]] == ["builtins.RuntimeError", "builtins.ValueError"]
    assert any("test_logs.py" in place for place in failed[0]["exception"][0]["at"])
    assert house.rows(mailbox)[0].state == "dead"
    assert not reveals(logs.read() + generate_latest().decode())


async def test_what_a_failed_turns_exception_said_stands_beside_the_text_in_the_database(house: House) -> None:
    house.brain = Quoting()
    house.say(SAID)
    await drain(house)
    assert SAID in house.rows(mailbox)[0].error


@pytest.mark.parametrize("trouble", [Impossible(SAID), TryAgain(SAID)])
async def test_a_reply_that_is_not_taken_is_not_quoted(house: House, logs: Logs, trouble: Exception) -> None:
    @dataclass
    class Platform:
        async def send(self, parcel: Parcel) -> None:
            raise trouble

    house.say(SAID, sender=WHO)
    await drain(house)
    sender = Sender(house.databases, {"web": Platform()}, LocalWakeups(), house.clock)
    for _ in range(10):
        while await sender.send_one():
            pass
        house.clock.advance(500)
    assert not reveals(logs.read() + generate_latest().decode())


async def test_a_query_that_fails_is_told_by_kind_and_not_quoted(house: House, logs: Logs) -> None:
    """PostgreSQL's message quotes the statement with its values; SQLAlchemy adds no list of them."""
    with (
        pytest.raises(SQLAlchemyError, match="SQL parameters hidden") as caught,
        reading(house.databases.conversations) as session,
    ):
        session.execute(text("SELECT * FROM no_such_table WHERE text = :said"), {"said": SAID})
    structlog.get_logger().error("turn failed", exc_info=caught.value)
    assert logs.lines()[0]["exception"][0]["kind"].startswith("sqlalchemy.exc.")
    assert not reveals(logs.read())


def test_the_trained_assistant_quotes_nobody_when_it_answers(assistant: Assistant, logs: Logs) -> None:
    conversation = assistant.conversation()
    for said in (f"{SAID}，示范区有多少家世界500强？", "canary-7731", "/canary-7731", "转人工，电话13900canary"):
        assert conversation.say(said)
    assert not reveals(logs.read() + generate_latest().decode())


def test_the_trained_assistant_quotes_nobody_when_an_action_fails(
    assistant: Assistant, logs: Logs, tmp_path: Path
) -> None:
    databases = fresh_sqlite(tmp_path)
    with databases.services.execution_options(writes=True).begin() as connection:
        connection.execute(text("DROP TABLE carriers"))
    worker = replace(assistant.worker, databases=databases)
    house = House(databases, Clock())
    house.say("canary-7731 找杨浦的众创空间")
    asyncio.run(worker.serve_one())
    assert house.rows(mailbox)[0].failures == 1
    assert [line["event"] for line in logs.lines()].count("turn failed") == 1
    assert not reveals(logs.read() + generate_latest().decode())
    databases.dispose()


def test_libraries_say_where_and_not_what(logs: Logs) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved: %s", SAID)
    logging.getLogger("py.warnings").warning(SAID)
    lines = logs.lines()
    assert [line["event"] for line in lines] == ["log of a library", "log of a library"]
    assert lines[0]["logger"] == "asyncio"
    assert not reveals(logs.read())


def test_what_is_written_for_operators_is_said(logs: Logs) -> None:
    for error in (ForOperators("run python -m bot train"), FileNotFoundError(2, "No such file or directory", SAID)):
        try:
            raise error
        except Exception:
            structlog.get_logger().exception("worker ended")
    said = [line["exception"][0]["says"] for line in logs.lines()]
    assert said == ["run python -m bot train", "No such file or directory"]


def test_every_field_that_is_logged_is_a_known_one() -> None:
    calls = [
        (path, node)
        for folder in ("bot", "connectors", "actions", "knowledge")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log.")
    ]
    fields = {word.arg: f"{path.name}:{node.lineno}" for path, node in calls for word in node.keywords}
    assert {name: place for name, place in fields.items() if name not in FIELDS} == {}
    assert "runbook" in fields
