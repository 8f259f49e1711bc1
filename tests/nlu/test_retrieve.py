from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.conversations.turn import Turn
from bot.nlu.encode import Encode
from bot.nlu.normalise import Normalise
from bot.nlu.retrieve import FINDING, Retrieve
from tests.nlu.turns import taking


def retrieved(text: str) -> dict[str, Any]:
    message = Message({"text": text})
    for component in (Normalise.create(), Encode.create(), Retrieve.create()):
        component.process([message])
    found: dict[str, Any] = message.as_dict(only_output_properties=True)[FINDING]
    return found


def test_the_finding_goes_on_to_the_actions(turn: Turn) -> None:
    found = retrieved("張江銀行開了嗎")
    assert found["band"] == "answer"
    assert found["hits"][0]["entry_id"] == "programme.zhangjiang-bank"
    assert set(found) == {"band", "confidence", "hits"}
    assert set(found["hits"][0]) == {"entry_id", "score", "matched_text"}


def test_it_is_the_finding_of_a_search_in_the_language_of_the_message(turn: Turn) -> None:
    text = "has the Zhangjiang Bank opened"
    expected = turn.snapshot.search(text, "en", today=turn.today)
    assert [hit["entry_id"] for hit in retrieved(text)["hits"]] == [hit.entry_id for hit in expected.hits]
    assert retrieved(text)["confidence"] == pytest.approx(expected.confidence, abs=1e-4)


def test_a_message_without_words_is_searched_in_the_language_of_the_conversation(turn: Turn) -> None:
    english = replace(turn, memory={"slots": {"language": "en"}})
    with taking(english):
        expected = turn.snapshot.search("LPR", "en", today=turn.today)
        assert retrieved("LPR")["confidence"] == pytest.approx(expected.confidence, abs=1e-4)


def test_shouting_finds_the_same(turn: Turn) -> None:
    assert retrieved("HAS THE ZHANGJIANG BANK OPENED")["hits"] == retrieved("has the zhangjiang bank opened")["hits"]


def test_nothing_is_found_for_nothing(turn: Turn) -> None:
    assert retrieved("") == {"band": "decline", "confidence": 0.0, "hits": ()}
