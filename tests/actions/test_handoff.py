from __future__ import annotations

import json

from bot.conversations.tables import handoffs
from knowledge.snapshot import Snapshot
from tests.actions.conftest import Chat, found
from tests.words import domain


async def test_a_request_for_a_person_is_written_with_the_turn(chat: Chat) -> None:
    await chat.run("action_request_person", "找人工")
    table, row = chat.turn.rows[0]
    assert table is handoffs
    assert (row["lane_id"], row["entry_id"], row["requested_at"], row["reason"]) == ("lane", 1, chat.turn.now, "asked")


async def test_the_packet_holds_what_was_said_and_found(english: Chat) -> None:
    await english.run("action_answer", "fortune 500?", finding=found("answer", "faq.fortune-500"))
    await english.run("action_request_person", "a person please", finding=found("decline"))
    packet = english.turn.rows[0][1]["packet"]
    assert packet["said"] == ["fortune 500?", "a person please"]
    assert packet["entries"] == ["faq.fortune-500"]
    assert (packet["language"], packet["channel"]) == ("en", "web")
    assert json.loads(json.dumps(packet)) == packet


async def test_the_reason_tells_that_questions_were_declined_before(chat: Chat) -> None:
    await chat.run("action_answer", "x", finding=found("decline"))
    await chat.run("action_request_person", "找人工")
    row = chat.turn.rows[0][1]
    assert (row["reason"], row["packet"]["declined"]) == ("not_answered", 1)
    assert chat.slots["failures"] == 0.0


async def test_the_reply_is_the_response_of_the_domain(chat: Chat) -> None:
    assert await chat.run("action_request_person") == "utter_person_requested"


def test_it_promises_nobody_and_names_the_hotline() -> None:
    for variation in domain()["responses"]["utter_person_requested"]:
        assert "12345" in variation["text"]
    zh, en = (variation["text"] for variation in domain()["responses"]["utter_person_requested"])
    assert "现在不会有人加入对话" in zh
    assert "nobody will join this chat now" in en


def test_the_hotline_is_known_to_be_open_day_and_night(knowledge: Snapshot) -> None:
    for language in ("zh", "en"):
        assert "24" in knowledge.text("service.12345-hotline", "summary", language)
