"""What is looked for in a list, how it is narrowed, and how it can be widened again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

Codes = tuple[str, ...]

# Per kind of list what it can be narrowed by, the most important first: the last is the first to be given up.
FILTERS: Mapping[str, tuple[str, ...]] = {
    "carriers": ("carrier_kind", "park", "district", "field", "stage", "evaluated", "free_seats"),
    "services": ("service_category", "platform_function", "platform_offer", "park", "stage"),
    "institutes": ("field", "park"),
    "training": ("audience",),
    "policies": ("aim", "audience", "stage", "field", "park"),
    "approvals": ("audience", "park"),
    "loans": ("audience", "stage", "field", "park"),
}
NARROWING = frozenset(name for names in FILTERS.values() for name in names)
INTENTS: Mapping[str, str] = {
    "carriers": "find_carrier",
    "services": "find_service",
    "institutes": "find_institute",
    "training": "find_training",
    "policies": "find_policy",
    "approvals": "find_approval",
    "loans": "find_loan",
}
OF_ENTRIES = frozenset({"policies", "approvals", "loans"})
SEVERAL = frozenset({"carrier_kind"})  # of any other filter the first one named counts
NAMED_IF_UNUSED = ("park", "district", "field", "stage", "audience")


@dataclass(frozen=True)
class Search:
    kind: str
    filters: Mapping[str, Codes]
    offset: int = 0

    def one(self, name: str) -> str | None:
        return next(iter(self.filters.get(name, ())), None)

    def yes_or_no(self, name: str) -> bool | None:
        said = self.one(name)
        return None if said is None else said == "true"

    @property
    def page(self) -> int:
        """Rows of one bubble. Those of entries have a button each."""
        return 4 if self.kind in OF_ENTRIES else 5

    def remembered(self, total: int) -> dict[str, Any]:
        """For the slot `last_search`."""
        filters = {name: list(codes) for name, codes in self.filters.items()}
        return {"kind": self.kind, "filters": filters, "offset": self.offset, "total": total}


def remembered_search(slot: Mapping[str, Any]) -> Search:
    filters = {name: tuple(codes) for name, codes in slot["filters"].items()}
    return Search(slot["kind"], filters, slot["offset"])


def asked(kind: str, named: Mapping[str, Codes]) -> Search:
    """`named`: entity -> what the message names, in its order."""
    return Search(kind, {name: _counting(name, named[name]) for name in FILTERS[kind] if named.get(name)})


def refined(before: Search, named: Mapping[str, Codes]) -> Search:
    """What is named anew replaces what was named before; a park also replaces a district, and the other way round."""
    new = asked(before.kind, named).filters
    dropped = {"park"} if "district" in new else {"district"} if "park" in new else set()
    kept = {name: codes for name, codes in before.filters.items() if name not in dropped}
    merged = {**kept, **new}
    return Search(before.kind, {name: merged[name] for name in FILTERS[before.kind] if name in merged})


def unused(kind: str, named: Mapping[str, Codes]) -> list[tuple[str, str]]:
    """What the message names but this list cannot be narrowed by: pairs of entity and code."""
    return [(name, code) for name in NAMED_IF_UNUSED if name not in FILTERS[kind] for code in named.get(name, ())]


def relaxations(search: Search) -> Iterator[tuple[tuple[str, ...], Search]]:
    """The names of filters given up, and the search without them: one filter, the least important first, then ever more."""
    names = tuple(search.filters)
    singly = ((name,) for name in reversed(names))
    for dropped in (*singly, *(names[-several:] for several in range(2, len(names) + 1))):
        left = {name: codes for name, codes in search.filters.items() if name not in dropped}
        yield dropped, Search(search.kind, left)


def onward(search: Search) -> Search:
    return replace(search, offset=search.offset + search.page)


def as_entities(search: Search) -> dict[str, Any]:
    """For a button that asks for this search."""
    return {name: codes[0] if len(codes) == 1 else list(codes) for name, codes in search.filters.items()}


def _counting(name: str, codes: Codes) -> Codes:
    return tuple(dict.fromkeys(codes)) if name in SEVERAL else codes[:1]
