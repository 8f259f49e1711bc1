"""Where the conditions of an entry come from: each source once, numbered when there are several."""

from __future__ import annotations

from bot.answers.closing import KIND_OF_SOURCE
from bot.answers.gains import together
from bot.answers.occasion import Occasion
from bot.eligibility.check import Check
from knowledge.eligibility_tree import Basis, Leaf
from knowledge.entry import Entry
from knowledge.fields import Source


class Bases:
    def __init__(self, check: Check, occasion: Occasion) -> None:
        said = (self._said(each.words, check.entry, occasion) for each in check.trace)
        self._lines = list(dict.fromkeys(line for line in said if line))
        self._of = {each.words.id: self._said(each.words, check.entry, occasion) for each in check.trace}

    def mark(self, leaf: Leaf) -> int | None:
        """None when there is one source for all, or none for this condition."""
        line = self._of[leaf.id]
        return self._lines.index(line) + 1 if line and len(self._lines) > 1 else None

    def lines(self, occasion: Occasion) -> list[str]:
        if len(self._lines) == 1:
            return [occasion.say("utter_basis", basis=self._lines[0])]
        return [
            occasion.say("utter_basis_marked", mark=mark, basis=line) for mark, line in enumerate(self._lines, start=1)
        ]

    @staticmethod
    def _said(leaf: Leaf, entry: Entry, occasion: Occasion) -> str:
        return _said(leaf.basis, entry, occasion) if leaf.basis else ""


def _said(basis: Basis, entry: Entry, occasion: Occasion) -> str:
    source = _source(basis, entry)
    title = source.title.of(occasion.language) if source else basis.source
    issuer = source.issuer.of(occasion.language) if source and source.issuer else None
    number = basis.doc_no or (source.doc_no if source else None)
    titled = occasion.say("utter_titled", title=title) if title else None
    said = together(occasion, titled, issuer, number, basis.article)
    if source and source.kind in KIND_OF_SOURCE:
        said = occasion.say(KIND_OF_SOURCE[source.kind], source=said)
    url = basis.url or (source.url if source else None)
    return occasion.say("utter_link_after", text=said, url=url).strip() if url else said


def _source(basis: Basis, entry: Entry) -> Source | None:
    """The source of the entry that the basis means: by its address, or by its kind (`seed`, `sample`)."""
    same = (each for each in entry.sources if basis.url == each.url if basis.url)
    return next(same, None) or next((each for each in entry.sources if each.kind == basis.source), None)
