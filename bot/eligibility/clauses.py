"""A message in clauses, so that a value and the word for it are looked for side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.eligibility.words import Words, around

_BREAK = re.compile(
    r"[;!?。\n]|(?<!\d),|,(?!\d{3}(?!\d))|\.(?!\d)|其中|另外|并且|而且"
    r"|\bbut\b|\bwith\b|(?<!research)(?<!science)(?<!specialised)(?<!specialized)\s+\band\b(?!\s+a\s+half)"
)


@dataclass(frozen=True)
class Clause:
    text: str
    start: int
    asked: bool  # part of a question


def clauses(text: str, words: Words) -> Iterator[Clause]:
    start = 0
    for match in [*_BREAK.finditer(text), None]:
        end = match.start() if match else len(text)
        if match and match[0].strip() == "and" and not re.search(r"\d", text[start:end]):
            continue  # "registered and taxed in": one place for both
        asked = (match is not None and match[0] == "?") or around(words, "asks", "anywhere").search(text, start, end)
        if text[start:end].strip():
            yield Clause(text[start:end], start, bool(asked))
        start = match.end() if match else end


def is_about_us(clause: Clause, words: Words) -> bool:
    return around(words, "first_person", "anywhere").search(clause.text) is not None
