"""A reply is read in the light of the question."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot import without_tensorflow

without_tensorflow.install()

from bot.eligibility.check import check
from bot.eligibility.profile import Profile
from bot.eligibility.replies import Told, Unclear, Unsure, read_reply
from bot.eligibility.talk import after_reply, asked_again, noted, profile_bubble
from bot.eligibility.words import Words
from bot.nlu.normalise import normalise
from bot.settings import ROOT
from knowledge.snapshot import Snapshot
from tests.eligibility.companies import TODAY, profile_of
from tests.eligibility.test_cases import FILES
from tests.eligibility.test_understanding import expected
from tests.words import occasion

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


HNTE, AGE = "recognition.high-tech-enterprise", "months_since_registration"


def next_fact(profile: Profile, real: Snapshot, words: Words) -> str | None:
    found = check(HNTE, profile, real, TODAY, words)
    assert found is not None
    return found.next_fact


def test_a_rough_answer_that_decides_nothing_is_asked_about_once_more_and_no_more(real: Snapshot, words: Words) -> None:
    profile = profile_of({**FILES[HNTE]["company"], "founded": "unknown"}, words)
    asked = []
    for said in ("2025年", "去年"):
        asked.append(next_fact(profile, real, words))
        reply = read_reply(AGE, real.rule_facts[AGE], said, [], TODAY, words)
        profile = after_reply(profile, AGE, reply, TODAY, words)
    assert (asked, next_fact(profile, real, words)) == ([AGE, AGE], None)


def test_who_does_not_know_is_not_asked_again_and_what_was_said_besides_is_kept(words: Words) -> None:
    profile = after_reply(Profile(), "listed", Unsure({"employees": expected("employees", 40)}), TODAY, words)
    assert (profile.unsure, set(profile.facts)) == ({"listed"}, {"employees"})


def test_what_was_noted_is_said_back(real: Snapshot, words: Words) -> None:
    facts = {name: expected(name, value) for name, value in {"employees": 40, "listed": False}.items()}
    assert noted(facts, occasion(real), words).text == "记下了：职工人数：40人；上市公司：否。"
    assert noted({}, occasion(real), words).text == "好的，先跳过这一项。"


def test_an_unclear_reply_is_told_what_is_wanted_and_asked_again(real: Snapshot, words: Words) -> None:
    bubble = asked_again("revenue_cny", Unclear("unit", {}), occasion(real), words)
    assert bubble.text == "请带上单位，例如“1200万元”。\n去年营业收入是多少？"


def test_what_is_known_of_a_company_is_shown_with_its_origin(real: Snapshot, words: Words) -> None:
    text = profile_bubble(profile_of({"founded": "2021", "employees": 40}, words), occasion(real, "en"), words).text
    assert "· number of employees: 40 people (you said so on 22 November 2026)" in text
    assert "· months since registration: 58 months to 70 months (follows from what you said, 22 November 2026)" in text
    assert "I have nothing on your company yet" in profile_bubble(Profile(), occasion(real, "en"), words).text
