"""The file of words fits the conditions that staff write and the questions they ask."""

from __future__ import annotations

import pytest

from bot.eligibility.profile import completed
from bot.eligibility.replies import kind_of
from bot.eligibility.rules import reads, texts_in
from bot.eligibility.shown import label_of, shown
from bot.eligibility.trees import rules_of
from bot.eligibility.words import Words
from bot.phrases import LANGUAGES
from knowledge.snapshot import Snapshot
from tests.eligibility.companies import TODAY, profile_of
from tests.words import occasion

COMPANY = {
    "founded": "2021",
    "registered_in": "Shanghai",
    "registered_district": "jingan",
    "park": "park.caohejing",
    "stage": "beginning",
    "field": "biomedicine",
    "listed": False,
    "employees": "40 to 49",
    "revenue_cny": 12000000,
    "rd_staff": 7,
    "rd_share_pct": 17.14285714,
    "credit_grade": "AA",
    "need_term_months": 12,
}


def test_every_text_that_is_asked_for_can_be_understood(real: Snapshot, words: Words) -> None:
    texts = [name for name, fact in real.rule_facts.items() if fact.type == "text"]
    assert [name for name in texts if name not in words.facts] == []


def test_the_kind_of_a_fact_is_that_of_its_question(real: Snapshot, words: Words) -> None:
    shared = words.facts.keys() & real.rule_facts.keys()
    different = {
        name: (words.facts[name].kind, kind_of(real.rule_facts[name]))
        for name in shared
        if real.rule_facts[name].type != "text" and words.facts[name].kind != kind_of(real.rule_facts[name])
    }
    assert different == {}


def test_every_fact_can_be_named_in_both_languages(real: Snapshot, words: Words) -> None:
    for language in LANGUAGES:
        here = occasion(real, language)
        assert all(label_of(name, here, words) for name in words.facts)


def test_what_is_named_in_the_file_exists(real: Snapshot, words: Words) -> None:
    known = words.facts.keys() | real.rule_facts.keys()
    named = {name for fact in words.facts.values() for name in (*fact.instead_of, *fact.implies)} | words.derived.keys()
    named |= {name for formula in words.derived.values() for name in reads(formula)}
    named |= {fact.answers for fact in words.facts.values() if fact.answers}
    assert named - known == set()


def test_places_are_spelt_as_in_the_conditions(real: Snapshot, words: Words) -> None:
    rules = [condition.rule for of in rules_of(real).values() for condition in of.rule.conditions]
    places = {word for rule in rules if reads(rule) == ("registered_in",) for word in texts_in(rule)}
    districts = {word for rule in rules if "district" in reads(rule)[0] for word in texts_in(rule)}
    assert places <= set(words.places.values())
    assert districts <= real.vocabulary["district"].keys()
    assert words.named_like_districts <= real.vocabulary["district"].keys()


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", ["2021年", "上海", "静安区", "漕河泾园", "初创期", "生物医药", "否", "40人至49人", "1,200万元", "17.14%", "AA", "12个月"]),
        ("en", ["2021", "Shanghai", "40 people to 49 people", "12 million yuan", "17.14%", "12 months"]),
    ],
)  # fmt: skip
def test_a_company_is_shown_as_people_speak(language: str, expected: list[str], real: Snapshot, words: Words) -> None:
    facts = completed(profile_of(COMPANY, words), TODAY, words).facts
    said = [shown(name, known.value, occasion(real, language), words) for name, known in facts.items()]
    assert [each for each in expected if each not in said] == []
