"""Numbers as staff write them, as readers read them, and held against each other across languages."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.amounts import read_amount, show_number
from knowledge.numbers_in_text import missing_in


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("500万", "5000000"),
        ("2,000,000", "2000000"),
        ("0.3亿", "30000000"),
        ("4.31万亿", "4310000000000"),
        ("64.69", "64.69"),
        ("100万元", "1000000"),
        ("-5", "-5"),
    ],
)
def test_amounts_are_read(written: str, value: str) -> None:
    assert read_amount(written) == Decimal(value)


@pytest.mark.parametrize(
    "written", ["1,23", "5.000,00", "1e6", "５００", "五百", "", "NaN", "1.2.3", "9" * 40]
)
def test_what_could_be_misread_is_refused(written: str) -> None:
    assert read_amount(written) is None


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("1558", "1,558", "1,558"),
        ("70000", "7万", "70,000"),
        ("40000000000", "400亿", "40 billion"),
        ("4310000000000", "4.31万亿", "4.31 trillion"),
        ("64.69", "64.69", "64.69"),
        ("12345", "12,345", "12,345"),
        ("5800000000", "58亿", "5.8 billion"),
        ("0", "0", "0"),
    ],
)
def test_numbers_are_shown_as_each_language_says_them(value: str, zh: str, en: str) -> None:
    assert (show_number(Decimal(value), "zh"), show_number(Decimal(value), "en")) == (zh, en)


@given(st.integers(min_value=0, max_value=10**13))
def test_what_is_shown_in_chinese_reads_back(number: int) -> None:
    assert read_amount(show_number(Decimal(number), "zh")) == number


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("截至2017年5月，超过5万家", "As of May 2017 more than 50,000"),
        ("400亿元（58亿美元）", "40 billion yuan (US$5.8 billion)"),
        ("一区22园", "one zone, 22 parks"),
        ("最高400/500万元", "up to 4/5 million yuan"),
        ("400万至500万", "4 to 5 million"),
        ("沪科〔2025〕212号，3个工作日", "three working days"),
        ("补贴三成", "30 percent"),
        ("2025年12月9日9:00至16:30", "9 December 2025, 9 am to 4:30 pm"),
        ("二十个事项", "20 items"),
        ("3亿5000万元", "350 million yuan"),
        ("{a}家，见https://a.org/20", "{a} companies"),
        ("24小时热线12345", "hotline 12345, 24 hours"),
        ("九月十三日至十九日", "13 to 19 September"),
        ("1.5倍", "1.5 times"),
        ("470.5平方公里（km²）", "470.5 km²"),
    ],
)
def test_the_same_numbers_in_both_languages_are_right(zh: str, en: str) -> None:
    assert missing_in(zh, en) == ()


@pytest.mark.parametrize(
    ("zh", "en", "missing"),
    [
        ("310家", "3,100 companies", [310, 3100]),
        ("500万元", "500 million yuan", [5 * 10**6, 5 * 10**8]),
        ("2017年", "in 2016", [2016, 2017]),
        ("12个园区", "many parks", [12]),
    ],
)
def test_numbers_that_differ_are_found(zh: str, en: str, missing: list[int]) -> None:
    assert list(missing_in(zh, en)) == missing


@given(
    st.text(max_size=80),
    st.text(st.sampled_from("0123456789,.万亿千百十一二三两半:： 年月mb-to/"), max_size=40),
)
def test_no_text_crashes_the_comparison(zh: str, en: str) -> None:
    assert missing_in(zh, en) == missing_in(zh, en)
    assert missing_in(en, en) == ()


@pytest.mark.parametrize(
    "text", ["1", "1,", "一", "1亿", "1.", "〔2025", "12:30", "twenty ", "a@", "{", "https://"]
)
def test_long_texts_are_compared_fast(text: str) -> None:
    begin = time.process_time()
    missing_in(text * 20_000, "")
    assert time.process_time() - begin < 3
