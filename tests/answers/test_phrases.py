from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

from bot.phrases import LANGUAGES, PhraseError, Phrases, placeholders, variation
from bot.settings import ROOT
from tests.words import domain

RESPONSES = {
    "utter_hello": [
        {"text": "你好，{name}。", "condition": [{"type": "slot", "name": "language", "value": "zh"}]},
        {"text": "Hello {name}.", "condition": [{"type": "slot", "name": "language", "value": "en"}]},
    ],
    "utter_only_chinese": [{"text": "好。", "condition": [{"type": "slot", "name": "language", "value": "zh"}]}],
}


def say(language: str) -> Phrases:
    return Phrases({"responses": RESPONSES}, language)


def test_a_phrase_is_said_in_the_language_asked_for() -> None:
    assert (say("zh")("utter_hello", name="小张"), say("en")("utter_hello", name="Ada")) == (
        "你好，小张。",
        "Hello Ada.",
    )


def test_a_brace_in_a_value_stays_a_brace() -> None:
    assert say("en")("utter_hello", name="{language} {0} {{x}}") == "Hello {language} {0} {{x}}."


def test_a_missing_phrase_is_named() -> None:
    with pytest.raises(PhraseError, match="utter_nobody"):
        say("zh")("utter_nobody")


def test_a_missing_variation_is_named_with_its_language() -> None:
    with pytest.raises(PhraseError, match=r"utter_only_chinese.*en"):
        say("en")("utter_only_chinese")


def test_a_missing_value_is_named() -> None:
    with pytest.raises(PhraseError, match=r"utter_hello.*name"):
        say("zh")("utter_hello")


def test_a_value_no_phrase_takes_is_named() -> None:
    with pytest.raises(PhraseError, match=r"utter_hello.*mood"):
        say("zh")("utter_hello", name="Ada", mood="good")


def used_in_code() -> set[str]:
    files = [*(ROOT / "actions").glob("*.py"), *(ROOT / "bot").rglob("*.py")]
    return {name for file in files for name in _literals(file) if name.startswith("utter_") and name != "utter_message"}


def _literals(file: Path) -> list[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def used_in_rules() -> set[str]:
    files = (ROOT / "data" / "rules").glob("*.yml")
    rules = [rule for file in files for rule in yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]]
    return {step["action"] for rule in rules for step in rule["steps"] if step.get("action", "").startswith("utter_")}


def begins_a_name(name: str) -> bool:
    """The rest is a code that is put behind it."""
    return name.endswith("_")


def test_every_phrase_that_is_used_is_written() -> None:
    written = domain()["responses"].keys()
    used = used_in_code() | used_in_rules()
    assert sorted(name for name in used - written if not begins_a_name(name)) == []
    assert sorted(name for name in used if begins_a_name(name) and not any(each.startswith(name) for each in written)) == []


def test_every_phrase_that_is_written_is_used() -> None:
    used = used_in_code() | used_in_rules()
    beginnings = tuple(name for name in used if begins_a_name(name))
    assert sorted(name for name in domain()["responses"].keys() - used if not name.startswith(beginnings)) == []


@pytest.mark.parametrize("name", sorted(domain()["responses"]))
def test_both_languages_of_a_phrase_take_the_same_values(name: str) -> None:
    zh, en = (placeholders(variation(domain(), name, language)) for language in LANGUAGES)
    assert zh == en
