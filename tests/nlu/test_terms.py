from __future__ import annotations

import time

from bot import without_tensorflow

without_tensorflow.install()

from bot.nlu.found import Found, longest
from bot.nlu.terms import Term, Terms

TERMS = Terms(
    [
        Term("众创空间", "carrier_kind", "makerspace"),
        Term("makerspace", "carrier_kind", "makerspace"),
        Term("松江", "park", "park.songjiang"),
        Term("松江区", "district", "songjiang"),
        Term("AI", "field", "artificial_intelligence"),
        Term("Jing'an", "park", "park.jingan"),
        Term("company", "audience", "enterprise"),
        Term("IP", "service_category", "intellectual_property"),
        Term("IP", "entry", "faq.ip"),
        Term("3D打印", "field", "intelligent_manufacturing"),
    ]
)


def found(text: str) -> list[tuple[str | None, str]]:
    return [(find.entity, find.value) for find in longest(TERMS.find(text))]


def test_chinese_is_found_in_the_middle_of_a_sentence() -> None:
    assert found("请问有没有众创空间啊") == [("carrier_kind", "makerspace")]


def test_the_longest_match_wins() -> None:
    assert found("松江区有吗") == [("district", "songjiang")]
    assert found("松江有吗") == [("park", "park.songjiang")]


def test_latin_words_match_whole_and_in_any_case() -> None:
    assert found("ai 方向的 MakerSpace") == [
        ("field", "artificial_intelligence"),
        ("carrier_kind", "makerspace"),
    ]
    assert found("I said maintain the brain") == []


def test_latin_words_match_beside_chinese_ones() -> None:
    assert found("做AI的") == [("field", "artificial_intelligence")]


def test_singular_and_plural_are_one() -> None:
    assert found("makerspaces for companies") == [("carrier_kind", "makerspace"), ("audience", "enterprise")]


def test_an_apostrophe_may_be_left_out() -> None:
    assert found("Jing an") == found("jing'an") == found("Jing’an") == [("park", "park.jingan")]


def test_one_phrase_may_mean_two_things() -> None:
    assert found("IP") == [("entry", "faq.ip"), ("service_category", "intellectual_property")]


def test_digits_and_letters_in_a_term_are_no_obstacle() -> None:
    assert found("我们做3D打印") == [("field", "intelligent_manufacturing")]


def test_the_place_in_the_text_is_told() -> None:
    assert list(TERMS.find("去 松江 吧")) == [Found("park", "park.songjiang", 2, 4, "松江")]


def test_nothing_is_found_in_nothing() -> None:
    assert found("") == found("   ") == []


def test_what_people_type_does_not_fill_the_memory() -> None:
    before = len(TERMS._vocab.strings)
    for number in range(200):
        list(TERMS.find(f"unheard word{number}x"))
    assert len(TERMS._vocab.strings) <= before + 1


def test_five_thousand_terms_are_searched_in_two_milliseconds() -> None:
    terms = Terms(Term(f"示例机构{number}有限公司", "organisation", str(number)) for number in range(5000))
    text = "请问示例机构4321有限公司在杨浦吗，我们想找它谈合作，它有哪些服务"
    best = min(_seconds(terms, text) for _ in range(20))
    assert best < 0.002
    assert [find.value for find in longest(terms.find(text))] == ["4321"]


def _seconds(terms: Terms, text: str) -> float:
    started = time.thread_time()
    list(terms.find(text))
    return time.thread_time() - started
