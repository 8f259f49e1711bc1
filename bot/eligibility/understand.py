"""What a message tells about the company that writes it: facts by name. A question tells nothing about others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.eligibility.ages import OLDEST, founded_ago
from bot.eligibility.clauses import Clause, clauses, is_about_us
from bot.eligibility.figures import LEAST_BARE_AMOUNT, MOST, NEAR, Days, Figure, Said, figures, years_in
from bot.eligibility.rules import Between
from bot.eligibility.statements import stated
from bot.eligibility.words import FactWords, Kind, Words, around

FARTHEST = 30  # characters between a value and its word
BEHIND = 3  # as if a word behind its value stood this much farther away
ONLY_BESIDE = 20
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NOT_A_LABEL = re.compile(r"\A[里中]"), re.compile(r"\bof (?:our|the|its|all) ?\Z", re.I)
SHARED = ("place", "district", "park")
ACCEPTED: Mapping[Kind, tuple[str, ...]] = {
    "amount": ("amount", "number"),
    "count": ("number",),
    "percent": ("percent",),
    "months": ("months",),
    "founded": ("days", "months", "number"),
    "place": ("place",),
    "district": ("district",),
    "park": ("park",),
    "field": ("field",),
    "stage": ("stage",),
    "grade": ("grade",),
}


def understand(text: str, entities: Iterable[Mapping[str, Any]], today: date, words: Words) -> dict[str, Said]:
    """`text` is normalised; `entities`: of the pipeline, whose positions count in it. A later word on a fact counts."""
    found: dict[str, Said] = {}
    values = figures(text, entities, today, words)
    about_us = around(words, "first_person", "anywhere").search(text) is not None
    for clause in clauses(text, words):
        inside = [each for each in values if clause.start <= each.start and each.end <= clause.start + len(clause.text)]
        if not _speaks_of_others(clause, about_us, words):
            found |= dict(_valued(clause, inside, today, words))
        found |= dict(stated(clause, words))
    return found


def _speaks_of_others(clause: Clause, about_us: bool, words: Words) -> bool:
    """Rules, or companies in general. A Chinese question may well leave the "we" out, an English one does not."""
    if clause.asked and not about_us and not _HAN.search(clause.text):
        return True
    required = around(words, "required", "anywhere").search(clause.text)
    return required is not None and (clause.asked or not is_about_us(clause, words))


def _valued(clause: Clause, values: list[Figure], today: date, words: Words) -> Iterator[tuple[str, Said]]:
    """Each value goes to the nearest word that can have it; each fact and each value is used once, a place by all."""
    taken: set[object] = set()
    for _, fact, figure in sorted(_pairs(clause, values, today, words), key=lambda pair: pair[0]):
        if fact.name in taken or figure in taken or _denied(clause, figure, words):
            continue
        value = value_for(fact.kind, figure, today)
        if value is not None:
            taken |= {fact.name} if figure.kind in SHARED else {fact.name, figure}
            yield fact.name, value


def _pairs(clause: Clause, values: list[Figure], today: date, words: Words) -> Iterator[tuple[int, FactWords, Figure]]:
    for mention in words.value_words.finditer(clause.text):
        before = clause.text[max(0, mention.start() - NEAR) : mention.start()]
        after = clause.text[mention.end() : mention.end() + 1]
        if _NOT_A_LABEL[0].match(after) or _NOT_A_LABEL[1].search(before):
            continue
        for figure in values:
            if abs(figure.start - clause.start - mention.start()) > 2 * FARTHEST:
                continue
            start, end = figure.start - clause.start, figure.end - clause.start
            gap = start - mention.end() if start >= mention.end() else mention.start() - end
            if 0 <= gap <= FARTHEST:
                fact = _fact_of(mention[0].lower(), figure, gap, clause, today, words)
                if fact is not None:
                    weight = ONLY_BESIDE if mention[0].lower() in fact.beside else 0
                    yield gap + weight + (BEHIND if start < mention.start() else 0), fact, figure


def _fact_of(word: str, figure: Figure, gap: int, clause: Clause, today: date, words: Words) -> FactWords | None:
    candidates = [
        fact
        for fact in words.of_values[word]
        if figure.kind in ACCEPTED.get(fact.kind, ())
        and value_for(fact.kind, figure, today) is not None
        and (word not in fact.beside or gap <= 1)
        and (not fact.only_with or any(other in clause.text.lower() for other in fact.only_with))
    ]
    return max(candidates, key=lambda fact: bool(fact.only_with), default=None)


def _denied(clause: Clause, figure: Figure, words: Words) -> bool:
    """`不是40人，是45人`"""
    at = figure.start - clause.start
    return around(words, "is_not", "before").search(clause.text[max(0, at - NEAR) : at]) is not None


def value_for(kind: Kind, figure: Figure, today: date) -> Said | None:
    """None when the value cannot be one of this kind."""
    value = figure.value
    most = value.high if isinstance(value, Between) else value
    if isinstance(most, Decimal) and most > MOST:
        return None
    if kind == "founded":
        return _founded(value, today)
    if kind == "amount" and figure.kind == "number":
        return value if isinstance(value, Decimal) and value >= LEAST_BARE_AMOUNT else None
    if kind == "percent" and isinstance(value, Decimal):
        return value if 0 <= value <= 100 else None
    return value


def _founded(value: Said, today: date) -> Days | None:
    if isinstance(value, Decimal) and 1900 <= value <= today.year:
        value = years_in(str(value))[0]
    elif isinstance(value, (Decimal, Between)):
        youngest = value.low if isinstance(value, Between) else value
        return founded_ago(value, today) if youngest <= OLDEST else None
    return value if isinstance(value, Days) and value.first <= today else None
