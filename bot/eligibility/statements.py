"""Statements without a value: `我们没上市`, `we hold a credit report`, `还没有收入`. Wishes and questions are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.eligibility.clauses import Clause, is_about_us
from bot.eligibility.rules import Plain
from bot.eligibility.words import FactWords, Words, around

_FILLERS = re.compile(r"(?:\b(?:a|an|the|yet|been|currently|our|any)\b|一[家个份笔]|了|过|的|有效期?|内|任何|自己)\s*")
_AT_ONCE = re.compile(r"\A[\s的公司企业]*\Z")
_NOTHING = re.compile(r"(?:没有|没|无|零|\bno|\bzero|\bwithout any)\Z", re.I)
_SO_FAR = re.compile(r"\A(?:yet|so far|at all)", re.I)


def stated(clause: Clause, words: Words) -> Iterator[tuple[str, Plain]]:
    for match in words.phrases.finditer(clause.text):
        for fact in words.of_phrases[match[0].lower()]:
            so = _is_so(clause, match, fact, words)
            if so is not None:
                yield fact.name, so
    for match in words.value_words.finditer(clause.text):
        for fact in words.of_values[match[0].lower()]:
            if _may_be_none(fact) and _none_of(clause, match):
                yield fact.name, Decimal(0)


def _is_so(clause: Clause, match: re.Match[str], fact: FactWords, words: Words) -> bool | None:
    """None when the phrase is a wish, a question, or no statement about the company."""
    before, after = clause.text[: match.start()], clause.text[match.end() :]
    if around(words, "asks_either_way", "anywhere").search(before) or around(words, "wish", "anywhere").search(before):
        return None
    if clause.asked and (not is_about_us(clause, words) or around(words, "asks", "after").search(after) or not after):
        return None
    if match[0].lower() in fact.not_so:
        return False
    stated = around(words, "is", "after").search(match[0]) is not None
    near = _FILLERS.sub("", before[-24:])
    while (verb := around(words, "is", "before").search(near)) is not None:
        near, stated = near[: verb.start()], True
    if around(words, "is_not", "before").search(near):
        return False
    return True if stated or _stands_alone(before, after, words) else None


def _stands_alone(before: str, after: str, words: Words) -> bool:
    return not after.strip() and not around(words, "subject", "anywhere").sub("", before).strip()


def _may_be_none(fact: FactWords) -> bool:
    return fact.kind in ("amount", "count") and not fact.only_with and not fact.never_none


def _none_of(clause: Clause, match: re.Match[str]) -> bool:
    """`还没有收入`, `no R&D`; not `没有研发人员要求` or `no more than ...`"""
    before, after = clause.text[: match.start()].strip(), clause.text[match.end() :].strip()
    if clause.asked or _NOTHING.search(before) is None:
        return False
    return _AT_ONCE.match(_SO_FAR.sub("", after)) is not None
