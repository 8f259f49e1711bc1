"""Fits the weights of the search on questions whose answers are known, and writes `calibration.json`.

Two kinds of questions: those of the development file, and every question of every entry asked while it (and
its translation) is hidden. The second kind also shows what a question looks like that nothing answers: the
same, asked while its whole entry is hidden.
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
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from knowledge.check import check
from knowledge.confidence import CLUES, FILE, clues_of
from knowledge.encoder import HashedNgrams, load_encoder
from knowledge.folder import read_folder
from knowledge.mistakes import LANGUAGES
from knowledge.ranking import SIGNALS, Ranked, rank
from knowledge.search import MOST_HITS, Allowed, in_order, names_elsewhere, rivals
from knowledge.settle import settle
from knowledge.snapshot import Snapshot, build_from
from knowledge.tokens import plain

RIDGE = 0.002
ANSWERS_RIGHT, STRANGERS_TURNED_AWAY = 0.97, 0.9  # what the bands must keep on the development questions
WEIGHT_OF_OWN = 0.05  # entries ask in the words of their texts; people do not
WEIGHT_OF_HIDDEN = 0.3  # another entry may well answer what a hidden one would have


@dataclass(frozen=True)
class Asked:
    """`right`: positions of the entries that answer; `hidden`: position of an entry to leave out."""

    text: str
    ranked: Ranked
    right: frozenset[int]
    written: bool = False  # in the development file
    hidden: int = -1


@dataclass(frozen=True)
class Clues:
    rows: NDArray[np.float64]
    right: NDArray[np.bool_]  # the first entry answers
    known: NDArray[np.bool_]  # one of the first three does
    weights: NDArray[np.float64]
    written: NDArray[np.bool_]
    strange: NDArray[np.bool_]  # nothing answers it


def calibrate(folder: Path, questions: Path, today: date) -> str:
    content = read_folder(folder)
    content = settle(content, check(content, today), None, today)
    fitted, lines = {}, []
    for encoder in {each.name: each for each in (load_encoder(), HashedNgrams())}.values():
        fitted[encoder.name], report = _fit(build_from(content, encoder), questions, today)
        lines.append(f"{encoder.name}: {report}")
    FILE.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    return "\n".join(lines)


def _fit(snapshot: Snapshot, questions: Path, today: date) -> tuple[dict[str, Any], str]:
    written, own = list(_written(snapshot, questions)), list(_own(snapshot))
    weights = _rank_weights([asked for asked in (*written, *own) if asked.right])
    hidden = [Asked(each.text, each.ranked, frozenset(), hidden=next(iter(each.right))) for each in own]
    clues = _clues([*written, *own, *hidden], weights, snapshot, snapshot.allowed(today))
    right, probably_right = _chance(clues, clues.right)
    known, probably_known = _chance(clues, clues.known)
    answer, offer = _bands(probably_right, probably_known, clues)
    calibration = {
        "rank": dict(zip(SIGNALS, np.round(weights, 4).tolist(), strict=True)),
        "right": right,
        "known": known,
        "answer": answer,
        "across": round(answer + (1 - answer) / 2, 3),
        "offer": offer,
    }
    return calibration, _report(probably_right >= answer, probably_known >= offer, clues)


def _chance(clues: Clues, true: NDArray[np.bool_]) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """The fitted function, and what it says of questions it was not fitted on."""
    model = LogisticRegression(C=1.0, max_iter=2000)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    weights = {"sample_weight": clues.weights}
    unseen = cross_val_predict(model, clues.rows, true, cv=folds, method="predict_proba", fit_params=weights)
    model.fit(clues.rows, true, **weights)
    fitted = dict(zip(CLUES, np.round(model.coef_[0], 4).tolist(), strict=True))
    return {"clues": fitted, "bias": round(float(model.intercept_[0]), 4)}, unseen[:, 1]


def _written(snapshot: Snapshot, questions: Path) -> Iterator[Asked]:
    file = yaml.safe_load(questions.read_text(encoding="utf-8"))
    at = {name: position for position, name in enumerate(snapshot.index.ids)}
    for language in LANGUAGES:
        for part in (file[language], file["mixed"][language], file["typos"][language]):
            for names, texts in part.items():
                right = frozenset(at[name] for name in names.split("|") if name in at)
                yield from (_asked(snapshot, text, language, right) for text in texts if right)
        for text in file["none"][language]:
            yield _asked(snapshot, text, language, frozenset())


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
                yield _asked(snapshot, text, language, frozenset({position}), hidden)


def _asked(
    snapshot: Snapshot,
    text: str,
    language: str,
    right: frozenset[int],
    hidden: NDArray[np.bool_] | None = None,
) -> Asked:
    text = snapshot.index.lexical.corrected(plain(text))
    vector = snapshot.index.encoder.encode([text])[0]
    return Asked(text, rank(snapshot.index, text, language, vector, hidden), right, written=hidden is None)


def _rank_weights(asked: list[Asked]) -> NDArray[np.float64]:
    """The weights, none negative, under which the right entries are most probable among all."""
    right = [np.array(sorted(each.right)) for each in asked]

    counts = [1.0 if each.written else WEIGHT_OF_OWN for each in asked]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = RIDGE * sum(counts) * float(weights @ weights), 2 * RIDGE * sum(counts) * weights
        for each, good, count in zip(asked, right, counts, strict=True):
            signals = each.ranked.signals.astype(np.float64)
            scores = signals @ weights
            every, some = np.exp(scores - logsumexp(scores)), np.exp(scores[good] - logsumexp(scores[good]))
            total -= count * float(logsumexp(scores[good]) - logsumexp(scores))
            slope = slope + count * (signals.T @ every - signals[good].T @ some)
        return total, slope

    begin = np.ones(len(SIGNALS))
    fitted: NDArray[np.float64] = minimize(
        loss, begin, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(SIGNALS)
    ).x
    return fitted


def _clues(asked: list[Asked], weights: NDArray[np.float64], snapshot: Snapshot, allowed: Allowed) -> Clues:
    rows, right, known = [], [], []
    for each in asked:
        scores = (each.ranked.signals @ weights).astype(np.float32)
        seen = Allowed([at for at in allowed.positions if at != each.hidden], allowed.outdated)
        order = in_order(scores, seen)
        elsewhere = names_elsewhere(snapshot.index, each.text, order[0])
        rows.append(clues_of(each.ranked, scores, order, rivals(order, seen), elsewhere))
        right.append(order[0] in each.right)
        known.append(bool(each.right & set(order[:MOST_HITS])))
    return Clues(
        np.array(rows),
        np.array(right),
        np.array(known),
        np.array([WEIGHT_OF_HIDDEN if each.hidden >= 0 else 1.0 for each in asked]),
        np.array([each.written for each in asked]),
        np.array([not each.right for each in asked]),
    )


def _bands(right: NDArray[np.float64], known: NDArray[np.float64], clues: Clues) -> tuple[float, float]:
    """The lowest chances from which on the bands keep what they promise on the written questions."""
    steps = [round(0.01 * step, 2) for step in range(2, 99)]
    answered, correct = right[clues.written], clues.right[clues.written]
    strangers = known[clues.written & clues.strange]
    answer = next((step for step in steps if correct[answered >= step].mean() >= ANSWERS_RIGHT), steps[-1])
    offer = next((step for step in steps if (strangers < step).mean() >= STRANGERS_TURNED_AWAY), steps[-1])
    return answer, offer


def _report(answered: NDArray[np.bool_], offered: NDArray[np.bool_], clues: Clues) -> str:
    asked, strange = clues.written & ~clues.strange, clues.written & clues.strange
    turned_away = ~answered & ~offered
    parts = {
        "questions": asked.sum(),
        "first is right": clues.right[asked].mean(),
        "in the first three": clues.known[asked].mean(),
        "answered": answered[asked].mean(),
        "right of the answered": clues.right[clues.written & answered].mean(),
        "declined though known": turned_away[asked].mean(),
        "strangers": strange.sum(),
        "answered strangers": answered[strange].mean(),
        "declined strangers": turned_away[strange].mean(),
    }
    return ", ".join(f"{name} {value:.3f}".replace(".000", "") for name, value in parts.items())
