from __future__ import annotations

from collections import Counter

import pytest

from bot import without_tensorflow

without_tensorflow.install()

from bot.nlu.language import language_of
from bot.nlu.normalise import normalise
from bot.settings import ROOT
from knowledge.entry import normal, said
from knowledge.folder import read_folder
from tests.nlu.examples import expected_intents, training_examples

EXAMPLES = list(training_examples())
CONTENT = {
    "ask": 90, "find_carrier": 40, "find_service": 40, "find_institute": 40, "find_training": 40, "show_park": 40,
    "find_policy": 40, "find_approval": 40, "find_loan": 40, "refine": 40, "request_person": 40, "out_of_scope": 120,
}  # fmt: skip


def test_the_knowledge_is_never_trained() -> None:
    """An example that is an entry's own question would say yes to that entry and teach nothing about the next one."""
    entries = read_folder(ROOT / "knowledge" / "content").entries
    questions = {normal(text) for _, entry in entries.values() for path, text in said(entry) if path[0] == "questions"}
    assert [text for _, text in EXAMPLES if normal(text) in questions] == []


def test_no_example_stands_twice() -> None:
    counted = Counter(normalise(text).lower() for _, text in EXAMPLES)
    assert [text for text, times in counted.items() if times > 1] == []


def test_what_is_expected_was_not_learnt() -> None:
    learnt = {normalise(text).lower() for _, text in EXAMPLES}
    assert [text for _, text in expected_intents() if normalise(text).lower() in learnt] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_wish_has_examples_enough_in_both_languages(language: str) -> None:
    counted = Counter(intent for intent, text in EXAMPLES if (language_of(normalise(text)) or language) == language)
    assert {intent: counted[intent] for intent, least in CONTENT.items() if counted[intent] < least} == {}
    assert {intent: times for intent, times in counted.items() if times < 15} == {}
