from __future__ import annotations

import pytest

from bot import without_tensorflow

without_tensorflow.install()

from bot.nlu.route import one_answer_is_wanted


def finding(entry: str, confidence: float, band: str = "answer") -> dict[str, object]:
    return {"band": band, "confidence": confidence, "hits": [{"entry_id": entry}]}


def test_one_answer_is_wanted_when_retrieval_is_sure_of_it() -> None:
    assert one_answer_is_wanted("find_training", {"language"}, finding("programme.finance-training", 0.99))


def test_a_list_is_wanted_when_retrieval_is_not_sure() -> None:
    assert not one_answer_is_wanted("find_loan", {"language"}, finding("loan_product.micro-loan", 0.6))
    assert not one_answer_is_wanted("find_loan", {"language"}, finding("loan_product.micro-loan", 0.9, band="offer"))


@pytest.mark.parametrize("narrows", ["park", "district", "field", "stage", "evaluated", "free_seats"])
def test_a_list_is_wanted_when_something_narrows_it(narrows: str) -> None:
    assert not one_answer_is_wanted("find_carrier", {narrows}, finding("faq.incubators-and-accelerators", 0.95))


def test_a_park_that_was_named_does_not_turn_a_list_into_the_parks_entry() -> None:
    assert not one_answer_is_wanted("find_service", set(), finding("park.xuhui", 0.97))


def test_what_sounds_like_a_park_and_is_something_else_is_answered() -> None:
    assert one_answer_is_wanted("show_park", {"entry"}, finding("programme.boston-park", 0.6))


@pytest.mark.parametrize("intent", ["ask", "refine", "show_more", "request_person", "out_of_scope", None])
def test_other_wishes_stay_what_they_are(intent: str | None) -> None:
    assert not one_answer_is_wanted(intent, set(), finding("faq.fortune-500", 1.0))
