"""What a rule cannot settle is left to a person: conditions that staff marked, and shares of nothing."""

from __future__ import annotations

from decimal import Decimal

from bot.eligibility.rules import Condition, Group, Rule, judge
from bot.eligibility.trees import entry_rule
from knowledge.entry import Entry
from tests.words import Content

PERSON = Condition("stays", "will_stay == true", refer=True)
SMALL = Condition("small", "employees <= 500")
BOTH = Rule(Group("all", (PERSON, SMALL)))
EITHER = Rule(Group("any", (PERSON, SMALL)))


def test_a_marked_condition_that_is_not_met_is_for_a_person() -> None:
    assert judge(BOTH, {"will_stay": False, "employees": Decimal(40)}).verdict == "for_a_person"


def test_a_marked_condition_that_is_met_fits_like_any_other() -> None:
    assert judge(BOTH, {"will_stay": True, "employees": Decimal(40)}).verdict == "fits"


def test_no_person_is_needed_where_another_condition_fails_or_suffices() -> None:
    assert judge(BOTH, {"will_stay": False, "employees": Decimal(501)}).verdict == "does_not"
    assert judge(EITHER, {"will_stay": False, "employees": Decimal(40)}).verdict == "fits"


def test_what_could_spare_the_person_is_asked_first() -> None:
    judgement = judge(EITHER, {"will_stay": False})
    assert (judgement.verdict, judgement.asks) == ("one_fact_missing", ("employees",))


def test_a_share_of_nothing_is_neither_high_nor_low() -> None:
    rule = Rule(Condition("share", "share >= 5"), {"share": "spent / earned * 100"})
    judgement = judge(rule, {"spent": Decimal(600_000), "earned": Decimal(0)})
    assert (judgement.verdict, judgement.met, judgement.asks) == ("for_a_person", {"share": None}, ())


def test_a_share_is_exact() -> None:
    rule = Rule(Condition("share", "share >= 5"), {"share": "spent / earned * 100"})
    assert judge(rule, {"spent": Decimal("0.15"), "earned": Decimal(3)}).verdict == "fits"
    assert judge(rule, {"spent": Decimal("0.1499999999999999"), "earned": Decimal(3)}).verdict == "does_not"


def test_staff_mark_a_condition_in_the_entry(content: Content) -> None:
    leaf = {"id": "stays", "rule": "will_stay == true", "label": {"zh": "不迁出", "en": "stays"}, "refer": "true"}
    content.add("policy.stay", "留区补贴", "stay subsidy", eligibility=leaf)
    entry: Entry = content.snapshot().entries["policy.stay"]
    assert judge(entry_rule(entry).rule, {"will_stay": False}).verdict == "for_a_person"
