"""What is kept of a company, what follows from it, and what is never kept."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.eligibility.ages import earlier, founded_ago, full_months, months_since
from bot.eligibility.figures import Days
from bot.eligibility.profile import (
    Profile,
    as_plain,
    completed,
    facts_for_rules,
    forgotten,
    read_plain,
    recorded,
    told,
    unsure_of,
)
from bot.eligibility.rules import Between
from bot.eligibility.words import Words
from tests.eligibility.companies import TODAY


def saying(words: Words, *said: dict[str, Any]) -> Profile:
    profile = Profile()
    for facts in said:
        profile = told(profile, facts, TODAY, words)
    return profile


def test_a_correction_takes_the_place_of_what_was_said(words: Words) -> None:
    profile = saying(words, {"employees": Decimal(40), "listed": False}, {"employees": Decimal(45)})
    assert facts_for_rules(profile, TODAY, words) == {"employees": Decimal(45), "listed": False}


def test_the_same_said_in_another_way_is_a_correction_too(words: Words) -> None:
    as_share = saying(words, {"rd_staff": Decimal(8), "employees": Decimal(40)}, {"rd_staff_pct": Decimal(25)})
    as_number = saying(words, {"rd_staff_pct": Decimal(25)}, {"rd_staff": Decimal(8), "employees": Decimal(40)})
    assert facts_for_rules(as_share, TODAY, words)["rd_staff_pct"] == 25
    assert facts_for_rules(as_number, TODAY, words)["rd_staff_pct"] == 20


def test_a_share_of_nobody_stays_unknown(words: Words) -> None:
    nobody = saying(words, {"rd_staff": Decimal(0), "employees": Decimal(0)})
    assert "rd_staff_pct" not in facts_for_rules(nobody, TODAY, words)


def test_a_park_tells_the_zone_and_the_city_and_what_was_said_counts_more(words: Words) -> None:
    park = {"park": "park.caohejing"}
    follows = facts_for_rules(saying(words, park), TODAY, words)
    assert (follows["in_zone"], follows["registered_in"], follows["resident_enterprise"]) == (True, "Shanghai", True)
    assert facts_for_rules(saying(words, park, {"in_zone": False}), TODAY, words)["in_zone"] is False


def test_each_fact_says_where_it_comes_from_and_when(words: Words) -> None:
    yesterday = TODAY - timedelta(1)
    profile = told(Profile(), {"founded": Days(date(2021, 3, 1), date(2021, 3, 31))}, yesterday, words)
    profile = recorded(profile, {"credit_grade": "AA"}, date(2026, 6, 1))
    origins = {name: (known.origin, known.on) for name, known in completed(profile, TODAY, words).facts.items()}
    assert origins == {
        "founded": ("said", yesterday),
        "credit_grade": ("record", date(2026, 6, 1)),
        "months_since_registration": ("derived", yesterday),
    }


def test_a_record_counts_more_than_what_was_said_of_it(words: Words) -> None:
    profile = recorded(saying(words, {"credit_grade": "AAA"}), {"credit_grade": "B"}, TODAY)
    assert facts_for_rules(profile, TODAY, words) == {"credit_grade": "B"}


def test_what_was_said_survives_a_slot_and_a_record_does_not(words: Words) -> None:
    facts = {
        "listed": False,
        "registered_in": "Shanghai",
        "revenue_cny": Decimal("12000000.50"),
        "employees": Between(Decimal(0), Decimal(499)),
        "founded": Days(date(2021, 1, 1), date(2021, 12, 31)),
    }
    said = unsure_of(saying(words, facts), "good_credit")
    kept = json.dumps(as_plain(recorded(said, {"credit_grade": "CANARY"}, TODAY)))
    assert "CANARY" not in kept
    assert read_plain(json.loads(kept)) == said
    assert read_plain(None) == Profile()


def test_what_is_forgotten_is_gone(words: Words) -> None:
    profile = unsure_of(saying(words, {"employees": Decimal(40), "listed": True}), "good_credit")
    assert set(forgotten(profile, ["listed"]).facts) == {"employees"}
    assert forgotten(profile) == Profile()


def test_an_answer_ends_not_knowing(words: Words) -> None:
    profile = unsure_of(unsure_of(Profile(), "listed"), "months_since_registration")
    assert told(profile, {"founded": Days(TODAY, TODAY), "listed": False}, TODAY, words).unsure == frozenset()


@pytest.mark.parametrize(
    ("founded", "today", "months"),
    [
        (date(2024, 2, 29), date(2025, 2, 27), 11),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2025, 11, 22), date(2026, 11, 22), 12),
        (date(2025, 11, 23), date(2026, 11, 22), 11),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 11, 22), date(2026, 11, 22), 0),
    ],
)
def test_months_are_full_ones_also_in_leap_years(founded: date, today: date, months: int) -> None:
    assert full_months(founded, today) == months


def test_a_year_of_founding_gives_the_least_and_the_most_months() -> None:
    assert months_since(Days(date(2025, 1, 1), date(2025, 12, 31)), TODAY) == Between(Decimal(10), Decimal(22))
    assert months_since(Days(date(2026, 1, 1), date(2026, 12, 31)), TODAY) == Between(Decimal(0), Decimal(10))


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 600), st.integers(0, 24))
def test_an_age_in_months_is_still_that_age_on_the_day_it_was_said(today: date, months: int, width: int) -> None:
    age = Between(Decimal(months), Decimal(months + width)) if width else Decimal(months)
    founded = founded_ago(age, today)
    assert months_since(founded, today) == age
    assert full_months(founded.first - timedelta(1), today) > months + width
    assert earlier(today, 0) == today
