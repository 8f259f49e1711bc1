from __future__ import annotations

import pytest

from bot import without_tensorflow

without_tensorflow.install()

from bot.nlu.language import language_of, wished_language


@pytest.mark.parametrize(
    "text",
    [
        "张江银行开了吗",
        "我想了解 AI incubator 的 policy",
        "什么是 performance guarantee loan",
        "有没有 makerspace",
        "Hello 你好",
        "需要IP质押",
        "我们去年收入3000万",
    ],
)
def test_a_sentence_with_chinese_grammar_is_chinese(text: str) -> None:
    assert language_of(text) == "zh"


@pytest.mark.parametrize(
    "text",
    [
        "did the bank open",
        "what is 科技履约贷",
        "how to apply for 高新技术企业的认定",
        "Show me 众创空间 in 杨浦",
        "what does 《关于促进科技创新的若干意见》 say",
        "SME loan",
        "I",
    ],
)
def test_a_sentence_with_english_grammar_is_english(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    "text", ["300", "300万", "91310115MA1PR7JY30", "👍", "?!", "", "AI", "IPO", "ok", "5%", "1,558"]
)
def test_a_message_without_words_has_no_language(text: str) -> None:
    assert language_of(text) is None


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("please answer in Chinese", "zh"),
        ("请用英文回答", "en"),
        ("能不能跟我讲中文", "zh"),
        ("切换到英文", "en"),
        ("English please", "en"),
        ("英文", "en"),
        ("别说英文", "zh"),
        ("不要用英文回答我", "zh"),
        ("I don't speak Chinese", "en"),
        ("could you switch to Mandarin", "zh"),
        ("可以用英文吗", "en"),
    ],
)
def test_an_explicit_wish_counts_more_than_the_words_it_is_made_in(text: str, wished: str) -> None:
    assert language_of(text) == wished


@pytest.mark.parametrize(
    "text",
    [
        "合同可以用英文吗",
        "申请材料要用英文填写吗",
        "is there an English version of the policy?",
        "can I use Chinese documents",
        "is the training held in English",
    ],
)
def test_a_question_about_the_language_of_papers_is_no_wish(text: str) -> None:
    assert wished_language(text) is None
