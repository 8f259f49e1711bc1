"""Exact BM25 over short passages, scaled so that about 1 means: all that was asked for stands there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from knowledge.spelling import corrected, variants
from knowledge.tokens import CHINESE, tokens

K1, B = 1.2, 0.5
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Asked:
    """A query's words: where they stand in the index, what they weigh, and what is known nowhere."""

    columns: NDArray[np.int64]
    weight: float  # of all its words
    unknown: float  # share of its words (Chinese: pairs) that stand in no passage
    length: int  # in such words


@dataclass(frozen=True)
class Lexical:
    weights: csc_matrix  # passages x words
    columns: dict[str, int]
    rarity: Floats  # of each word, by the number of entries that have it
    rarest: float  # of a word no entry has
    slips: dict[str, tuple[str, ...]]  # see spelling.variants

    def asked(self, text: str) -> Asked:
        words = list(dict.fromkeys(tokens(text)))
        known = [self.columns[word] for word in words if word in self.columns]
        found = float(self.rarity[known].sum()) if known else 0.0
        weight = max(found + self.rarest * (len(words) - len(known)), 1e-6)
        telling = [word for word in words if not (len(word) == 1 and CHINESE.match(word))]
        unknown = sum(word not in self.columns for word in telling) / max(len(telling), 1)
        return Asked(np.array(known, dtype=np.int64), weight, unknown, len(telling))

    def found(self, asked: Asked) -> Floats:
        """(passages, known words of the question): what each word adds where it stands."""
        found: Floats = self.weights[:, asked.columns].toarray().astype(np.float32)
        return found

    def corrected(self, text: str) -> str:
        return corrected(text, self.columns, self.slips)

    def mass(self, text: str) -> float:
        return self.asked(text).weight


def build_lexical(texts: Sequence[str], owners: Sequence[int]) -> Lexical:
    """`owners`: the entry of each text. A word is as rare as the entries are that have it in any text."""
    counted = [Counter(tokens(text)) for text in texts]
    entries_with: defaultdict[str, set[int]] = defaultdict(set)
    for words, owner in zip(counted, owners, strict=True):
        for word in words:
            entries_with[word].add(owner)
    columns = {word: at for at, word in enumerate(entries_with)}
    number = max(len(set(owners)), 1)
    seen = np.array([len(entries) for entries in entries_with.values()], dtype=np.float32)
    rarity = np.log1p((number - seen + 0.5) / (seen + 0.5))
    rarest = float(np.log1p((number + 0.5) / 0.5))
    return Lexical(_weights(counted, columns, rarity), columns, rarity, rarest, variants(columns))


def _weights(counted: Sequence[Counter[str]], columns: dict[str, int], rarity: Floats) -> csc_matrix:
    lengths = np.array([sum(words.values()) for words in counted], dtype=np.float32)
    usual = float(lengths.mean()) if len(lengths) else 1.0
    rows = np.repeat(np.arange(len(counted)), [len(words) for words in counted])
    cols = np.array([columns[word] for words in counted for word in words], dtype=np.int64)
    often = np.array([count for words in counted for count in words.values()], dtype=np.float32)
    damped = often * (K1 + 1) / (often + K1 * (1 - B + B * lengths[rows] / max(usual, 1.0)))
    return csc_matrix((damped * rarity[cols], (rows, cols)), shape=(len(counted), len(columns)))
