"""Dates said from today on: tomorrow, 下个月, next Monday, 年底. Values as in dates.py. Texts are normalised."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot.nlu.dates import days_of
from bot.nlu.found import Found

_DAYS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3,
    "day before yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1, "day after tomorrow": 2,
}  # fmt: skip
_YEARS = {
    "前年": -2, "去年": -1, "上年": -1, "上一年": -1, "今年": 0, "本年": 0, "明年": 1, "下一年": 1, "后年": 2,
    "last year": -1, "this year": 0, "next year": 1,
}  # fmt: skip
_STEPS = {"上": -1, "上个": -1, "本": 0, "这": 0, "这个": 0, "下": 1, "下个": 1, "last": -1, "this": 0, "next": 1}
_ZH_STEP, _EN_STEP = r"(?P<step>上个?|本|这个?|下个?)", r"\b(?P<step>last|this|next)\s+"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ZH_WEEKDAYS = "一二三四五六日"
_NUMBERS = {word: n for n, word in enumerate("一二三四五六七八九十", start=1)} | {"两": 2, "a": 1, "an": 1}

Reading = Callable[[re.Match[str], date], str]


def relative_dates(text: str, today: date) -> Iterator[Found]:
    for pattern, reading in _READINGS:
        for match in pattern.finditer(text):
            yield Found("date", reading(match, today), *match.span(), match[0])


def _day(match: re.Match[str], today: date) -> str:
    return (today + timedelta(_DAYS[match[0].lower()])).isoformat()


def _week(match: re.Match[str], today: date) -> str:
    return _week_of(today + timedelta(weeks=_STEPS[match["step"].lower()]))


def _weekday(match: re.Match[str], today: date) -> str:
    """With a step that week's day, without one the next to come. 周末 is the Saturday."""
    word = match["day"].lower().replace("天", "日").replace("末", "六")
    weekday = _WEEKDAYS.index(word) if word in _WEEKDAYS else _ZH_WEEKDAYS.index(word)
    step = match["step"]
    if step is None:
        return (today + timedelta((weekday - today.weekday()) % 7)).isoformat()
    return (today + timedelta(weeks=_STEPS[step.lower()], days=weekday - today.weekday())).isoformat()


def _month(match: re.Match[str], today: date) -> str:
    return _month_after(today, _STEPS[match["step"].lower()])


def _year(match: re.Match[str], today: date) -> str:
    return str(today.year + _YEARS[match[0].lower()])


def _later(match: re.Match[str], today: date) -> str:
    words, unit = match["n"].lower(), match["unit"].lower()
    number = int(words) if words.isdigit() else _NUMBERS[words]
    if unit[0] in "天d":
        return (today + timedelta(number)).isoformat()
    if unit[0] in "周星w":
        return (today + timedelta(weeks=number)).isoformat()
    return str(today.year + number) if unit[0] in "年y" else _month_after(today, number)


def _end_of_year(match: re.Match[str], today: date) -> str:
    return f"{today.year + any(match.groups())}-12-31"


def _end_of_month(match: re.Match[str], today: date) -> str:
    return days_of(_month_after(today, int(any(match.groups()))))[1].isoformat()


def _month_after(today: date, step: int) -> str:
    year, month = divmod(today.year * 12 + today.month - 1 + step, 12)
    return f"{year}-{month + 1:02}"


def _week_of(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _one_of(words: dict[str, int]) -> str:
    zh = sorted((word for word in words if not word.isascii()), key=len, reverse=True)
    en = sorted((word for word in words if word.isascii()), key=len, reverse=True)
    return rf"{'|'.join(zh)}|\b(?:{'|'.join(en)})\b"


_READINGS: tuple[tuple[re.Pattern[str], Reading], ...] = tuple(
    (re.compile(pattern, re.I), reading)
    for pattern, reading in (
        (_one_of(_DAYS), _day),
        (rf"{_ZH_STEP}(?:周|星期|礼拜)(?![一二三四五六日天末])", _week),
        (rf"{_EN_STEP}week\b", _week),
        (rf"{_ZH_STEP}?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])", _weekday),
        (rf"\b(?:(?P<step>last|this|next)|on|by|until|before|after)\s+(?P<day>{'|'.join(_WEEKDAYS)})\b", _weekday),
        (rf"{_ZH_STEP}月", _month),
        (rf"{_EN_STEP}month\b", _month),
        (_one_of(_YEARS), _year),
        (r"(?P<n>\d{1,3}|[一二两三四五六七八九十])\s*个?\s*(?P<unit>天|周|星期|月|年)\s*(?:之|以)?后", _later),
        (r"\bin\s+(?P<n>\d{1,3}|an?)\s+(?P<unit>days?|weeks?|months?|years?)\b", _later),
        (r"(?:(明)|今)?(?:年底|年末)|\bend of (?:the|this|(next)) year\b", _end_of_year),
        (r"(?:(下个?)|这个?|本)?月底|\bend of (?:the|this|(next)) month\b", _end_of_month),
    )
)
