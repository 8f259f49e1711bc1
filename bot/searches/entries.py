"""Policies, approvals and loans: entries of the knowledge that fit a search, those in force first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.answers.occasion import Occasion
from bot.answers.state import OVER
from bot.searches.search import Search
from knowledge.entry import Entry, State

TYPES: Mapping[str, tuple[str, ...]] = {
    "policies": ("policy", "programme", "recognition"),
    "approvals": ("approval",),
    "loans": ("loan_product", "financial_product"),
}
ORDER: tuple[State, ...] = ("in_force", "planned", "in_preparation", "under_construction", "suspended")


@dataclass(frozen=True)
class FittingEntries:
    entries: tuple[Entry, ...]
    over: int  # that would fit, but are expired, repealed or superseded


def fitting(search: Search, occasion: Occasion) -> FittingEntries:
    visible = occasion.snapshot.visible(occasion.show_samples).values()
    fit = [entry for entry in visible if entry.type in TYPES[search.kind] and _fits(entry, search)]
    current = [entry for entry in fit if occasion.state(entry) not in OVER]
    current.sort(key=lambda entry: entry.as_of, reverse=True)
    current.sort(key=lambda entry: (ORDER.index(occasion.state(entry)), entry.sample, -_meant(entry, search)))
    return FittingEntries(tuple(current), len(fit) - len(current))


def _fits(entry: Entry, search: Search) -> bool:
    """Staff leave stages, fields and parks empty when an entry is for all of them; aims and audience are named."""
    return (
        (not search.filters.get("aim") or search.one("aim") in entry.aims)
        and (not search.filters.get("audience") or search.one("audience") in entry.audience)
        and _empty_or_in(search.one("stage"), entry.stages)
        and _empty_or_in(search.one("field"), entry.fields)
        and _empty_or_in(search.one("park"), _parks(entry))
    )


def _meant(entry: Entry, search: Search) -> int:
    """How many of the filters the entry names itself."""
    named = (("stage", entry.stages), ("field", entry.fields), ("park", _parks(entry)))
    return sum(search.one(name) in codes for name, codes in named)


def _parks(entry: Entry) -> tuple[str, ...]:
    parks = entry.jurisdiction.parks
    return () if "all" in parks else tuple(parks)


def _empty_or_in(wanted: str | None, codes: tuple[str, ...]) -> bool:
    return wanted is None or not codes or wanted in codes
