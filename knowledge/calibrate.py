"""Fits the weights of the search on questions whose answers are known, and writes `calibration.json`.

Two kinds of questions: those of the development file, and every question of every entry asked while it (and its
translation) is hidden. The second kind also shows what a question looks like that nothing answers: the same,
asked while its whole entry is hidden.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from knowledge.check import check
from knowledge.confidence import CLUES, FILE, clues_of
from knowledge.encoder import Encoder, HashedNgrams, load_encoder
from knowledge.folder import read_folder
from knowledge.mistakes import LANGUAGES
from knowledge.ranking import SIGNALS, Ranked, rank
from knowledge.search import Allowed, in_order, rivals
from knowledge.settle import settle
from knowledge.snapshot import Snapshot, build_from
from knowledge.tokens import plain

RIDGE = 0.01
ANSWERS_RIGHT, STRANGERS_TURNED_AWAY = 0.97, 0.9  # what the bands must keep on the development questions
WEIGHT_OF_HIDDEN = 0.3  # another entry may well answer what a hidden one would have


@dataclass(frozen=True)
class Asked:
    """`right`: positions of the entries that answer; `hidden`: position of an entry to leave out."""

    ranked: Ranked
    right: frozenset[int]
    written: bool = False  # in the development file
    hidden: int = -1


@dataclass(frozen=True)
class Clues:
    rows: NDArray[np.float64]
    right: NDArray[np.bool_]
    weights: NDArray[np.float64]
    written: NDArray[np.bool_]
    strange: NDArray[np.bool_]  # nothing answers it


def calibrate(folder: Path, questions: Path, today: date) -> str:
    content = read_folder(folder)
    content = settle(content, check(content, today), None, today)
    fitted, lines = {}, []
    for encoder in dict.fromkeys((load_encoder(), HashedNgrams())):
        fitted[encoder.name], report = _fit(build_from(content, encoder), encoder, questions, today)
        lines += [f"{encoder.name}: {report}"]
    FILE.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    return "\n".join(lines)


def _fit(snapshot: Snapshot, encoder: Encoder, questions: Path, today: date) -> tuple[dict[str, Any], str]:
    written = list(_written(snapshot, questions))
    own = list(_own(snapshot))
    weights = _rank_weights([asked for asked in (*written, *own) if asked.right])
    allowed = snapshot.allowed(today)
    hidden = [Asked(asked.ranked, frozenset(), hidden=next(iter(asked.right))) for asked in own]
    clues = _clues([*written, *own, *hidden], weights, allowed)
    model = LogisticRegression(C=1.0, max_iter=2000)
    probable = cross_val_predict(
        model,
        clues.rows,
        clues.right,
        cv=5,
        method="predict_proba",
        fit_params={"sample_weight": clues.weights},
    )[:, 1]
    model.fit(clues.rows, clues.right, sample_weight=clues.weights)
    answer, offer = _bands(probable, clues)
    calibration = {
        "rank": dict(zip(SIGNALS, np.round(weights, 4).tolist(), strict=True)),
        "clues": dict(zip(CLUES, np.round(model.coef_[0], 4).tolist(), strict=True)),
        "bias": round(float(model.intercept_[0]), 4),
        "answer": answer,
        "offer": offer,
        "across": round(answer + (1 - answer) / 2, 3),
    }
    return calibration, _report(probable, clues, answer, offer)


def _written(snapshot: Snapshot, questions: Path) -> Iterator[Asked]:
    file = yaml.safe_load(questions.read_text(encoding="utf-8"))
    at = {name: position for position, name in enumerate(snapshot.index.ids)}
    for language in LANGUAGES:
        for part in (file[language], file["mixed"][language]):
            for names, texts in part.items():
                right = frozenset(at[name] for name in names.split("|") if name in at)
                yield from (
                    Asked(_ranked(snapshot, text, language), right, written=True) for text in texts if right
                )
        for text in file["none"][language]:
            yield Asked(_ranked(snapshot, text, language), frozenset(), written=True)


def _own(snapshot: Snapshot) -> Iterator[Asked]:
    passages = snapshot.index.passages
    for position, name in enumerate(snapshot.index.ids):
        questions = snapshot.entries[name].questions
        for language in LANGUAGES:
            for number, text in enumerate(questions.of(language)):
                twins = {
                    text,
                    *(questions.of(each)[number] for each in LANGUAGES if number < len(questions.of(each))),
                }
                hidden = np.array([each.entry == position and each.text in twins for each in passages])
                yield Asked(_ranked(snapshot, text, language, hidden), frozenset({position}))


def _ranked(snapshot: Snapshot, text: str, language: str, hidden: NDArray[np.bool_] | None = None) -> Ranked:
    text = plain(text)
    return rank(snapshot.index, text, language, snapshot.index.encoder.encode([text])[0], hidden)


def _rank_weights(asked: list[Asked]) -> NDArray[np.float64]:
    """The weights, none negative, under which the right entries are most probable among all."""
    right = [np.array(sorted(each.right)) for each in asked]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = RIDGE * float(weights @ weights) * len(asked), 2 * RIDGE * len(asked) * weights
        for each, good in zip(asked, right, strict=True):
            signals = each.ranked.signals.astype(np.float64)
            scores = signals @ weights
            every, some = np.exp(scores - logsumexp(scores)), np.exp(scores[good] - logsumexp(scores[good]))
            total -= float(logsumexp(scores[good]) - logsumexp(scores))
            slope = slope + signals.T @ every - signals[good].T @ some
        return total, slope

    begin = np.ones(len(SIGNALS))
    fitted: NDArray[np.float64] = minimize(
        loss, begin, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(SIGNALS)
    ).x
    return fitted


def _clues(asked: list[Asked], weights: NDArray[np.float64], allowed: Allowed) -> Clues:
    rows, right = [], []
    for each in asked:
        scores = (each.ranked.signals @ weights).astype(np.float32)
        seen = Allowed([at for at in allowed.positions if at != each.hidden], allowed.outdated)
        order = in_order(scores, seen)
        rows.append(clues_of(each.ranked, scores, order, rivals(order, seen)))
        right.append(order[0] in each.right)
    return Clues(
        np.array(rows),
        np.array(right),
        np.array([WEIGHT_OF_HIDDEN if each.hidden >= 0 else 1.0 for each in asked]),
        np.array([each.written for each in asked]),
        np.array([not each.right for each in asked]),
    )


def _bands(probable: NDArray[np.float64], clues: Clues) -> tuple[float, float]:
    """The lowest confidences from which on the bands keep what they promise on the written questions."""
    steps = np.round(np.arange(0.02, 0.99, 0.01), 2)
    known, right = probable[clues.written], clues.right[clues.written]
    strangers = probable[clues.written & clues.strange]
    answer = next((step for step in steps if right[known >= step].mean() >= ANSWERS_RIGHT), 0.98)
    offer = next((step for step in steps if (strangers < step).mean() >= STRANGERS_TURNED_AWAY), 0.5)
    return float(answer), float(min(offer, answer))


def _report(probable: NDArray[np.float64], clues: Clues, answer: float, offer: float) -> str:
    known = clues.written & ~clues.strange
    strange = clues.written & clues.strange
    answered = clues.written & (probable >= answer)
    return (
        f"right first {clues.right[known].mean():.3f} of {known.sum()}; "
        f"answered {(probable[known] >= answer).mean():.3f}, of those right {clues.right[answered].mean():.3f}; "
        f"declined wrongly {(probable[known] < offer).mean():.3f}; "
        f"strangers: answered {(probable[strange] >= answer).mean():.3f}, "
        f"declined {(probable[strange] < offer).mean():.3f} of {strange.sum()}"
    )
