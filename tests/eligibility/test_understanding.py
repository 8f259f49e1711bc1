"""What people say of their company becomes facts; what they ask does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from bot import without_tensorflow

without_tensorflow.install()

from bot.eligibility.figures import Days
from bot.eligibility.understand import understand
from bot.eligibility.words import Words
from bot.nlu.normalise import normalise
from bot.settings import ROOT
from tests.eligibility.companies import TODAY, value_of

SAID = yaml.safe_load((ROOT / "tests" / "eligibility" / "said.yml").read_text(encoding="utf-8"))


def expected(name: str, value: Any) -> Any:
    if name == "founded" and " to " in str(value):
        return Days(*(date.fromisoformat(end) for end in value.split(" to ")))
    return value_of(name, value)


@pytest.mark.parametrize("example", SAID, ids=[example["said"] for example in SAID])
def test_a_message_tells_these_facts_and_no_others(example: dict[str, Any], words: Words) -> None:
    text = normalise(example["said"])
    entities = [
        {**entity, "start": text.index(part), "end": text.index(part) + len(part)}
        for part, entity in example.get("entities", {}).items()
    ]
    found = understand(text, entities, TODAY, words)
    assert found == {name: expected(name, value) for name, value in example["facts"].items()}
