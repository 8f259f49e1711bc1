"""How well each entry fits a question, as a few signals, and their weighted sum.

A word that stands in both texts counts only where question and passage share a language; across languages the
vectors alone speak. The weights are fitted by `python -m knowledge calibrate`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Vectors
from knowledge.lexical import Asked
from knowledge.passages import KINDS, Index
from knowledge.tokens import spelled, topic

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
SIGNALS = (
    *(f"near_{kind}" for kind in KINDS),
    "near_question_other_language",
    *(f"words_{kind}" for kind in KINDS),
    "words_anywhere",
    "name_inside",
)
MOST = 1.5  # what a short passage with all the words may count
OTHER = {"zh": "en", "en": "zh"}


@dataclass(frozen=True)
class Ranked:
    signals: Floats  # (entries, signals)
    best: NDArray[np.int64]  # the passage of each entry that fits best
    asked: Asked


def rank(index: Index, text: str, language: str, vector: Vectors, hidden: Mask | None = None) -> Ranked:
    """`hidden`: passages to leave out, as if they had not been written."""
    near = index.vectors @ vector
    asked = index.lexical.asked(topic(text))
    found = index.lexical.found(asked)
    if hidden is not None:
        near, found[hidden] = np.where(hidden, -1, near), 0
    words = np.minimum(found.sum(axis=1) / asked.weight, MOST)
    same = {kind: index.masks[kind, language] for kind in KINDS}
    names = index.masks["name", "zh"] | index.masks["name", "en"]
    columns = [
        _best_of(index, near, same["question"]),
        _best_of(index, near, names),
        _best_of(index, near, same["text"]),
        _best_of(index, near, index.masks["question", OTHER[language]]),
        _best_of(index, words, same["question"]),
        _best_of(index, words, names),
        _best_of(index, words, same["text"]),
        _words_anywhere(index, found, asked),
        _name_inside(index, text, asked),
    ]
    shared = same["question"] | same["text"] | names
    return Ranked(np.stack(columns, axis=1), _best_passages(index, near + np.where(shared, words, 0)), asked)


def _best_of(index: Index, scores: Floats, mask: Mask) -> Floats:
    best: Floats = np.maximum.reduceat(np.where(mask, scores, 0), index.starts)
    return best


def _best_passages(index: Index, scores: Floats) -> NDArray[np.int64]:
    ends = [*index.starts[1:], len(index.passages)]
    return np.array(
        [start + scores[start:end].argmax() for start, end in zip(index.starts, ends, strict=True)]
    )


def _words_anywhere(index: Index, found: Floats, asked: Asked) -> Floats:
    """Which share of the question stands somewhere in what the entry says."""
    said = np.maximum.reduceat(found, index.starts, axis=0) > 0
    share: Floats = (said @ index.lexical.rarity[asked.columns]).astype(np.float32) / np.float32(asked.weight)
    return share


def _name_inside(index: Index, text: str, asked: Asked) -> Floats:
    """How much of the question is the name of the entry: 1 when it is nothing else."""
    found = np.zeros(len(index.ids), dtype=np.float32)
    question = spelled(text)
    for name, entry, weight in index.names:
        if name in question:
            found[entry] = max(found[entry], min(weight / asked.weight, 1.0))
    return found
