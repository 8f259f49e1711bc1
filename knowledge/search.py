"""From a question to the entries that answer it, with a confidence: answer, offer up to three, or decline."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from knowledge.confidence import Calibration, clues_of
from knowledge.encoder import Vectors
from knowledge.passages import Index
from knowledge.ranking import Floats, Ranked, rank
from knowledge.tokens import places_elsewhere, plain

Band = Literal["answer", "offer", "decline"]
MOST_HITS = 3
EDITIONS_APART = 1.0  # in score: asked for by its year, the old edition is further ahead
LONGEST = 500  # characters of a question that are looked at


@dataclass(frozen=True)
class Hit:
    entry_id: str
    score: float
    matched_text: str


@dataclass(frozen=True)
class Finding:
    """`hits` best first, also when declining: what was nearest."""

    band: Band
    confidence: float  # that the first hit is right
    hits: tuple[Hit, ...]

    @property
    def top(self) -> Hit | None:
        return self.hits[0] if self.hits else None


NOTHING = Finding("decline", 0.0, ())


@dataclass(frozen=True)
class Allowed:
    """Positions of entries that may be found; those of `outdated` only behind their successors."""

    positions: Collection[int]
    outdated: dict[int, int]  # superseded -> its successor


def find(
    index: Index, calibration: Calibration, text: str, language: str, vector: Vectors | None, allowed: Allowed
) -> Finding:
    text = plain(text[:LONGEST])
    if not allowed.positions or not text.strip():
        return NOTHING
    corrected = index.lexical.corrected(text)
    if vector is None or corrected != text:
        vector = index.encoder.encode([corrected])[0]
    ranked = rank(index, corrected, language, vector)
    scores = calibration.scores(ranked)
    order = in_order(scores, allowed)
    clues = clues_of(
        ranked, scores, order, rivals(order, allowed), names_elsewhere(index, corrected, order[0])
    )
    right, known = calibration.right.of(clues), calibration.known.of(clues)
    hits = tuple(_hit(index, ranked, scores, at) for at in order[:MOST_HITS])
    across = index.passages[ranked.best[order[0]]].language != language
    if right >= (calibration.across if across else calibration.answer):
        return Finding("answer", right, hits)
    return Finding("offer" if known >= calibration.offer else "decline", right, hits)


def names_elsewhere(index: Index, text: str, entry: int) -> bool:
    """The question is about a place outside Shanghai of which the entry does not speak."""
    return any(place not in index.said[entry] for place in places_elsewhere(text))


def in_order(scores: Floats, allowed: Allowed) -> list[int]:
    """Best first. An outdated edition stands right behind its successor when that is nearly as good."""
    positions = np.array(sorted(allowed.positions))
    order = [int(at) for at in positions[np.argsort(-scores[positions], kind="stable")]]
    for old, new in allowed.outdated.items():
        both = old in order and new in order
        if both and order.index(old) < order.index(new) and scores[old] - scores[new] < EDITIONS_APART:
            order.remove(new)
            order.insert(order.index(old), new)
    return order


def rivals(order: list[int], allowed: Allowed) -> list[int]:
    """Without other editions of the first: that there are two does not make the topic doubtful."""
    family = {order[0], allowed.outdated.get(order[0], -1)}
    family |= {old for old, new in allowed.outdated.items() if new in family}
    return [order[0], *(at for at in order if at not in family)]


def _hit(index: Index, ranked: Ranked, scores: Floats, at: int) -> Hit:
    return Hit(index.ids[at], float(scores[at]), index.passages[ranked.best[at]].text)
