"""What a company can get: in which order, and with which reason."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.answers.state import OVER
from bot.eligibility.match import Match, match, matches
from bot.eligibility.offers import most_asked_for, offers
from bot.eligibility.profile import Profile, unsure_of
from bot.eligibility.rules import Condition, Group, Rule, Tree, reads
from bot.eligibility.trees import EntryRule, rules_of
from bot.eligibility.words import Words
from bot.phrases import LANGUAGES
from knowledge.snapshot import Snapshot
from tests.eligibility.companies import TODAY
from tests.words import Content, occasion

Offer = Callable[..., str]
YOUNG = {"id": "staff", "rule": "employees <= 100", "label": {"zh": "不超过100人", "en": "up to 100 staff"}}
SHANGHAI = {"id": "place", "rule": 'registered_in == "Shanghai"', "label": {"zh": "在沪注册", "en": "in Shanghai"}}
FACTS = {"employees": Decimal(40), "registered_in": "Shanghai"}


@pytest.fixture
def offer(content: Content) -> Offer:
    def added(slug: str, *conditions: dict[str, Any], **fields: Any) -> str:
        return content.add(
            f"policy.{slug}", f"政策{slug}", f"policy {slug}", eligibility={"all": list(conditions)}, **fields
        )

    return added


def slugs(found: list[Match]) -> list[tuple[str, str]]:
    return [(str(each.entry.id).split(".")[1], each.group) for each in found]


def call(closes: str, opens: str = "2026-01-01") -> list[dict[str, Any]]:
    return [{"year": 2026, "opens": opens, "closes": closes}]


def test_what_fits_comes_before_what_nearly_does_and_what_is_open(content: Content, offer: Offer) -> None:
    offer("fits", YOUNG, SHANGHAI)
    offer("small", {**YOUNG, "rule": "employees <= 10"}, SHANGHAI)
    offer("unknown", YOUNG, {"id": "r", "rule": "listed == false", "label": YOUNG["label"]})
    offer("open", YOUNG, {"id": "r", "rule": "listed == false", "label": YOUNG["label"]},
          {"id": "c", "rule": "good_credit == true", "label": YOUNG["label"]})  # fmt: skip
    offer("not", {**YOUNG, "rule": "employees <= 10"}, {**SHANGHAI, "rule": 'registered_in == "Beijing"'})
    found = matches(FACTS, content.snapshot(), TODAY, show_samples=True)
    expected = [("fits", "fits"), ("unknown", "nearly"), ("small", "nearly"), ("open", "open"), ("not", "not")]
    assert slugs(found) == expected


def test_among_equals_the_nearest_deadline_comes_first_then_the_larger_amount(content: Content, offer: Offer) -> None:
    offer("later", YOUNG, calls=call("2027-03-31"))
    offer("soon", YOUNG, calls=call("2026-12-01"))
    offer("closed", YOUNG, calls=call("2026-10-10"))
    offer("large", YOUNG, support={"kind": "grant", "amount": "5000000"})
    offer("larger", YOUNG, support={"kind": "grant", "amount": "9000000"})
    found = matches(FACTS, content.snapshot(), TODAY, show_samples=True)
    assert [slug for slug, _ in slugs(found)] == ["soon", "later", "larger", "large", "closed"]


def test_an_extended_deadline_counts(content: Content, offer: Offer) -> None:
    offer("extended", YOUNG, calls=[{**call("2026-10-10")[0], "extended_to": "2026-12-10"}])
    (found,) = matches(FACTS, content.snapshot(), TODAY, show_samples=True)
    assert (found.window, str(found.closes)) == ("open", "2026-12-10")


def test_what_is_over_or_for_others_is_left_out_and_what_is_planned_comes_last(content: Content, offer: Offer) -> None:
    offer("planned", YOUNG, status="planned")
    offer("now", YOUNG)
    offer("expired", YOUNG, valid_until="2026-11-21")
    offer("suspended", YOUNG, status="suspended")
    offer("banks", YOUNG, audience=["bank"])
    found = matches(FACTS, content.snapshot(), TODAY, show_samples=True)
    assert [slug for slug, _ in slugs(found)] == ["now", "planned"]


def test_samples_can_be_hidden(real: Snapshot) -> None:
    shown, hidden = (matches({}, real, TODAY, show_samples=show) for show in (True, False))
    assert {each.entry.id for each in shown} - {each.entry.id for each in hidden} == {
        "loan_product.credit-subsidised-loan"
    }


def test_only_some_types_can_be_asked_for(real: Snapshot) -> None:
    found = matches({}, real, TODAY, show_samples=True, types=["loan_product"])
    assert {each.entry.type for each in found} == {"loan_product"}


def test_no_match_of_the_real_content_is_over(real: Snapshot) -> None:
    found = matches({}, real, TODAY, show_samples=True)
    assert found
    assert [each.entry.id for each in found if each.state in OVER] == []


def test_each_line_gives_the_reason(content: Content, offer: Offer, words: Words) -> None:
    offer("fits", YOUNG, SHANGHAI, calls=call("2026-12-01"))
    offer(
        "small", {**YOUNG, "rule": "employees <= 10", "label": {"zh": "不超过10人", "en": "up to 10 staff"}}, SHANGHAI
    )
    snapshot = content.snapshot()
    text = offers(matches(FACTS, snapshot, TODAY, show_samples=True), occasion(snapshot), words).text
    assert "1. 政策fits：条件都符合，2026年12月1日截止" in text
    assert "2. 政策small：还不符合“不超过10人”" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_the_real_content_fits_a_phone(language: str, real: Snapshot, words: Words) -> None:
    for facts in ({}, FACTS, {**FACTS, "is_high_tech_enterprise": True, "listed": False}):
        bubble = offers(matches(facts, real, TODAY, show_samples=True), occasion(real, language), words)
        assert len(bubble.text) <= 900
        assert len(bubble.buttons) <= 3


def test_nothing_to_compare_is_said(real: Snapshot, words: Words) -> None:
    assert offers([], occasion(real), words).text == "没有可以对照条件的项目。"


def test_the_next_question_is_the_one_that_most_items_lack(real: Snapshot) -> None:
    found = matches({}, real, TODAY, show_samples=True)
    here = occasion(real)
    first = most_asked_for(found, Profile(), here)
    assert first is not None
    assert most_asked_for(found, unsure_of(Profile(), first), here) != first


def test_a_thousand_entries_are_matched_within_50_ms(real: Snapshot) -> None:
    """Each with thresholds of its own, against a company that nothing is known of before. Processor time, not the clock."""
    thousand = [_varied(of, n) for n in range(80) for of in rules_of(real).values()][:1000]
    for of in thousand:
        assert [reads(each.rule) for each in of.rule.conditions]  # compiled, as a snapshot's are
    took = min(_seconds(thousand, _company(real, seed)) for seed in range(3))
    assert len(thousand) == 1000
    assert took < 0.05 * SLACK


SLACK = 2  # two threads of one core slow each other


def _seconds(rules: list[EntryRule], facts: dict[str, Any]) -> float:
    begin = time.process_time()
    for of in rules:
        match(of, facts, "in_force", TODAY)
    return time.process_time() - begin


def _company(real: Snapshot, seed: int) -> dict[str, Any]:
    values = {"boolean": True, "number": Decimal(1_000_003 + seed), "text": "Shanghai"}
    return {name: values[fact.type] for name, fact in real.rule_facts.items()} | {
        "rd_spend_cny": Decimal(60_000 + seed)
    }


def _varied(of: EntryRule, n: int) -> EntryRule:
    def vary(tree: Tree) -> Tree:
        if isinstance(tree, Condition):
            return replace(tree, rule=re.sub(r"\d+$", lambda number: str(int(number[0]) + n), tree.rule))
        return Group(tree.word, tuple(map(vary, tree.parts)))

    return replace(of, rule=Rule(vary(of.rule.tree), of.rule.derived))
