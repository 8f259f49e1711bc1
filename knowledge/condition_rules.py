"""What must be true of eligibility conditions: each is one comparison that the rule engine can read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import rule_engine
from rule_engine import DataType, ast

from knowledge.eligibility_tree import Leaf, leaves
from knowledge.entry import Entry
from knowledge.located_yaml import Path
from knowledge.rules import Case, Found, entry_rule, named

COMPARISONS = (
    ast.ComparisonExpression,
    ast.ArithmeticComparisonExpression,
    ast.FuzzyComparisonExpression,
    ast.ContainsExpression,
)
TYPES = {"boolean": DataType.BOOLEAN, "number": DataType.FLOAT, "text": DataType.STRING}


def conditions(entry: Entry) -> list[tuple[Path, Leaf]]:
    return leaves(entry.eligibility, ("eligibility",)) if entry.eligibility is not None else []


@entry_rule
def every_condition_can_be_read(case: Case) -> Iterator[Found]:
    for path, leaf in conditions(case.entry):
        expression, _ = parsed(leaf.rule)
        if expression is None:
            yield "rule_unreadable", (*path, "rule"), {"rule": leaf.rule}
        elif not isinstance(expression, COMPARISONS):
            yield "rule_not_one_comparison", (*path, "rule"), {"rule": leaf.rule}
    for name, formula in case.entry.derived_facts.items():
        if parsed(formula)[0] is None:
            yield "rule_unreadable", ("derived_facts", name), {"rule": formula}


@entry_rule
def conditions_ask_for_known_company_facts(case: Case) -> Iterator[Found]:
    """Only where the folder has `rule_facts.yml`."""
    known = case.content.rule_fact_names
    for path, rule in _rules(case.entry) if known else ():
        unknown = parsed(rule)[1] - known - set(case.entry.derived_facts)
        for symbol in sorted(unknown):
            yield "unknown_company_fact", path, named("name", symbol, known)
        if not unknown and parsed(rule)[0] is not None and not _types_fit(rule, case):
            yield "rule_types_differ", path, {"rule": rule}


@entry_rule
def each_condition_has_its_own_id(case: Case) -> Iterator[Found]:
    ids = [leaf.id for _, leaf in conditions(case.entry)]
    for path, leaf in conditions(case.entry):
        if ids.count(leaf.id) > 1:
            yield "condition_id_twice", (*path, "id"), {"id": leaf.id}


def _rules(entry: Entry) -> Iterator[tuple[Path, str]]:
    yield from (((*path, "rule"), leaf.rule) for path, leaf in conditions(entry))
    yield from ((("derived_facts", name), formula) for name, formula in entry.derived_facts.items())


def _types_fit(rule: str, case: Case) -> bool:
    """Not `listed <= 5` where listed is a yes or no."""
    types = {name: fact.type for name, fact in case.content.rule_facts.items() if name in parsed(rule)[1]}
    types |= dict.fromkeys(case.entry.derived_facts, "number")
    return _fits(rule, frozenset(types.items()))


@lru_cache(maxsize=4096)
def _fits(rule: str, types: frozenset[tuple[str, str]]) -> bool:
    resolver = rule_engine.type_resolver_from_dict({name: TYPES[kind] for name, kind in types})
    try:
        rule_engine.Rule(rule, context=rule_engine.Context(type_resolver=resolver))
    except rule_engine.errors.SymbolResolutionError:  # of a fact that has a mistake itself
        return True
    except rule_engine.errors.EngineError:
        return False
    return True


@lru_cache(maxsize=4096)
def parsed(rule: str) -> tuple[ast.ExpressionBase | None, frozenset[str]]:
    """The expression and the company facts it reads; None when the engine cannot read it."""
    try:
        read = rule_engine.Rule(rule)
    except Exception:  # not only its own EngineError: some texts end in a TypeError of its tokenizer
        return None, frozenset()
    return read.statement.expression, frozenset(read.context.symbols)
