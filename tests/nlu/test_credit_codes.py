from __future__ import annotations

import pytest

from bot import without_tensorflow

without_tensorflow.install()

from bot.nlu.credit_codes import credit_codes
from bot.nlu.found import longest
from bot.nlu.normalise import normalise


def found(text: str) -> list[tuple[str, bool | None]]:
    return [(find.value, find.valid) for find in longest(credit_codes(normalise(text)))]


@pytest.mark.parametrize(
    "typed",
    ["91350100M000100Y43", "91350100m000100y43", "9135 0100 M000 100Y 43", "９１３５０１００Ｍ０００１００Ｙ４３"],
)
def test_a_code_is_found_however_it_is_typed(typed: str) -> None:
    assert found(f"我们的代码是 {typed} 谢谢") == [("91350100M000100Y43", True)]


def test_a_code_stands_between_english_words() -> None:
    assert found("my code is 9135 0100 M000 100Y 43 thanks") == [("91350100M000100Y43", True)]


@pytest.mark.parametrize("typed", ["91350100M000100Y4Z", "91350100M000100Y44", "9135O100M000100Y43"])
def test_a_wrong_code_is_found_as_wrong(typed: str) -> None:
    assert found(typed) == [(typed, False)]


@pytest.mark.parametrize("typed", ["11010519491231002X", "1234567890", "intermediaryservic", "91350100M000100Y431"])
def test_other_strings_are_no_codes(typed: str) -> None:
    assert found(typed) == []
