"""Which entry is meant: by a confident finding, by its name alone, or it is not certain."""

from __future__ import annotations

from typing import Any

import pytest

from bot.answers.decide import LIKELY, Answer, Decline, Guess, Offer, decide
from bot.answers.heard import heard
from tests.words import Content, occasion


def message(
    text: str = "",
    *,
    intent: str = "ask",
    band: str = "decline",
    confidence: float = LIKELY / 2,
    hits: tuple[str, ...] = (),
    **named: str,
) -> dict[str, Any]:
    entities = []
    for entity, value in named.items():
        words, _, entry = value.partition("=")
        start = text.index(words)
        entities.append({"entity": entity, "value": entry, "start": start, "end": start + len(words)})
    found = [{"entry_id": hit, "score": 1.0, "matched_text": ""} for hit in hits]
    finding = {"band": band, "confidence": confidence, "hits": found}
    return {"text": text, "intent": {"name": intent}, "entities": entities, "finding": finding}


def decision(content: Content, said: dict[str, Any]) -> Answer | Guess | Offer | Decline:
    content.add("programme.bank", "张江银行", "Zhangjiang Bank")
    content.add("faq.idea", "张江银行的设想", "The idea of the bank")
    content.add(
        "park.songjiang", "松江园", "Songjiang Park", jurisdiction={"level": "park", "parks": ["park.songjiang"]}
    )
    return decide(heard(said), occasion(content.snapshot()))


def offered(found: Answer | Guess | Offer | Decline) -> list[str]:
    assert isinstance(found, Offer)
    return [str(entry.id) for entry in found.entries]


def answered(found: Answer | Guess | Offer | Decline) -> str:
    assert isinstance(found, Answer)
    return str(found.entry.id)


def test_a_confident_finding_is_answered(content: Content) -> None:
    assert answered(decision(content, message(band="answer", hits=("faq.idea", "programme.bank")))) == "faq.idea"


def test_a_confident_finding_counts_more_than_a_name_in_the_question(content: Content) -> None:
    said = message("张江银行的设想是什么", band="answer", hits=("faq.idea",), entry="张江银行=programme.bank")
    assert answered(decision(content, said)) == "faq.idea"


def test_a_name_that_is_all_that_was_said_is_answered(content: Content) -> None:
    said = message("张江银行？", band="answer", hits=("faq.idea",), entry="张江银行=programme.bank")
    assert answered(decision(content, said)) == "programme.bank"


def test_a_park_that_is_all_that_was_said_is_answered(content: Content) -> None:
    said = message("松江园", band="decline", park="松江园=park.songjiang")
    assert answered(decision(content, said)) == "park.songjiang"


def test_an_unsure_finding_is_offered_with_what_was_named(content: Content) -> None:
    said = message(
        "张江银行跟别的银行有啥不同呢",
        band="offer",
        hits=("faq.idea", "park.songjiang"),
        entry="张江银行=programme.bank",
    )
    assert offered(decision(content, said)) == ["faq.idea", "programme.bank", "park.songjiang"]


def test_a_likely_finding_is_answered_as_a_guess_with_the_others_beside_it(content: Content) -> None:
    said = message(
        "银行有啥不同呢", band="offer", confidence=LIKELY, hits=("faq.idea", "programme.bank", "park.songjiang")
    )
    guessed = decision(content, said)
    assert isinstance(guessed, Guess)
    assert (guessed.entry.id, [str(other.id) for other in guessed.others]) == (
        "faq.idea",
        ["programme.bank", "park.songjiang"],
    )


def test_an_unsure_finding_that_was_also_named_is_answered_and_a_person_offered(content: Content) -> None:
    said = message(
        "张江银行跟别的银行有啥不同呢",
        band="offer",
        hits=("programme.bank", "faq.idea"),
        entry="张江银行=programme.bank",
    )
    assert decision(content, said) == Answer(content.snapshot().entries["programme.bank"], certain=False)


def test_what_was_named_is_offered_when_nothing_was_found(content: Content) -> None:
    said = message("张江银行楼下停车多少钱一小时", entry="张江银行=programme.bank", hits=("faq.idea",))
    assert offered(decision(content, said)) == ["programme.bank"]


def test_nothing_found_and_nothing_named_is_declined(content: Content) -> None:
    assert isinstance(decision(content, message(hits=("faq.idea",))), Decline)


def test_what_seems_out_of_scope_is_answered_only_with_confidence(content: Content) -> None:
    sure = message(intent="out_of_scope", band="answer", hits=("faq.idea",))
    unsure = message(
        "松江园天气", intent="out_of_scope", band="offer", hits=("faq.idea",), park="松江园=park.songjiang"
    )
    assert answered(decision(content, sure)) == "faq.idea"
    assert isinstance(decision(content, unsure), Decline)


def test_an_entry_that_is_no_longer_published_is_not_answered(content: Content) -> None:
    assert isinstance(decision(content, message(band="answer", hits=("faq.gone",))), Decline)


@pytest.mark.parametrize("value", [["makerspace", "incubator"], "makerspace"])
def test_a_button_may_name_several_values(value: Any) -> None:
    said = heard({"entities": [{"entity": "carrier_kind", "value": value}]})
    assert said.named["carrier_kind"] == (("makerspace", "incubator") if isinstance(value, list) else ("makerspace",))


def test_true_is_heard_as_the_word_of_the_vocabulary() -> None:
    assert heard({"entities": [{"entity": "free_seats", "value": True}]}).named == {"free_seats": ("true",)}
