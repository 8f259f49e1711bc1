"""When a company was founded <-> how many months ago that is."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal

from bot.eligibility.figures import Days
from bot.eligibility.rules import Between

OLDEST = 150 * 12


def months_since(founded: Days, today: date) -> Decimal | Between:
    """Full months, as a rule asks for them."""
    low, high = (Decimal(full_months(day, today)) for day in (min(founded.last, today), min(founded.first, today)))
    return low if low == high else Between(low, high)


def founded_ago(months: Decimal | Between, today: date) -> Days:
    """The days on which a company may have been founded that is so many full months old."""
    low, high = (months.low, months.high) if isinstance(months, Between) else (months, months)
    most, last = min(int(high), OLDEST), earlier(today, int(low))
    first = earlier(today, most + 1)
    while first < last and full_months(first, today) > most:  # several days end their month on the same one
        first += timedelta(1)
    return Days(first, last)


def full_months(first: date, today: date) -> int:
    """Who began on the 31st has completed a month on the last day of a shorter one."""
    months = (today.year - first.year) * 12 + today.month - first.month
    ends = calendar.monthrange(today.year, today.month)[1]
    return months if today.day >= min(first.day, ends) else months - 1


def earlier(day: date, months: int) -> date:
    """The same day of an earlier month, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
