"""Which intent a text has, and whether it has any: two small linear models, fitted in fit_intents.py, used with numpy alone.

The first gives a probability to every intent, from the sentence vector and hashed character n-grams. The second looks at how
the first behaves and at how near the closest training examples are, and says how likely the text is out of scope.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

BUCKETS = 1 << 13
OUT_OF_SCOPE = "out_of_scope"
_GRAMS_OF = 200
"""Characters whose n-grams are counted: what someone wants is said by then."""
_RUN = re.compile(r"[㐀-鿿]+|[a-z]+|\d+|[^\w\s]")


@dataclass(frozen=True)
class IntentModel:
    """n intents, d dimensions, m examples."""

    names: tuple[str, ...]
    vector_weights: Floats  # (d, n)
    gram_weights: Floats  # (BUCKETS, n)
    bias: Floats  # (n,)
    examples: Floats  # (m, d): sentence vectors
    in_scope: NDArray[np.bool_]  # (m,)
    gate_weights: Floats  # (signals,)
    gate_bias: Floats  # (1,)

    def probabilities(self, vector: Floats, text: str) -> Floats:
        """Of every intent of `names`; that of out_of_scope comes from the second model, and all sum to 1."""
        first = softmax(
            vector @ self.vector_weights + self.gram_weights[buckets(text)].sum(axis=0) * gram_scale(text) + self.bias
        )
        near = self.examples @ vector
        outside = self.names.index(OUT_OF_SCOPE)
        probability_outside = _sigmoid(
            float(
                signals(first, outside, near[self.in_scope], near[~self.in_scope]) @ self.gate_weights
                + self.gate_bias[0]
            )
        )
        inside = np.delete(first, outside)
        mixed = np.insert(inside / inside.sum() * (1 - probability_outside), outside, probability_outside)
        return mixed.astype(np.float32)

    def save(self, path: Path) -> None:
        np.savez(path, **{field.name: np.asarray(getattr(self, field.name)) for field in fields(self)})


def load(path: Path) -> IntentModel:
    with np.load(path, allow_pickle=False) as arrays:
        values = {name: arrays[name] for name in arrays.files}
    return IntentModel(**{**values, "names": tuple(str(name) for name in values["names"])})


def signals(first: Floats, outside: int, near_inside: Floats, near_outside: Floats) -> Floats:
    """How sure the first model is, and how near the text is to examples: the nearest and the mean of the nearest five."""
    inside = np.delete(first, outside)
    inside = inside / inside.sum()
    ordered = np.sort(inside)
    entropy = -float(inside @ np.log(inside + 1e-9))
    return np.array(
        [
            np.log(first[outside] + 1e-6) - np.log(1 - first[outside] + 1e-6),
            ordered[-1],
            ordered[-1] - ordered[-2],
            entropy,
            *_nearest(near_inside),
            *_nearest(near_outside),
        ],
        dtype=np.float32,
    )


def _nearest(cosines: Floats) -> tuple[float, float]:
    top = np.partition(cosines, -5)[-5:]
    return float(top.max()), float(top.mean())


def buckets(text: str) -> list[int]:
    """Of the distinct n-grams: single characters, pairs and triples of Chinese, whole words and word parts of Latin."""
    return sorted({crc32(gram.encode()) % BUCKETS for gram in grams(text)})


def gram_scale(text: str) -> float:
    """Every text's n-grams weigh the same together, however long it is."""
    return float(1 / np.sqrt(max(1, len(buckets(text)))))


def grams(text: str) -> list[str]:
    runs = _RUN.findall(text[:_GRAMS_OF].lower())
    found = []
    for run in runs:
        if run.isascii():
            padded = f" {run} "
            found.append(padded)
            found.extend(padded[at : at + 4] for at in range(len(padded) - 3))
        else:
            found.extend(run[at : at + n] for n in (1, 2, 3) for at in range(len(run) - n + 1))
    words = [run for run in runs if run.isascii()]
    found.extend(f"{left}_{right}" for left, right in pairwise(words))
    if runs:
        found.extend((f"^{runs[0][:3]}", f"{runs[-1][-2:]}$"))
    return found


def softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)  # type: ignore[no-any-return]


def _sigmoid(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))


def intent_names(labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(labels)))
