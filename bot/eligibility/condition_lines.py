"""The conditions of an entry as lines: what is not met first, then what is not known, then what is met.

A group of alternatives is one line: when it is met the branch that is, else the branches that can still be.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.answers.occasion import Occasion
from bot.eligibility.bases import Bases
from bot.eligibility.check import Check, Traced
from bot.eligibility.rules import Condition, Group, Tree, reads, value_of
from bot.eligibility.shown import shown
from bot.eligibility.words import Words

MARKS = {True: "utter_condition_met", False: "utter_condition_not_met", None: "utter_condition_unknown"}
ORDER = (False, None, True)


def condition_lines(check: Check, bases: Bases, occasion: Occasion, words: Words) -> list[str]:
    lines = [(value_of(part, check.judgement.met), part) for part in _parts(check.tree)]
    lines.sort(key=lambda line: ORDER.index(line[0]))
    return [_line(value, part, check, bases, occasion, words) for value, part in lines]


def _parts(tree: Tree) -> list[Tree]:
    if isinstance(tree, Group) and tree.word == "all":
        return [inner for part in tree.parts for inner in _parts(part)]
    return [tree]


def _line(value: bool | None, tree: Tree, check: Check, bases: Bases, occasion: Occasion, words: Words) -> str:
    telling = _telling(tree, check)
    label = in_words(telling, lambda each: label_of(check.traced(each), occasion), occasion)
    judged = value is not True and _left_to_a_person(tree, check)
    line = occasion.say("utter_condition_judged" if judged else MARKS[value], label=label)
    if value is False and isinstance(telling, Condition):
        line = _with_reason(line, check.traced(telling), check, occasion, words)
    marks = dict.fromkeys(bases.mark(check.traced(each).words) for each in _conditions(telling))
    for mark in filter(None, marks):
        line = occasion.say("utter_condition_marked", line=line, mark=mark)
    return occasion.say("utter_bullet", line=line)


def _telling(tree: Tree, check: Check) -> Tree:
    """Of alternatives, as much as shows why: of one that is met all, of another what stands in its way."""
    met = check.judgement.met
    if isinstance(tree, Condition):
        return tree
    value = value_of(tree, met)
    parts = [part for part in tree.parts if tree.word == "all" or value_of(part, met) is value]
    if value:
        return parts[0] if tree.word == "any" else tree
    if tree.word == "any" and value is False and not all(isinstance(part, Condition) for part in parts):
        parts = [min(parts, key=lambda part: sum(met[each.id] is False for each in _conditions(part)))]
    parts = [_telling(part, check) for part in parts if value_of(part, met) is value]
    return parts[0] if len(parts) == 1 else Group(tree.word, tuple(parts))


def _left_to_a_person(tree: Tree, check: Check) -> bool:
    return any(each.id in check.judgement.way.judged for each in _conditions(tree))


def _with_reason(line: str, failed: Traced, check: Check, occasion: Occasion, words: Words) -> str:
    """The figure it failed on, and the wording of the clause."""
    read = [(name, check.judgement.known[name]) for name in reads(failed.condition.rule)]
    figures = [shown(name, value, occasion, words) for name, value in read if not isinstance(value, bool)]
    if figures:
        detail = occasion.say("utter_condition_value", value=occasion.say("utter_option_separator").join(figures))
        line = occasion.say("utter_in_brackets", text=line, detail=detail)
    quote = failed.words.basis.quote if failed.words.basis else None
    return occasion.say("utter_condition_quoted", line=line, quote=quote) if quote else line


def label_of(traced: Traced, occasion: Occasion) -> str:
    """Below a `not` the label names what must not be."""
    label = occasion.text(traced.words.label)
    if traced.condition.wanted or traced.met is False:
        return label
    return occasion.say("utter_condition_absent" if traced.met else "utter_condition_absent_or_not", label=label)


def in_words(tree: Tree, label: Callable[[Condition], str], occasion: Occasion) -> str:
    if isinstance(tree, Condition):
        return label(tree)
    said = [in_words(part, label, occasion) for part in tree.parts]
    if len(said) == 1:
        return said[0]
    separator = occasion.say("utter_enumeration" if tree.word == "all" else "utter_option_separator")
    return occasion.say("utter_one_of", options=separator.join(said)) if tree.word == "any" else separator.join(said)


def _conditions(tree: Tree) -> list[Condition]:
    if isinstance(tree, Condition):
        return [tree]
    return [condition for part in tree.parts for condition in _conditions(part)]
