"""Days as people say them: 2025年12月30日 / 30 December 2025."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date, format_skeleton

LOCALES = {"zh": "zh_CN", "en": "en_GB"}


def spoken_day(day: date, language: str) -> str:
    return str(format_date(day, "long", locale=LOCALES[language]))


def spoken_month(day: date, language: str) -> str:
    return str(format_skeleton("yMMMM", day, locale=LOCALES[language]))


def a_year_before(today: date) -> date:
    """The same day last year; the 28th of February for the 29th."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return date(today.year - 1, today.month, day)
