"""An entry against a company: the verdict, each condition with what staff wrote of it, and what to ask next."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import date

from bot.answers.state import OVER
from bot.eligibility.profile import Profile, facts_for_rules
from bot.eligibility.rules import Condition, Judgement, Rule, Tree, Value, Verdict, judge, reads
from bot.eligibility.telling import in_order_of_telling
from bot.eligibility.trees import EntryRule, rules_of
from bot.eligibility.words import Words
from knowledge.eligibility_tree import Leaf
from knowledge.entry import Entry, State
from knowledge.snapshot import Snapshot


@dataclass(frozen=True)
class Traced:
    """`met`: None when it is not known. `condition.wanted` False: the label names what must not be."""

    condition: Condition
    met: bool | None
    words: Leaf


@dataclass(frozen=True)
class Check:
    """`asks`: facts still to be asked for, the most telling first; none that the company does not know."""

    of: EntryRule
    state: State
    judgement: Judgement
    asks: tuple[str, ...]

    @property
    def entry(self) -> Entry:
        return self.of.entry

    @property
    def tree(self) -> Tree:
        return self.of.rule.tree

    @property
    def verdict(self) -> Verdict:
        return self.judgement.verdict

    @property
    def over(self) -> bool:
        """Expired, repealed or superseded: whatever the verdict, nobody can apply."""
        return self.state in OVER

    @property
    def next_fact(self) -> str | None:
        return self.asks[0] if self.asks and not self.over else None

    @property
    def trace(self) -> tuple[Traced, ...]:
        return tuple(self.traced(condition) for condition in self.of.rule.conditions)

    @property
    def to_change(self) -> tuple[Traced, ...]:
        """What would make the company eligible: the failed conditions on the shortest way."""
        failed = self.judgement.way.failed
        return tuple(each for each in self.trace if each.condition.id in failed)

    def traced(self, condition: Condition) -> Traced:
        return Traced(condition, self.judgement.met[condition.id], self.of.words[condition.id])


def check(entry_id: str, profile: Profile, snapshot: Snapshot, today: date, words: Words) -> Check | None:
    """None for an entry without conditions."""
    of = rules_of(snapshot).get(entry_id)
    if of is None:
        return None
    facts = facts_for_rules(profile, today, words)
    rule = _with_begun(of.rule, facts, snapshot.rule_facts.keys(), words)
    judgement = judge(rule, facts)
    asks = in_order_of_telling(rule, facts, judgement)
    askable = tuple(fact for fact in asks if fact not in profile.unsure and fact in snapshot.rule_facts)
    return Check(of, snapshot.state(of.entry, today), judgement, askable)


def _with_begun(rule: Rule, facts: Mapping[str, Value], askable: Set[str], words: Words) -> Rule:
    """Who has said how many are in R&D is asked for the whole staff next, not for the share."""
    begun = {name: formula for name, formula in words.derived.items() if set(reads(formula)) - facts.keys() <= askable}
    return replace(rule, derived={**begun, **rule.derived}) if begun else rule
