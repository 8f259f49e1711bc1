"""A reply is read in the light of the question."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot import without_tensorflow

without_tensorflow.install()

from bot.eligibility.replies import Told, Unclear, Unsure, read_reply
from bot.eligibility.words import Words
from bot.nlu.normalise import normalise
from bot.settings import ROOT
from knowledge.snapshot import Snapshot
from tests.eligibility.companies import TODAY
from tests.eligibility.test_understanding import expected

FILE = yaml.safe_load((ROOT / "tests" / "eligibility" / "replies.yml").read_text(encoding="utf-8"))
REPLIES = [(each["asks"], said, meant) for each in FILE for said, meant in each["replies"].items()]


@pytest.mark.parametrize(("asked", "said", "meant"), REPLIES, ids=[f"{asked}: {said}" for asked, said, _ in REPLIES])
def test_a_reply_is_understood_or_said_to_be_unclear(
    asked: str, said: str, meant: Any, real: Snapshot, words: Words
) -> None:
    reply = read_reply(asked, real.rule_facts[asked], normalise(said), [], TODAY, words)
    if isinstance(meant, dict):
        assert reply == Told({name: expected(name, value) for name, value in meant.items()})
    else:
        assert reply == (Unsure({}) if meant == "unsure" else Unclear(meant, {}))


def test_a_district_may_answer_when_the_pipeline_finds_one(real: Snapshot, words: Words) -> None:
    found = [{"entity": "district", "value": "jingan", "start": 0, "end": 3}]
    fact = real.rule_facts["registered_district"]
    assert read_reply("registered_district", fact, "静安区", found, TODAY, words) == Told(
        {"registered_district": "jingan"}
    )
