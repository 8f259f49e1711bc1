"""The values that a text names: money, numbers, shares, lengths of time, days, places, grades. Texts are normalised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from bot.eligibility.rules import Between, Value
from bot.eligibility.words import Words, around
from bot.nlu.amounts import quantities
from bot.nlu.dates import dates, days_of
from bot.nlu.found import Found, longest
from bot.nlu.relative_dates import relative_dates

FigureKind = Literal[
    "amount", "number", "percent", "months", "days", "place", "district", "park", "field", "stage", "grade"
]
MOST, A_CENT = Decimal(10) ** 15, Decimal("0.01")
A_STEP = {"number": Decimal(1), "months": Decimal(1)}  # between whole things; else a cent
YEAR = 12
NEAR = 24  # characters around a value that may bound it
LEAST_BARE_AMOUNT = 10_000  # a smaller number without a unit may mean 万
_NUMERAL = (
    r"(?:\d{1,3}(?:\.\d+)?|[一二两三四五六七八九十]{1,3}|(?:one|two|three|four|five|six|seven|eight|nine|ten|an?)\b)"
)
_NOT_LATER = r"(?!\s*(?:之|以)?后)"
_MONTHS = re.compile(
    rf"(?<![\d.第])(?P<half>半年|half a year)|(?<![\d.第])(?P<years>{_NUMERAL})\s*年(?P<and_half>半)?{_NOT_LATER}(?![代级报初末底内])"
    rf"|(?<![\d.])(?P<years_en>{_NUMERAL})(?P<and_half_en>\s+and a half)?[\s-]*(?:years?|yrs?)\b"
    rf"|(?<![\d.第])(?P<months>{_NUMERAL})\s*(?:个月{_NOT_LATER}|[\s-]*months?\b)",
    re.I,
)
_PERCENT = re.compile(
    rf"百分之(?P<zh>{_NUMERAL})|(?P<tenths>[一二两三四五六七八九\d])成(?!立|员(?!工)|功|果|本)"
    r"|(?P<n>\d+(?:\.\d+)?)\s*(?:%|per\s?cent\b|个百分点|个点)",
    re.I,
)
_FOUNDED_IN = re.compile(r"(?<![\d.])(?:19|20)\d\d(?![\d.]|\s*[万亿元人年])")


@dataclass(frozen=True)
class Days:
    """A day known only roughly, ends included: `2021` is all of that year."""

    first: date
    last: date


Said: TypeAlias = Value | Days


@dataclass(frozen=True)
class Figure:
    kind: FigureKind
    value: Said
    start: int
    end: int


def figures(text: str, entities: Iterable[Mapping[str, Any]], today: date, words: Words) -> list[Figure]:
    """`entities`: of the pipeline, for parks, districts, fields and stages. In the order of the text."""
    finds = [*_months(text), *_percents(text), *dates(text, today), *relative_dates(text, today), *quantities(text)]
    found = [_figure(find, text, words) for find in longest(finds) if not _is_number_of_percent(find)]
    found += [*_named(entities, text, words), *_places(text, words), *_grades(text, words)]
    return sorted(found, key=lambda each: each.start)


def months_in(text: str) -> Iterator[tuple[Between | Decimal, tuple[int, int]]]:
    """`三年` may be anything below four years; `18个月` and `一年半` are taken at their word."""
    for match in _MONTHS.finditer(text):
        years, more = match["years"] or match["years_en"], match["and_half"] or match["and_half_en"]
        number = _number(years or match["months"] or "0")
        if match["half"]:
            yield Decimal(6), match.span()
        elif number is not None and years:
            months = number * YEAR + (6 if more else 0)
            rough = not more and number == number.to_integral_value()
            yield Between(months, months + YEAR - 1) if rough else months, match.span()
        elif number is not None:
            yield number, match.span()


def years_in(text: str) -> list[Days]:
    """Years without a word around them: `founded 2021`."""
    return [Days(*days_of(match[0])) for match in _FOUNDED_IN.finditer(text)]


def _months(text: str) -> Iterator[Found]:
    for value, (start, end) in months_in(text):
        yield Found("months", value, start, end, text[start:end])


def _percents(text: str) -> Iterator[Found]:
    for match in _PERCENT.finditer(text):
        tenths = match["tenths"]
        number = _number(tenths or match["zh"] or match["n"])
        if number is not None:
            yield Found("percent", number * 10 if tenths else number, *match.span(), match[0])


def _number(words: str) -> Decimal | None:
    if words.lower() in ("a", "an"):
        return Decimal(1)
    return next((Decimal(find.value) for find in quantities(words) if find.entity == "number"), None)


def _is_number_of_percent(find: Found) -> bool:
    return find.entity == "number" and find.text.endswith("%")


def _figure(find: Found, text: str, words: Words) -> Figure:
    if find.entity == "date":
        return Figure("days", Days(*days_of(find.value)), find.start, find.end)
    kind: FigureKind = find.entity  # type: ignore[assignment]
    value = find.value if isinstance(find.value, (Decimal, Between)) else Decimal(find.value)
    return Figure(
        kind,
        _bounded(
            value,
            A_STEP.get(kind, A_CENT),
            text[max(0, find.start - NEAR) : find.start],
            text[find.end : find.end + NEAR],
            words,
        ),
        find.start,
        find.end,
    )


_UNIT_BEFORE_BOUND = re.compile(r"\A\s*(?:万?元|人|名|个|家|平方米|平米?|people|employees|staff|yuan)")


def _bounded(value: Decimal | Between, step: Decimal, before: str, after: str, words: Words) -> Decimal | Between:
    """`不到500人`, `more than 12 million`, `40多人`."""
    low = value.low if isinstance(value, Between) else value
    after = _UNIT_BEFORE_BOUND.sub("", after)
    beyond = step if around(words, "strictly", "before").search(before) else Decimal(0)
    if around(words, "fewer", "before").search(before) or around(words, "fewer_after", "after").search(after):
        return Between(Decimal(0), low - beyond)
    more = around(words, "more", "before").search(before) or around(words, "more_after", "after").search(after)
    if more or after[:1] == "+":
        return Between(low + beyond, MOST)
    if around(words, "rather_more_after", "after").search(after) and isinstance(value, Decimal):
        return Between(value, value + Decimal(10) ** int(value.normalize().as_tuple().exponent) - step)
    return value


def _named(entities: Iterable[Mapping[str, Any]], text: str, words: Words) -> Iterator[Figure]:
    kinds: dict[str, FigureKind] = {"district": "district", "park": "park", "field": "field", "stage": "stage"}
    for entity in entities:
        kind, value = kinds.get(entity.get("entity", "")), entity.get("value")
        if kind and "start" in entity and isinstance(value, str):
            start, end, slug = entity["start"], entity["end"], value.removeprefix("park.")
            if kind == "park" and slug in words.named_like_districts and not _says_park(text[start : end + 5], words):
                kind, value = "district", slug
            yield Figure(kind, value, start, end)


def _says_park(text: str, words: Words) -> bool:
    return any(mark in text.lower() for mark in words.marks_of_a_park)


def _places(text: str, words: Words) -> Iterator[Figure]:
    for match in words.place_names.finditer(text):
        yield Figure("place", words.places[match[0].lower()], *match.span())


def _grades(text: str, words: Words) -> Iterator[Figure]:
    for match in re.finditer(r"(?<![A-Za-z])[A-Z]{1,3}(?![A-Za-z&])", text):
        if match[0] in words.grades:
            yield Figure("grade", match[0], *match.span())
