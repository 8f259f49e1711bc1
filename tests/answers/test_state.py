"""What is not in force is said to be so before anything else is."""

from __future__ import annotations

import pytest

from bot.answers.answer import answer
from tests.words import SEED, Content, occasion, payloads, texts


def first_line(content: Content, entry: str, language: str) -> str:
    snapshot = content.snapshot()
    return answer(snapshot.entries[entry], occasion(snapshot, language))[0].text.splitlines()[0]


@pytest.mark.parametrize(
    ("status", "language", "word"),
    [
        ("planned", "zh", "【计划中】截至2017年5月"),
        ("planned", "en", "[Planned] As of May 2017"),
        ("in_preparation", "zh", "【筹备中】截至2017年5月"),
        ("in_preparation", "en", "[In preparation] As of May 2017"),
        ("under_construction", "zh", "【建设中】截至2017年5月"),
        ("under_construction", "en", "[Under construction] As of May 2017"),
        ("suspended", "zh", "【已暂停】"),
        ("suspended", "en", "[Suspended]"),
        ("repealed", "zh", "【已废止】"),
        ("repealed", "en", "[Repealed]"),
    ],
)
def test_the_status_staff_gave_is_said_first(content: Content, status: str, language: str, word: str) -> None:
    content.add("programme.bank", "张江银行", "Zhangjiang Bank", status=status, as_of="2017-05-13", sources=[SEED])
    assert first_line(content, "programme.bank", language).startswith(word)


def test_an_entry_in_force_begins_with_its_content(content: Content) -> None:
    content.add("policy.fund", "创新资金", "Innovation fund")
    assert first_line(content, "policy.fund", "zh") == "创新资金的内容。"


@pytest.mark.parametrize(("language", "day"), [("zh", "2025年8月31日"), ("en", "31 August 2025")])
def test_an_entry_past_its_last_day_is_expired_on_that_day(content: Content, language: str, day: str) -> None:
    content.add("policy.fund", "创新资金", "Innovation fund", status="expired", valid_until="2025-08-31")
    assert day in first_line(content, "policy.fund", language)


def test_an_entry_before_its_first_day_names_that_day(content: Content) -> None:
    content.add("policy.fund", "创新资金", "Innovation fund", valid_from="2027-01-01")
    assert first_line(content, "policy.fund", "zh") == "【尚未生效】自2027年1月1日起施行。"


def test_a_superseded_entry_names_and_offers_the_one_that_applies_now(content: Content) -> None:
    content.add("policy.old", "旧办法", "Old measures")
    content.add("policy.new", "新办法", "New measures", supersedes=["policy.old"])
    snapshot = content.snapshot()
    bubbles = answer(snapshot.entries["policy.old"], occasion(snapshot, "en"))
    assert "“New measures”" in bubbles[0].text.splitlines()[0]
    assert payloads(bubbles[-1].buttons) == ['/choose_entry{"entry": "policy.new"}']


def test_how_to_apply_is_not_said_of_what_is_over(content: Content) -> None:
    content.add(
        "policy.fund", "创新资金", "Innovation fund", status="repealed",
        steps=[{"n": 1, "zh": "网上申报", "en": "Apply online"}],
    )  # fmt: skip
    snapshot = content.snapshot()
    assert "网上申报" not in texts(answer(snapshot.entries["policy.fund"], occasion(snapshot)))
