"""Is a company eligible? A tree of conditions is walked with three values: met, not met, not known (None).

What is not known is never compared: in the rule engine a missing value would count as "no".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import product
from typing import Literal, NamedTuple, TypeAlias

import rule_engine

Verdict = Literal["fits", "does_not", "one_fact_missing", "needs_facts", "for_a_person"]


@dataclass(frozen=True)
class Between:
    """A number known only roughly, ends included: a company "founded in 2021", "fewer than 500 people"."""

    low: Decimal
    high: Decimal


Plain: TypeAlias = bool | Decimal | str
Value: TypeAlias = Plain | Between
Facts: TypeAlias = Mapping[str, Value | None]


@dataclass(frozen=True)
class Condition:
    """`wanted` False below a `not`. `refer`: when it is not met, a person judges and not the rule."""

    id: str
    rule: str
    wanted: bool = True
    refer: bool = False

    @cached_property
    def reads(self) -> tuple[str, ...]:
        return reads(self.rule)


@dataclass(frozen=True)
class Group:
    word: Literal["all", "any"]
    parts: tuple[Tree, ...]


Tree: TypeAlias = "Condition | Group"


@dataclass(frozen=True)
class Rule:
    """`derived`: name -> formula; one that reads another stands after it."""

    tree: Tree
    derived: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        return tuple(_conditions(self.tree))


class Way(NamedTuple):
    """To a tree that is met: conditions that would have to change or that a person judges, facts that are missing."""

    failed: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def length(self) -> tuple[int, int, int]:
        return len(self.failed), len(self.judged), len(self.missing)

    @property
    def verdict(self) -> Verdict:
        if self.failed:
            return "does_not"
        if self.missing:
            return "one_fact_missing" if self.length == (0, 0, 1) else "needs_facts"
        return "for_a_person" if self.judged else "fits"


@dataclass(frozen=True)
class Judgement:
    """`met`: condition -> whether it is. `asks`: facts that can still change the verdict, in the order of the file."""

    verdict: Verdict
    met: Mapping[str, bool | None]
    asks: tuple[str, ...]
    way: Way  # the shortest
    known: Mapping[str, Value]  # also what could be derived


HERE = Way()


def opposite(tree: Tree) -> Tree:
    """`not` is pushed down to the conditions, so that a tree has only `all` and `any`."""
    if isinstance(tree, Condition):
        return Condition(tree.id, tree.rule, not tree.wanted, tree.refer)
    return Group("any" if tree.word == "all" else "all", tuple(map(opposite, tree.parts)))


def judge(rule: Rule, facts: Facts) -> Judgement:
    known = with_derived(rule.derived, facts)
    met = {each.id: is_met(each, known) for each in rule.conditions}
    way = _shortest_way(rule.tree, met, rule, known)
    asks: dict[str, None] = {}
    if way.missing:
        for condition in _undecided(rule.tree, _settled(rule, met)):
            asks |= dict.fromkeys(_missing(condition.rule, rule.derived, known))
    return Judgement(way.verdict, met, tuple(asks), way, known)


def shortest_way(rule: Rule, facts: Facts) -> Way:
    """The verdict without its reasons: a third of the work of `judge`."""
    known = with_derived(rule.derived, facts)
    met = {each.id: is_met(each, known) for each in rule.conditions}
    return _shortest_way(rule.tree, met, rule, known)


def is_met(condition: Condition, known: Mapping[str, Value]) -> bool | None:
    """None too when a rough number lies on both sides of the condition."""
    values = tuple([known.get(name) for name in condition.reads])
    if None in values:
        return None
    if Between not in map(type, values):
        return _holds(condition.rule, *values) is condition.wanted
    outcomes = {_holds(condition.rule, *world) for world in _worlds(condition.reads, known)}
    return outcomes.pop() is condition.wanted if len(outcomes) == 1 else None


def value_of(tree: Tree, met: Mapping[str, bool | None]) -> bool | None:
    if isinstance(tree, Condition):
        return met[tree.id]
    values = {value_of(part, met) for part in tree.parts}
    settled = tree.word == "any"
    if settled in values:
        return settled
    return None if None in values else not settled


def _conditions(tree: Tree) -> Iterator[Condition]:
    if isinstance(tree, Condition):
        yield tree
    else:
        for part in tree.parts:
            yield from _conditions(part)


def _settled(rule: Rule, met: Mapping[str, bool | None]) -> Mapping[str, bool | None]:
    """What a person judges is open."""
    return {each.id: None if each.refer and not met[each.id] else met[each.id] for each in rule.conditions}


def _undecided(tree: Tree, met: Mapping[str, bool | None]) -> list[Condition]:
    """Never one from a branch that is decided already."""
    if value_of(tree, met) is not None:
        return []
    if isinstance(tree, Condition):
        return [tree]
    return [condition for part in tree.parts for condition in _undecided(part, met)]


def _shortest_way(tree: Tree, met: Mapping[str, bool | None], rule: Rule, known: Mapping[str, Value]) -> Way:
    """Of equally short ones the first in the file."""
    if isinstance(tree, Condition):
        return HERE if met[tree.id] else _past(tree, met, rule, known)
    ways = [_shortest_way(part, met, rule, known) for part in tree.parts]
    if tree.word == "any":
        return min(ways, key=lambda way: way.length)
    ways = [way for way in ways if way is not HERE]
    if len(ways) < 2:
        return ways[0] if ways else HERE
    return Way(
        tuple(name for way in ways for name in way.failed),
        tuple(name for way in ways for name in way.judged),
        tuple(dict.fromkeys(fact for way in ways for fact in way.missing)),
    )


def _past(condition: Condition, met: Mapping[str, bool | None], rule: Rule, known: Mapping[str, Value]) -> Way:
    if met[condition.id] is None:
        missing = tuple(dict.fromkeys(_missing(condition.rule, rule.derived, known)))
        if missing:
            return Way(missing=missing)
    elif not condition.refer:
        return Way(failed=(condition.id,))
    return Way(judged=(condition.id,))  # referred, or the share of nothing: no fact can settle it


def with_derived(derived: Mapping[str, str], facts: Facts) -> dict[str, Value]:
    """What was said of a derived fact itself is not calculated again."""
    known = {name: value for name, value in facts.items() if value is not None}
    for name, formula in derived.items():
        if name in known:
            continue
        ends = [_calculated(formula, *world) for world in _worlds(reads(formula), known)]
        numbers = [end for end in ends if end is not None]
        if numbers and len(numbers) == len(ends):
            low, high = min(numbers), max(numbers)
            known[name] = low if low == high else Between(low, high)
    return known


def _worlds(names: tuple[str, ...], known: Mapping[str, Value]) -> list[tuple[Plain, ...]]:
    """The values that facts may have: several when one is known only roughly, none when one is not known."""
    values: list[tuple[Plain, ...]] = []
    for name in names:
        value = known.get(name)
        if value is None:
            return []
        values.append((value.low, value.high) if isinstance(value, Between) else (value,))
    return list(product(*values))


def _missing(text: str, derived: Mapping[str, str], known: Mapping[str, Value]) -> Iterator[str]:
    """The facts to ask for. In place of a derived one, those of its parts that are missing."""
    for name in reads(text):
        value = known.get(name)
        if value is None or isinstance(value, Between):
            if name in derived:
                yield from _missing(derived[name], derived, known)
            else:
                yield name


@lru_cache(maxsize=16_384)
def reads(text: str) -> tuple[str, ...]:
    """The facts that a comparison or a formula reads, in the order of the text."""
    symbols = _compiled(text).context.symbols
    return tuple(dict.fromkeys(name for name in re.findall(r"\w+", text) if name in symbols))


@lru_cache(maxsize=65_536, typed=True)
def _holds(rule: str, *values: Plain) -> bool:
    return bool(_compiled(rule).matches(_named(rule, values)))


def _calculated(formula: str, *values: Plain) -> Decimal | None:
    """None where the divisor is zero."""
    try:
        return Decimal(_compiled(formula).evaluate(_named(formula, values)))
    except rule_engine.errors.ArithmeticError:
        return None


def _named(text: str, values: tuple[Plain, ...]) -> dict[str, Plain]:
    spelt = (_in_spelling_of(text, value) if isinstance(value, str) else value for value in values)
    return dict(zip(reads(text), spelt, strict=True))


def _in_spelling_of(text: str, word: str) -> str:
    """AA for aa where the text says "AA"."""
    return next((other for other in texts_in(text) if other.casefold() == word.casefold()), word)


def texts_in(rule: str) -> list[str]:
    return [double or single for double, single in re.findall(r'"([^"]*)"|\'([^\']*)\'', rule)]


@lru_cache(maxsize=16_384)
def _compiled(text: str) -> rule_engine.Rule:
    """A context of its own: symbols gather in it."""
    return rule_engine.Rule(text, context=rule_engine.Context())
