from __future__ import annotations

import asyncio
import tarfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from bot import without_tensorflow

without_tensorflow.install()

from bot.conversations.serving import RasaBrain
from bot.conversations.turn import Turn
from bot.databases import Databases
from bot.model import MODEL
from bot.nlu.classify import MODEL_FILE
from bot.nlu.fit_intents import TooFewExamplesError, fit
from bot.nlu.intent_model import OUT_OF_SCOPE, Floats, IntentModel, grams, load
from knowledge.encoder import HashedNgrams, load_encoder
from knowledge.live import LiveKnowledge
from tests.nlu.examples import expected_intents
from tests.nlu.turns import a_turn, taking


@pytest.fixture(scope="module")
def intents(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> IntentModel:
    """What the trained model holds of intents."""
    folder = tmp_path_factory.mktemp("intents")
    with tarfile.open(trained_model / MODEL) as archive:
        (member,) = (each for each in archive.getmembers() if each.name.endswith(MODEL_FILE))
        content = archive.extractfile(member)
        assert content is not None
        (folder / MODEL_FILE).write_bytes(content.read())
    return load(folder / MODEL_FILE)


@pytest.fixture(scope="module")
def answers(brain: RasaBrain, live_knowledge: LiveKnowledge, seeded: Databases) -> list[tuple[str, str, str, float]]:
    """For every expectation, through the whole pipeline: wanted, found, text, confidence."""
    with taking(a_turn(live_knowledge, seeded)):
        return [(wanted, *understood(brain, text)) for wanted, text in expected_intents()]


def understood(brain: RasaBrain, text: str) -> tuple[str, str, float]:
    parsed = asyncio.run(brain.agent.parse_message(text))
    return parsed["intent"]["name"], text, parsed["intent"]["confidence"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("深圳的孵化器有哪些", OUT_OF_SCOPE),
        ("start-up loans in Chengdu", OUT_OF_SCOPE),
        ("苏州工业园区介绍", OUT_OF_SCOPE),
        ("我们从深圳搬来，想找杨浦的孵化器", "find_carrier"),
        ("张江有哪些政策适合从北京来的企业", "find_policy"),
        ("松江的孵化器有哪些", "find_carrier"),
    ],
)
def test_our_lists_end_at_the_citys_border(brain: RasaBrain, turn: Turn, text: str, intent: str) -> None:
    assert understood(brain, text)[0] == intent


@pytest.mark.parametrize("text", ["", "30", "2026-12-31", "?!", "3,000,000", "😀"])
def test_a_message_without_words_has_no_wish(brain: RasaBrain, turn: Turn, text: str) -> None:
    assert understood(brain, text)[0] == OUT_OF_SCOPE


def test_the_likeliest_intents_are_ranked(brain: RasaBrain, turn: Turn) -> None:
    parsed = asyncio.run(brain.agent.parse_message("有哪些贷款"))
    confidences = [each["confidence"] for each in parsed["intent_ranking"]]
    assert parsed["intent"] == parsed["intent_ranking"][0]
    assert len(confidences) == 5
    assert confidences == sorted(confidences, reverse=True)


def test_nine_of_ten_wishes_are_understood(answers: list[tuple[str, str, str, float]]) -> None:
    confused = [answer for answer in answers if answer[0] != answer[1]]
    for (wanted, found), times in Counter((wanted, found) for wanted, found, _, _ in confused).most_common():
        print(
            f"{times:3} {wanted} taken for {found}: {[text for w, f, text, _ in confused if (w, f) == (wanted, found)]}"
        )
    accuracy = 1 - len(confused) / len(answers)
    print(f"accuracy {accuracy:.3f} of {len(answers)}")
    assert accuracy >= 0.9


def test_nine_of_ten_strange_wishes_are_kept_out(answers: list[tuple[str, str, str, float]]) -> None:
    strange = [found for wanted, found, _, _ in answers if wanted == OUT_OF_SCOPE]
    assert strange.count(OUT_OF_SCOPE) / len(strange) >= 0.9


def test_hardly_any_wish_of_ours_is_kept_out(answers: list[tuple[str, str, str, float]]) -> None:
    ours = [found for wanted, found, _, _ in answers if wanted != OUT_OF_SCOPE]
    assert ours.count(OUT_OF_SCOPE) / len(ours) <= 0.03


def test_a_confidence_says_how_often_it_is_right(answers: list[tuple[str, str, str, float]]) -> None:
    right = [wanted == found for wanted, found, _, _ in answers]
    assert np.mean([confidence for *_, confidence in answers]) == pytest.approx(np.mean(right), abs=0.08)


def test_probabilities_sum_to_one(intents: IntentModel) -> None:
    vector = load_encoder().encode(["有哪些贷款"])[0]
    assert intents.probabilities(vector, "有哪些贷款").sum() == pytest.approx(1, abs=1e-4)


def test_classifying_takes_a_millisecond(intents: IntentModel) -> None:
    vector = load_encoder().encode(["有哪些贷款"])[0]
    intents.probabilities(vector, "有哪些贷款")
    assert min(_seconds(intents, vector) for _ in range(50)) < 0.001


def _seconds(intents: IntentModel, vector: Floats) -> float:
    started = time.thread_time()
    intents.probabilities(vector, "有哪些贷款适合初创企业申请")
    return time.thread_time() - started


SMALL = {
    "greet": ["你好", "您好", "hello", "hi there", "good morning", "嗨"],
    "find_loan": ["有哪些贷款", "想贷款", "loans please", "which loans", "借钱", "borrow money"],
    OUT_OF_SCOPE: ["天气如何", "讲个笑话", "weather today", "tell a joke", "股票", "pizza"],
}


def small_model() -> IntentModel:
    pairs = [(text, intent) for intent, texts in SMALL.items() for text in texts]
    texts, labels = zip(*pairs, strict=True)
    return fit(texts, labels, HashedNgrams().encode(texts))


def test_a_model_is_fitted_with_any_encoder_and_survives_its_file(tmp_path: Path) -> None:
    model = small_model()
    model.save(tmp_path / MODEL_FILE)
    again = load(tmp_path / MODEL_FILE)
    vector = HashedNgrams().encode(["有哪些贷款"])[0]
    assert again.names == ("find_loan", "greet", OUT_OF_SCOPE)
    assert again.probabilities(vector, "有哪些贷款") == pytest.approx(model.probabilities(vector, "有哪些贷款"))
    assert again.names[int(again.probabilities(vector, "有哪些贷款").argmax())] == "find_loan"


def test_fitting_twice_gives_the_same_model() -> None:
    assert small_model().vector_weights == pytest.approx(small_model().vector_weights, abs=1e-4)


def test_an_intent_with_too_few_examples_is_named() -> None:
    texts = ["你好", *SMALL["find_loan"], *SMALL[OUT_OF_SCOPE]]
    labels = ["greet", *["find_loan"] * 6, *[OUT_OF_SCOPE] * 6]
    with pytest.raises(TooFewExamplesError, match="greet has 1"):
        fit(texts, labels, HashedNgrams().encode(texts))


def test_n_grams_are_characters_of_chinese_and_words_of_english() -> None:
    assert {"松", "松江", "松江有"} <= set(grams("松江有吗"))
    assert {" loans ", "the_loans"} <= set(grams("The loans"))
