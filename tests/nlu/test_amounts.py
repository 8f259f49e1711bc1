from __future__ import annotations

import pytest

from bot import without_tensorflow

without_tensorflow.install()

from bot.nlu.amounts import quantities
from bot.nlu.found import longest


def found(text: str, entity: str) -> list[str]:
    return [find.value for find in longest(quantities(text)) if find.entity == entity]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("300万", "3000000"),
        ("0.3亿", "30000000"),
        ("三百万", "3000000"),
        ("五十万元", "500000"),
        ("一万五千元", "15000"),
        ("零点三亿", "30000000"),
        ("一亿两千万", "120000000"),
        ("1亿2000万", "120000000"),
        ("一个亿", "100000000"),
        ("3000多万", "30000000"),
        ("100w", "1000000"),
        ("3百万", "3000000"),
        ("50万块", "500000"),
        ("¥3,000,000", "3000000"),
        ("人民币200万元", "2000000"),
        ("2m yuan", "2000000"),
        ("2 million", "2000000"),
        ("half a million yuan", "500000"),
        ("two million yuan", "2000000"),
        ("500k RMB", "500000"),
        ("rmb 2 million", "2000000"),
        ("500,000 yuan", "500000"),
        ("1.5亿元", "150000000"),
    ],
)
def test_an_amount_is_read_in_yuan(text: str, yuan: str) -> None:
    assert found(text, "amount") == [yuan]
    assert found(text, "number") == []


def test_a_range_is_two_amounts() -> None:
    assert found("300到500万元", "amount") == ["3000000", "5000000"]


def test_a_sentence_may_hold_several() -> None:
    text = "我们有15个员工，去年收入3000万，研发500万"
    assert (found(text, "amount"), found(text, "number")) == (["30000000", "5000000"], ["15"])


@pytest.mark.parametrize("text", ["US$2 million", "200万美元", "$5m", "3 million euros", "HK$300万"])
def test_another_currency_is_not_taken_for_yuan(text: str) -> None:
    assert found(text, "amount") == []
    assert found(text, "number") == []


@pytest.mark.parametrize("text", ["5万家企业", "2 million people", "三千人", "一万平方米"])
def test_what_is_counted_is_no_money(text: str) -> None:
    assert found(text, "amount") == []
    assert len(found(text, "number")) == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [("500人", "500"), ("三十", "30"), ("两百人", "200"), ("5%", "5"), ("1,558", "1558"), ("thirty people", "30"),
     ("12个月", "12"), ("第二个", "2"), ("the second one", "2"), ("0.5", "0.5")],
)  # fmt: skip
def test_a_plain_number_is_read(text: str, number: str) -> None:
    assert found(text, "number") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "千万不要",
        "万一不行",
        "一家众创空间",
        "有一些问题",
        "a makerspace",
        "5G",
        "3D打印",
        "沪科〔2025〕212号",
        "13812345678",
        "021-68283063",
    ],
)
def test_words_names_and_telephones_are_no_numbers(text: str) -> None:
    assert list(longest(quantities(text))) == []
