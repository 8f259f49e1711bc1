"""Questions written apart from the content and the training data, asked of the whole assistant.

`known_failures.yml` lists the questions it does not yet get right: one that fails and is not listed fails the test, and so does one
that is listed and passes, so that the list can only shrink.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT
from tests.brains import Assistant, Conversation

HERE = Path(__file__).parent
EXPECTED: list[dict[str, Any]] = yaml.safe_load((HERE / "expected_answers.yml").read_text())
KNOWN: set[str] = set(yaml.safe_load((HERE / "known_failures.yml").read_text()) or ())
FACTS = [f"F{number:02}" for number in range(1, 37)]

pytestmark = pytest.mark.xdist_group("expected-answers")


@pytest.fixture(scope="module")
def judged(assistant: Assistant) -> dict[str, str]:
    """Question -> what is wrong with its answer; nothing when it is right."""
    return {item["question"]: judge(item, assistant.conversation()) for item in EXPECTED}


def judge(item: dict[str, Any], conversation: Conversation) -> str:
    text = conversation.say(item["question"])
    finding = {"decline": declined, "person": person}.get(item["expect"])
    if finding is not None:
        return finding(conversation, text)
    if conversation.payloads[-1]["language"] != item["language"]:
        return "answered in the other language"
    if offered(conversation, item) and item["expect"] == "offer_or_answer":
        return ""
    missing = [words for words in item.get("must_say", ()) if not says(text, words)]
    wrong = [words for words in item.get("must_not_say", ()) if says(text, words)]
    return "; ".join([*(f"does not say {words}" for words in missing), *(f"says {words}" for words in wrong)])


def says(text: str, words: str) -> bool:
    """A number only counts when it stands alone."""
    pattern = re.escape(words)
    if words[0].isdigit():
        pattern = rf"(?<![\d.,]){pattern}"
    if words[-1].isdigit():
        pattern = rf"{pattern}(?![\d]|[.,]\d)"
    return re.search(pattern, text, re.I) is not None


def offered(conversation: Conversation, item: dict[str, Any]) -> bool:
    return any(entry in str(conversation.payloads) for entry in item.get("entry", ()))


def declined(conversation: Conversation, text: str) -> str:
    return "" if "utter_decline" in spoken(conversation) or "20" not in text else f"answered: {text[:60]}"


def person(conversation: Conversation, text: str) -> str:
    return "" if "12345" in text else f"no person: {text[:60]}"


def spoken(conversation: Conversation) -> str:
    return str(conversation.payloads)


@pytest.fixture(scope="module")
def written() -> set[str]:
    """Lines of the content and the training data: a plain question may stand there word for word by chance."""
    sources = [*(ROOT / "knowledge" / "content").rglob("*.yml"), *(ROOT / "data").rglob("*.yml")]
    return {line.strip(" -\"'").lower() for source in sources for line in source.read_text().splitlines()}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_is_answered_where_the_question_stands_nowhere(
    judged: dict[str, str], written: set[str], fact: str, language: str
) -> None:
    results = {
        item["question"]: judged[item["question"]]
        for item in EXPECTED
        if item.get("fact") == fact
        and item["language"] == language
        and item["question"].lower() not in written
    }
    assert "" in results.values(), results


def test_what_was_answered_rightly_still_is_and_what_is_known_to_fail_still_does(
    judged: dict[str, str],
) -> None:
    failing = {question for question, wrong in judged.items() if wrong}
    report(judged)
    assert (sorted(failing - KNOWN), sorted(KNOWN - failing)) == ([], [])


def report(judged: dict[str, str]) -> None:
    right: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for item in EXPECTED:
        right[item["expect"], item["language"]][not judged[item["question"]]] += 1
    for (expect, language), counted in sorted(right.items()):
        print(f"{expect:16} {language}  {counted[True]:3} of {counted.total():3}")
    for question, wrong in judged.items():
        if wrong:
            print(f"  {question}  ->  {wrong}")
