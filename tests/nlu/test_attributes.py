from __future__ import annotations

import pytest

from bot import without_tensorflow

without_tensorflow.install()

from bot.nlu.attributes import attributes
from bot.nlu.found import longest


def found(text: str) -> list[tuple[str | None, bool]]:
    return [(find.entity, find.value) for find in longest(attributes(text))]


@pytest.mark.parametrize(
    "text",
    [
        "经过评估的众创空间",
        "评估过的",
        "政府评价过的",
        "通过评估",
        "有没有评估过的",
        "evaluated makerspaces",
        "已评价的",
    ],
)
def test_evaluated_is_asked_for(text: str) -> None:
    assert found(text) == [("evaluated", True)]


@pytest.mark.parametrize(
    "text",
    [
        "未评价的众创空间",
        "没有经过评估的",
        "未经科委评估",
        "unevaluated ones",
        "not evaluated",
        "makerspaces that have not been evaluated",
    ],
)
def test_unevaluated_is_not_taken_for_evaluated(text: str) -> None:
    assert found(text) == [("evaluated", False)]


@pytest.mark.parametrize(
    "text", ["我想做信用评价", "有信用评价报告吗", "有评价报告吗", "credit evaluated companies", "高新技术企业认定"]
)
def test_the_evaluation_of_credit_is_another_matter(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["还有空位吗", "有空余工位的", "are there free desks", "any seats available", "vacancies"]
)
def test_free_seats_are_asked_for(text: str) -> None:
    assert found(text) == [("free_seats", True)]
