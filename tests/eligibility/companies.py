"""Companies as test files write them: `employees: 40`, `400 to 600`, `founded: 2021-03`, `revenue_cny: unknown`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.eligibility.figures import Days, Said
from bot.eligibility.profile import Profile, told
from bot.eligibility.rules import Between
from bot.eligibility.words import Words
from bot.nlu.dates import days_of

TODAY = date(2026, 11, 22)
DATES = ("founded",)


def profile_of(company: Mapping[str, Any], words: Words) -> Profile:
    facts = {name: value_of(name, value) for name, value in company.items() if value != "unknown"}
    return told(Profile(), facts, TODAY, words)


def value_of(name: str, value: Any) -> Said:
    if name in DATES:
        return Days(*days_of(str(value)))
    if isinstance(value, str) and " to " in value:
        low, high = value.split(" to ")
        return Between(Decimal(low), Decimal(high))
    if isinstance(value, (bool, str)):
        return value
    return Decimal(str(value))
