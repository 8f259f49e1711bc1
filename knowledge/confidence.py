"""How sure an answer is: a logistic function of a few clues, fitted on questions with known answers."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from knowledge.ranking import SIGNALS, Floats, Ranked

FILE = Path(__file__).with_name("calibration.json")
CLUES = (
    "score",
    "gap",
    "above_the_rest",
    "near",
    "words",
    "words_anywhere",
    "name_inside",
    "agreed",
    "unknown_words",
    "short",
    "elsewhere",
)


@dataclass(frozen=True)
class Chance:
    """A logistic function: weights by the name of the clue."""

    clues: Mapping[str, float]
    bias: float

    def of(self, clues: Sequence[float]) -> float:
        total = self.bias + sum(self.clues[name] * clue for name, clue in zip(CLUES, clues, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True)
class Calibration:
    """`right`: that the first entry answers; `known`: that one of the first three does. Then from which
    chance on to answer (`across`: when the passage that fits is in the other language) and to offer."""

    rank: Mapping[str, float]
    right: Chance
    known: Chance
    answer: float
    across: float
    offer: float

    def scores(self, ranked: Ranked) -> Floats:
        weights = np.array([self.rank[signal] for signal in SIGNALS], dtype=np.float32)
        scores: Floats = ranked.signals @ weights
        return scores


def clues_of(
    ranked: Ranked, scores: Floats, order: Sequence[int], rivals: Sequence[int], elsewhere: bool
) -> list[float]:
    """`order`: entries, best first; `rivals`: the same without other editions of the best; `elsewhere`: the
    question names a place that the best entry does not."""
    top = order[0]
    near = ranked.signals[:, :4].max(axis=1)
    words = ranked.signals[:, 4:7].max(axis=1)
    behind = [float(scores[at]) for at in rivals[1:6]] or [0.0]
    return [
        float(scores[top]),
        float(scores[top]) - behind[0],
        float(scores[top]) - sum(behind) / len(behind),
        float(near[top]),
        float(words[top]),
        float(ranked.signals[top, 7]),
        float(ranked.signals[top, 8]),
        float((near[top] >= near[list(order)].max()) + (words[top] >= words[list(order)].max())) / 2,
        ranked.asked.unknown,
        1 / max(ranked.asked.length, 1),
        float(elsewhere),
    ]


@lru_cache(maxsize=8)
def calibration_for(encoder: str, file: Path = FILE) -> Calibration:
    """Of an encoder that was never calibrated: as careful as with the weakest."""
    known = json.loads(file.read_text(encoding="utf-8"))
    read = known.get(encoder, known["hashed-character-ngrams"])
    return Calibration(**{**read, "right": Chance(**read["right"]), "known": Chance(**read["known"])})
