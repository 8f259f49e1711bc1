"""What a company can get: every entry with conditions that one can still apply for, the best first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from bot.answers.state import OVER
from bot.eligibility.rules import Value, Way, shortest_way
from bot.eligibility.trees import EntryRule, rules_of
from knowledge.entry import Entry, State
from knowledge.fields import Call
from knowledge.snapshot import Snapshot

Group = Literal["fits", "nearly", "open", "not"]
Window = Literal["open", "upcoming", "closed", "none"]
GROUPS: tuple[Group, ...] = ("fits", "nearly", "open", "not")


@dataclass(frozen=True)
class Match:
    """`nearly`: one thing is missing, named in `way`. `closes`: the last day to apply, of the call or of the entry."""

    of: EntryRule
    group: Group
    state: State
    way: Way
    window: Window
    closes: date | None
    amount: Decimal | None

    @property
    def entry(self) -> Entry:
        return self.of.entry


def matches(
    facts: Mapping[str, Value],
    snapshot: Snapshot,
    today: date,
    *,
    show_samples: bool,
    types: Collection[str] | None = None,
    audience: str = "enterprise",
) -> list[Match]:
    """`types`: of entries, all without. Entries for others than `audience` are left out."""
    found = []
    for name, of in rules_of(snapshot).items():
        if types is not None and of.entry.type not in types:
            continue
        if (of.entry.sample and not show_samples) or (of.entry.audience and audience not in of.entry.audience):
            continue
        state = snapshot.state(name, today)
        if state not in OVER and state != "suspended":
            found.append(match(of, facts, state, today))
    return sorted(found, key=_rank)


def match(of: EntryRule, facts: Mapping[str, Value], state: State, today: date) -> Match:
    way = shortest_way(of.rule, facts)
    window, closes = _window(of.entry, today)
    return Match(of, _group(way), state, way, window, closes, _amount(of.entry))


def _group(way: Way) -> Group:
    if way.verdict == "fits":
        return "fits"
    if sum(way.length) == 1:
        return "nearly"
    return "not" if way.failed else "open"


def _rank(found: Match) -> tuple[object, ...]:
    """What can be applied for now comes first, then the nearest deadline, then the largest amount."""
    later = found.window == "closed", found.state != "in_force"
    ends = found.closes if found.closes is not None and found.window != "closed" else date.max
    least = sum(found.way.length) if found.group in ("open", "not") else len(found.way.failed)
    return GROUPS.index(found.group), *later, least, ends, -(found.amount or 0), str(found.entry.id)


def _window(entry: Entry, today: date) -> tuple[Window, date | None]:
    dated = [call for call in entry.calls if call.opens or call.last_day]
    if not dated:
        return "none", entry.valid_until
    latest = max(dated, key=lambda call: (call.year, call.last_day or date.max))
    return _of_call(latest, today), latest.last_day


def _of_call(call: Call, today: date) -> Window:
    if call.last_day is not None and call.last_day < today:
        return "closed"
    return "upcoming" if call.opens is not None and today < call.opens else "open"


def _amount(entry: Entry) -> Decimal | None:
    if entry.support is not None and entry.support.amount is not None:
        return entry.support.amount
    return entry.terms.amount.max if entry.terms is not None and entry.terms.amount is not None else None
