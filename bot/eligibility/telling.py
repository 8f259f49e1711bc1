"""Which fact to ask for first: one whose answer can decide alone, then the one that settles most conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from bot.eligibility.rules import Facts, Judgement, Plain, Rule, judge, reads, texts_in

DECIDED = ("fits", "does_not", "for_a_person")
SOMETHING_ELSE = "\0"
MAGNITUDES = (Decimal(0), *(Decimal(10) ** power for power in range(0, 13, 2)))


def in_order_of_telling(rule: Rule, facts: Facts, judgement: Judgement) -> tuple[str, ...]:
    """The facts of `judgement.asks`. Between equals the order of the file."""

    def power(fact: str) -> tuple[bool, int]:
        answers = [judge(rule, {**facts, fact: answer}) for answer in possible_answers(fact, rule)]
        alone = any(answer.verdict in DECIDED for answer in answers)
        settled = max(sum(value is not None for value in answer.met.values()) for answer in answers)
        return not alone, -settled

    return tuple(sorted(judgement.asks, key=power))


def possible_answers(fact: str, rule: Rule) -> list[Plain]:
    """At least one on either side of every condition that reads the fact."""
    texts = [condition.rule for condition in rule.conditions if fact in condition.reads]
    words = {word for text in texts for word in texts_in(text)}
    if words:
        return [*sorted(words), SOMETHING_ELSE]
    if any(re.search(r"\b(?:true|false)\b", text) for text in texts):
        return [True, False]
    return sorted({*_around(texts), *(MAGNITUDES if _is_part(fact, rule) or not texts else ())})


def _is_part(fact: str, rule: Rule) -> bool:
    return any(fact in reads(formula) for formula in rule.derived.values())


def _around(texts: Iterable[str]) -> Iterable[Decimal]:
    for text in texts:
        for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", text):
            yield from (Decimal(number) - 1, Decimal(number), Decimal(number) + 1)
