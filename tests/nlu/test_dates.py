from __future__ import annotations

from datetime import date

import pytest

from bot import without_tensorflow

without_tensorflow.install()

from bot.nlu.dates import dates, days_of
from bot.nlu.found import longest
from bot.nlu.relative_dates import relative_dates

SUNDAY = date(2026, 11, 22)


def found(text: str, today: date = SUNDAY) -> list[str]:
    return [find.value for find in longest([*dates(text, today), *relative_dates(text, today)])]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-12-31", "2026-12-31"),
        ("2026年12月31日前", "2026-12-31"),
        ("2026/3/5", "2026-03-05"),
        ("Dec 5, 2026", "2026-12-05"),
        ("5 December 2026", "2026-12-05"),
        ("2026年12月", "2026-12"),
        ("December 2026", "2026-12"),
        ("2025年", "2025"),
        ("since 2015", "2015"),
    ],
)
def test_a_date_that_is_named_is_read(text: str, value: str) -> None:
    assert found(text) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("今天", "2026-11-22"),
        ("the day after tomorrow", "2026-11-24"),
        ("下周", "2026-W48"),
        ("下周三", "2026-11-25"),
        ("next Monday", "2026-11-23"),
        ("on Friday", "2026-11-27"),
        ("周末", "2026-11-28"),
        ("下个月", "2026-12"),
        ("next month", "2026-12"),
        ("去年", "2025"),
        ("next year", "2027"),
        ("三个月后", "2027-02"),
        ("3天后", "2026-11-25"),
        ("in 2 weeks", "2026-12-06"),
        ("年底", "2026-12-31"),
        ("end of next year", "2027-12-31"),
        ("月底", "2026-11-30"),
    ],
)
def test_a_date_is_reckoned_from_the_day_of_the_turn(text: str, value: str) -> None:
    assert found(text) == [value]


def test_a_day_without_a_year_is_the_next_one_to_come() -> None:
    assert found("3月5日") == ["2027-03-05"]
    assert found("December 5") == ["2026-12-05"]
    assert found("12月的培训") == ["2026-12"]


def test_next_month_crosses_the_year() -> None:
    assert found("下个月", date(2026, 12, 31)) == ["2027-01"]
    assert found("next month", date(2027, 1, 31)) == ["2027-02"]


@pytest.mark.parametrize("text", ["2026-02-30", "2026年13月1日", "I may apply", "3个月内", "两年以内", "3 years"])
def test_what_is_no_date_is_not_found(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2026-12-31", date(2026, 12, 31), date(2026, 12, 31)),
        ("2026-W48", date(2026, 11, 23), date(2026, 11, 29)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_value_spans_the_days_it_says(value: str, first: date, last: date) -> None:
    assert days_of(value) == (first, last)
