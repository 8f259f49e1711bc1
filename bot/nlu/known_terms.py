"""What has a name: codes of the vocabulary and entries, from the knowledge, and listings, from the services database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bot.nlu.normalise import normalise
from bot.nlu.terms import Term

if TYPE_CHECKING:
    from bot.services.rows import ListingName
    from knowledge.fields import Bilingual, BilingualList
    from knowledge.snapshot import Snapshot

_MARK = re.compile(r"\s*\([^()]*\)$")
"""What stands behind a name in brackets, (sample) for one, is not always typed."""


def knowledge_terms(snapshot: Snapshot, *, show_samples: bool) -> Iterator[Term]:
    for kind, codes in snapshot.vocabulary.items():
        for code, term in codes.items():
            yield from _terms(_names(term.name, term.aliases), kind, code)
    for id_, entry in snapshot.visible(show_samples).items():
        yield from _terms(_names(entry.name, entry.aliases), "park" if entry.type == "park" else "entry", id_)


def listing_terms(names: Iterable[ListingName]) -> Iterator[Term]:
    for name in names:
        yield from _terms((name.zh, name.en), "organisation", name.id)


def _names(name: Bilingual, aliases: BilingualList) -> Iterator[str]:
    for language in ("zh", "en"):
        yield name.of(language)
        yield from aliases.of(language)


def _terms(names: Iterable[str], entity: str, value: str) -> Iterator[Term]:
    for name in names:
        name = normalise(name)
        for phrase in {name, _MARK.sub("", name)}:
            yield Term(phrase, entity, value)
