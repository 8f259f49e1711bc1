"""A reply to a question about the company: `三年`, `40`, `没有`, `about 12 million`, `不知道`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from bot.eligibility.figures import Figure, Said, figures
from bot.eligibility.rules import Between
from bot.eligibility.understand import ACCEPTED, understand, value_for
from bot.eligibility.words import FactWords, Kind, Words, around, one_of
from bot.nlu.amounts import quantities
from knowledge.eligibility_tree import RuleFact

Why = Literal["yes_or_no", "amount", "unit", "currency", "number", "percent", "time", "place", "grade"]
WHAT_IS_WANTED: Mapping[Kind, Why] = {
    "yes_no": "yes_or_no",
    "amount": "amount",
    "count": "number",
    "percent": "percent",
    "months": "time",
    "founded": "time",
    "place": "place",
    "district": "place",
    "grade": "grade",
}
UNITS: Mapping[str, Kind] = {"元": "amount", "%": "percent", "个月": "months"}
_ASIDE = re.compile(
    r"\A(?:大概|大约|约|差不多|目前|现在|我们|公司|应该|就|about|around|roughly|approximately|some|we have|it is|it's)\s*",
    re.I,
)
_END = r"(?=\Z|[\s,.;!。的了啊呢吧哦]|$)"


@dataclass(frozen=True)
class Told:
    """Also what else was said in the same breath."""

    facts: Mapping[str, Said]


@dataclass(frozen=True)
class Unsure:
    """`facts`: what was said of other things."""

    facts: Mapping[str, Said]


@dataclass(frozen=True)
class Unclear:
    why: Why
    facts: Mapping[str, Said]


def read_reply(
    asked: str, of: RuleFact, text: str, entities: Iterable[Mapping[str, Any]], today: date, words: Words
) -> Told | Unsure | Unclear:
    """`asked`: a name in rule_facts.yml, `of`: what stands there. `text` is normalised."""
    entities = list(entities)
    name = words.answering.get(asked, asked)
    fact = words.facts.get(name) or FactWords(name, kind_of(of))
    facts = understand(text, entities, today, words)
    if name in facts:
        return Told(facts)
    counted = _counted_alone(text, entities, fact, today, words)
    if counted:
        return Told(counted)
    value = _yes_or_no(text, fact, words) if fact.kind == "yes_no" else _value(text, entities, fact, today, words)
    if value is not None:
        return Told({**facts, name: value})
    if one_of(words.replies["unsure"]).search(text):
        return Unsure(facts)
    return Unclear(_why(text, fact.kind), facts)


def _counted_alone(
    text: str, entities: Iterable[Mapping[str, Any]], fact: FactWords, today: date, words: Words
) -> dict[str, Said]:
    """`5人` answers for what was asked, and not for the staff; asked for a share, it is the number it is made of."""
    values = figures(text, entities, today, words)
    named = any(match[0].lower() not in other.beside
                for match in words.value_words.finditer(text) for other in words.of_values[match[0].lower()])  # fmt: skip
    if named or [figure.kind for figure in values] != ["number"] or fact.kind not in ("count", "percent"):
        return {}
    if fact.kind == "count":
        return {fact.name: values[0].value}
    counted = [other for other in fact.instead_of if words.facts[other].kind == "count"]
    is_counted = words.value_words.search(text) is not None or re.search(r"[人名位个]", text) is not None
    return {counted[0]: values[0].value} if counted and is_counted else {}


def kind_of(fact: RuleFact) -> Kind:
    if fact.type == "boolean":
        return "yes_no"
    return UNITS.get(fact.unit.zh if fact.unit else "", "count")


def _yes_or_no(text: str, fact: FactWords, words: Words) -> bool | None:
    """The longest reply that the text begins with."""
    if around(words, "asks_either_way", "after").search(text) or text.endswith("?"):
        return None
    so = fact.reply_so or words.replies["so"]
    not_so = fact.reply_not_so or words.replies["not_so"]
    found = {}
    for value, replies in ((True, so), (False, not_so), (None, words.replies["unsure"])):
        for said in replies:
            if re.match(re.escape(said) + (_END if said.isascii() else ""), _ASIDE.sub("", text.strip()), re.I):
                found[len(said)] = value
    return found[max(found)] if found else None


def _value(text: str, entities: Iterable[Mapping[str, Any]], fact: FactWords, today: date, words: Words) -> Said | None:
    if fact.kind in ("amount", "count") and _is(text, words.replies["nothing"]):
        return Decimal(0)
    if fact.kind == "grade" and text.strip(" 级.。").upper() in words.grades:
        return text.strip(" 级.。").upper()
    values = figures(text, entities, today, words)
    for figure in values:
        if figure.kind in ACCEPTED[fact.kind] and (value := value_for(fact.kind, figure, today)) is not None:
            return value
    numbers = [figure for figure in values if figure.kind == "number"]
    return _bare(numbers[0], fact.kind, today) if len(numbers) == 1 else None


def _bare(number: Figure, kind: Kind, today: date) -> Said | None:
    """A number without its unit, which the question has named."""
    if kind in ("months", "founded") and isinstance(number.value, (Decimal, Between)):
        return value_for(kind, Figure("months", number.value, number.start, number.end), today)
    return value_for("percent", number, today) if kind == "percent" else None


def _is(text: str, replies: Iterable[str]) -> bool:
    return text.strip(" .。,!的了").lower() in replies


def _why(text: str, kind: Kind) -> Why:
    if kind != "amount":
        return WHAT_IS_WANTED[kind]
    finds = list(quantities(text))
    if any(find.entity is None for find in finds):
        return "currency"
    return "unit" if any(find.entity == "number" for find in finds) else "amount"
