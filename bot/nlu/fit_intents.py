"""Fits an IntentModel to examples with scikit-learn. Only training imports this."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.nlu.intent_model import (
    BUCKETS,
    OUT_OF_SCOPE,
    Floats,
    IntentModel,
    buckets,
    gram_scale,
    intent_names,
    signals,
    softmax,
)

Array = NDArray[Any]

STRENGTH = 20.0
"""Inverse of the regularisation; chosen by cross-validation, as are the next two."""
VECTOR_WEIGHT = 2.0
GRAM_DIMENSIONS = 300
"""n-grams are fitted in fewer dimensions (truncated SVD), which is ten times as fast and as good."""
FOLDS = 5
LEAST_OF_AN_INTENT = FOLDS


class TooFewExamplesError(ValueError):
    """An intent has fewer examples than cross-validation needs."""


def fit(texts: Sequence[str], labels: Sequence[str], vectors: Floats) -> IntentModel:
    """`texts` are normalised, `vectors` are theirs, `labels` their intents, out_of_scope among them."""
    names = intent_names(labels)
    _check(labels, names)
    compressed, directions = _compress(_grams(texts))
    features = np.hstack([vectors * VECTOR_WEIGHT, compressed]).astype(np.float32)
    classes = np.array([names.index(label) for label in labels])
    held_out = _held_out_logits(features, classes)
    coldness = _coldness(held_out, classes)
    gate_weights, gate_bias = _fit_gate(softmax(held_out * coldness), classes, vectors, names.index(OUT_OF_SCOPE))
    weights, bias = _fit_first(features, classes)
    weights, bias = weights * coldness, bias * coldness
    dimensions = vectors.shape[1]
    return IntentModel(
        names=names,
        vector_weights=_floats(weights[:dimensions] * VECTOR_WEIGHT),
        gram_weights=_floats(directions.T @ weights[dimensions:]),
        bias=_floats(bias),
        examples=_floats(vectors),
        in_scope=classes != names.index(OUT_OF_SCOPE),
        gate_weights=_floats(gate_weights),
        gate_bias=_floats(gate_bias),
    )


def _check(labels: Sequence[str], names: Sequence[str]) -> None:
    for name in {*names, OUT_OF_SCOPE}:
        if labels.count(name) < LEAST_OF_AN_INTENT:
            raise TooFewExamplesError(
                f"intent {name} has {labels.count(name)} examples, at least {LEAST_OF_AN_INTENT} are needed"
            )


def _grams(texts: Sequence[str]) -> csr_matrix:
    rows = [buckets(text) for text in texts]
    values = np.concatenate([np.full(len(row), gram_scale(text)) for row, text in zip(rows, texts, strict=True)])
    columns = np.concatenate([np.array(row, dtype=np.int64) for row in rows])
    starts = np.cumsum([0, *map(len, rows)])
    return csr_matrix((values, columns, starts), shape=(len(texts), BUCKETS))


def _compress(grams: csr_matrix) -> tuple[Array, Array]:
    svd = TruncatedSVD(min(GRAM_DIMENSIONS, *(size - 1 for size in grams.shape)), random_state=0)
    return svd.fit_transform(grams), svd.components_


def _fit_first(features: Array, classes: Array) -> tuple[Array, Array]:
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=400, tol=1e-2)
    model.fit(features, classes)
    return model.coef_.T, model.intercept_


def _folds(classes: Array) -> list[tuple[Array, Array]]:
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    return list(folds.split(np.zeros(len(classes)), classes))


def _held_out_logits(features: Array, classes: Array) -> Array:
    logits = np.zeros((len(classes), classes.max() + 1))
    for kept, held_out in _folds(classes):
        weights, bias = _fit_first(features[kept], classes[kept])
        logits[held_out] = features[held_out] @ weights + bias
    return logits


def _coldness(logits: Array, classes: Array) -> float:
    """What to multiply logits by so that probabilities of unseen texts mean what they say (temperature scaling)."""

    def surprise(coldness: float) -> float:
        probabilities = softmax(logits * coldness)[np.arange(len(classes)), classes]
        return float(-np.log(probabilities + 1e-9).mean())

    return float(minimize_scalar(surprise, bounds=(0.1, 10), method="bounded").x)


def _fit_gate(first: Array, classes: Array, vectors: Floats, outside: int) -> tuple[Array, Array]:
    near = vectors @ vectors.T
    np.fill_diagonal(near, -1)
    in_scope = classes != outside
    rows = np.stack(
        [signals(_floats(row), outside, near[n][in_scope], near[n][~in_scope]) for n, row in enumerate(first)]
    )
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    gate = LogisticRegression(max_iter=1000).fit((rows - mean) / spread, ~in_scope)
    weights = gate.coef_[0] / spread
    return weights, gate.intercept_ - weights @ mean


def _floats(values: Array) -> Floats:
    return np.asarray(values, dtype=np.float32)
