"""The eligibility of an entry as a rule, and what staff wrote of each condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.eligibility.rules import Condition, Group, Rule, Tree, opposite, reads
from knowledge import eligibility_tree as staffs
from knowledge.entry import Entry
from knowledge.snapshot import Snapshot


@dataclass(frozen=True)
class EntryRule:
    entry: Entry
    rule: Rule
    words: Mapping[str, staffs.Leaf]  # by id of the condition


_of_snapshots: dict[str, Mapping[str, EntryRule]] = {}
MOST_SNAPSHOTS = 2  # the live one and a preview


def rules_of(snapshot: Snapshot) -> Mapping[str, EntryRule]:
    """Of every entry that has one, by its id; made once per snapshot."""
    if snapshot.id not in _of_snapshots:
        rules = {name: entry_rule(entry) for name, entry in snapshot.entries.items() if entry.eligibility is not None}
        while len(_of_snapshots) >= MOST_SNAPSHOTS:
            _of_snapshots.pop(next(iter(_of_snapshots)), None)
        _of_snapshots[snapshot.id] = rules
    return _of_snapshots[snapshot.id]


def entry_rule(entry: Entry) -> EntryRule:
    assert entry.eligibility is not None
    words = {str(leaf.id): leaf for _, leaf in staffs.leaves(entry.eligibility)}
    for text in (*(leaf.rule for leaf in words.values()), *entry.derived_facts.values()):
        reads(text)  # compiled now and not in someone's turn
    derived = {name: str(formula) for name, formula in entry.derived_facts.items()}
    return EntryRule(entry, Rule(_tree(entry.eligibility), derived), words)


def _tree(condition: staffs.Condition) -> Tree:
    if isinstance(condition, staffs.Leaf):
        return Condition(str(condition.id), str(condition.rule), refer=bool(condition.refer))
    if isinstance(condition, staffs.Not):
        return opposite(_tree(condition.branch))
    if isinstance(condition, staffs.AllOf):
        return Group("all", tuple(map(_tree, condition.all)))
    return Group("any", tuple(map(_tree, condition.any)))
