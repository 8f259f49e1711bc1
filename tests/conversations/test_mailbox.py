from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversations.mailbox import LONGEST_TEXT, Refused, SameIdOtherText, accept, speakable
from bot.conversations.tables import lanes, mailbox
from bot.databases import writing
from tests.houses import House


def test_a_message_waits_in_the_mailbox_of_its_sender(house: House) -> None:
    accepted = house.say("你好")
    (entry,) = house.rows(mailbox)
    assert (entry.id, entry.text, entry.state) == (accepted.entry_id, "你好", "waiting")


def test_the_same_id_with_the_same_text_is_the_same_entry(house: House) -> None:
    first = house.say("hello", external_id="1")
    again = house.say("hello", external_id="1")
    assert again.entry_id == first.entry_id
    assert again.repeated
    assert len(house.rows(mailbox)) == 1


def test_the_same_id_with_another_text_is_an_error(house: House) -> None:
    house.say("hello", external_id="1")
    with pytest.raises(SameIdOtherText):
        house.say("goodbye", external_id="1")


def test_two_senders_may_use_the_same_id(house: House) -> None:
    house.say("hello", external_id="1", sender="ada")
    house.say("hello", external_id="1", sender="bob")
    assert len(house.rows(lanes)) == 2


def test_entries_of_a_lane_are_numbered_without_gaps(house: House) -> None:
    for text in "abc":
        house.say(text)
    assert [entry.position for entry in house.rows(mailbox)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("\u202e\u0000", "empty"),
        ("x" * (LONGEST_TEXT + 1), "too_long"),
        ("\ud800", "not_text"),
    ],
)
def test_what_cannot_be_said_is_refused_with_its_reason(house: House, text: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        house.say(text)
    assert refused.value.reason == reason
    assert house.rows(mailbox) == []


def test_control_and_bidirectional_characters_are_dropped() -> None:
    assert speakable("a\u202eb\x00c\nd") == "abc\nd"


@pytest.mark.parametrize("external_id", ["", "x" * 129, "a\nb", "\ud800"])
def test_an_id_that_is_none_is_refused(house: House, external_id: str) -> None:
    with pytest.raises(Refused, match="bad_id"), writing(house.databases.conversations) as session:
        accept(
            session, channel="web", account="", sender="ada", external_id=external_id, text="hello", now=house.clock()
        )


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_any_text_is_either_spoken_or_refused(text: str) -> None:
    try:
        said = speakable(text)
    except Refused:
        return
    assert said
    assert said.encode()


async def test_a_button_says_its_title_and_means_its_payload(house: House) -> None:
    house.say("hello")
    await house.worker().serve_one()
    house.say("", button=(1, 0))
    pressed = house.rows(mailbox)[-1]
    assert (pressed.kind, pressed.text, pressed.payload["payload"]) == ("button", "more", "/show_more")


async def test_a_button_of_another_conversation_is_unknown(house: House) -> None:
    house.say("hello", sender="ada")
    await house.worker().serve_one()
    with pytest.raises(Refused, match="unknown_button"):
        house.say("", sender="bob", button=(1, 0))
