"""Sentences become vectors of length one, the same in every thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from knowledge.encoder import Encoder, HashedNgrams, UniversalSentenceEncoder, load_encoder

ENCODERS: list[Encoder] = [UniversalSentenceEncoder(), HashedNgrams()]


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda encoder: encoder.name)
def test_vectors_have_the_promised_shape_and_length(encoder: Encoder) -> None:
    vectors = encoder.encode(["张江银行", "Zhangjiang Bank", "x" * 100_000])
    assert vectors.shape == (3, encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode([]).shape == (0, encoder.dimensions)
    assert np.isfinite(encoder.encode(["", " ", "\x00", "😀"])).all()


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda encoder: encoder.name)
def test_a_sentence_is_the_same_alone_among_others_and_in_any_thread(encoder: Encoder) -> None:
    alone = encoder.encode(["创新券怎么申请"])[0]
    assert np.allclose(encoder.encode(["别的", "创新券怎么申请"])[1], alone, atol=1e-5)
    with ThreadPoolExecutor(4) as threads:
        for vector in threads.map(lambda _: encoder.encode(["创新券怎么申请"])[0], range(8)):
            assert np.allclose(vector, alone, atol=1e-5)


def test_the_same_meaning_is_near_across_languages() -> None:
    zh, same, other = ENCODERS[0].encode(
        ["今天天气怎么样", "how is the weather today", "loan interest subsidy"]
    )
    assert zh @ same > zh @ other + 0.3


def test_the_sentence_encoder_is_the_one_that_is_loaded() -> None:
    assert load_encoder().name == UniversalSentenceEncoder.name
