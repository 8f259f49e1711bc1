"""Days, months and years that a text names outright, and the days a date's value spans. Texts are normalised.

Values are ISO 8601: 2026-12-31, or less exactly 2026-W48, 2026-12, 2026.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot.nlu.found import Found

MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_Y, _M, _D = r"(?P<y>(?:19|20)\d\d)", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_ON = r"\b(?:in|by|until|before|after|since|during|from|for)\s+"

_DAYS_OF_A_YEAR = (
    rf"(?<!\d){_Y}\s*年\s*{_M}\s*月\s*{_D}(?!\d)\s*[日号]?",
    rf"(?<!\d){_Y}([-/.]){_M}\2{_D}(?!\d)",
    rf"\b{_NAME}\s+{_D},?\s+{_Y}\b",
    rf"\b{_D}\s+(?:of\s+)?{_NAME},?\s+{_Y}\b",
)
_MONTHS_OF_A_YEAR = (
    rf"(?<!\d){_Y}\s*年\s*{_M}\s*月份?(?!\s*\d)",
    rf"(?<![\d-]){_Y}-(?P<m>0[1-9]|1[0-2])(?![\d-])",
    rf"\b{_NAME},?\s+{_Y}\b",
)
_YEARS = (rf"(?<!\d){_Y}\s*年(?!\s*\d)", rf"{_ON}{_Y}\b(?![-/.\d])")
_DAYS = (
    rf"(?<![\d年]){_M}\s*月\s*{_D}\s*[日号]",
    rf"\b{_NAME}\s+{_D}\b(?!,?\s+\d{{4}})",
    rf"\b{_D}\s+(?:of\s+)?{_NAME}(?!\w|,?\s+\d{{4}})",
)
_MONTHS = (rf"(?<![\d年]){_M}\s*月份?(?![\d内以])", rf"{_ON}{_NAME}(?!\w|,?\s+\d)")

Reading = Callable[[re.Match[str], date], "str | None"]


def dates(text: str, today: date) -> Iterator[Found]:
    """Finds of entity `date`. A day or month without a year is the next one to come; one that does not exist is hidden."""
    for pattern, reading in _READINGS:
        for match in pattern.finditer(text):
            value = reading(match, today)
            yield Found("date" if value else None, value, *match.span(), match[0])


def days_of(value: str) -> tuple[date, date]:
    """First and last day of a `date` entity's value."""
    if "W" in value:
        monday = date.fromisocalendar(int(value[:4]), int(value[6:]), 1)
        return monday, monday + timedelta(6)
    if len(value) == 4:
        return date(int(value), 1, 1), date(int(value), 12, 31)
    if len(value) == 7:
        year, month = int(value[:4]), int(value[5:])
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    day = date.fromisoformat(value)
    return day, day


def _day_of_a_year(match: re.Match[str], _: date) -> str | None:
    return _existing(int(match["y"]), _month(match), int(match["d"]))


def _month_of_a_year(match: re.Match[str], _: date) -> str | None:
    month = _month(match)
    return f"{match['y']}-{month:02}" if 1 <= month <= 12 else None


def _year(match: re.Match[str], _: date) -> str | None:
    return match["y"]


def _coming_day(match: re.Match[str], today: date) -> str | None:
    month, day = _month(match), int(match["d"])
    this_year = _existing(today.year, month, day)
    if this_year and this_year >= today.isoformat():
        return this_year
    return _existing(today.year + 1, month, day)


def _coming_month(match: re.Match[str], today: date) -> str | None:
    month = _month(match)
    return f"{today.year + (month < today.month)}-{month:02}" if 1 <= month <= 12 else None


def _month(match: re.Match[str]) -> int:
    groups = match.groupdict()
    return MONTH_NAMES.index(groups["name"][:3].lower()) + 1 if "name" in groups else int(groups["m"])


def _existing(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


_READINGS: tuple[tuple[re.Pattern[str], Reading], ...] = tuple(
    (re.compile(pattern, re.I), reading)
    for patterns, reading in (
        (_DAYS_OF_A_YEAR, _day_of_a_year),
        (_MONTHS_OF_A_YEAR, _month_of_a_year),
        (_YEARS, _year),
        (_DAYS, _coming_day),
        (_MONTHS, _coming_month),
    )
    for pattern in patterns
)
