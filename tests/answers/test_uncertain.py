from __future__ import annotations

import itertools

import pytest

from bot.answers.decide import Decline, Offer
from bot.answers.reply import reply
from bot.phrases import LANGUAGES
from tests.words import Content, occasion, payloads


def declined(content: Content, language: str, times: int) -> list[str]:
    here, failures, said = occasion(content.snapshot(), language), 0.0, []
    for _ in range(times):
        answered = reply(Decline(), failures, here)
        failures = answered.failures
        said.append(answered.bubbles[0].text)
    return said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_words_are_never_said_twice_in_a_row(content: Content, language: str) -> None:
    content.add("faq.firms", "企业数量", "Number of firms")
    said = declined(content, language, 25)
    assert [pair for pair in itertools.pairwise(said) if pair[0] == pair[1]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_second_time_on_a_person_and_the_hotline_are_offered(content: Content, language: str) -> None:
    content.add("faq.firms", "企业数量", "Number of firms")
    here = occasion(content.snapshot(), language)
    first, second = reply(Decline(), 0.0, here).bubbles[0], reply(Decline(), 1.0, here).bubbles[0]
    assert first.buttons == ()
    assert payloads(second.buttons) == ["/request_person"]
    assert "12345" in second.text


def test_an_offer_ends_with_none_of_these(content: Content) -> None:
    content.add("faq.firms", "企业数量", "Number of firms")
    here = occasion(content.snapshot(), "en")
    bubble = reply(Offer(tuple(here.entries(["faq.firms"]))), 3.0, here).bubbles[0]
    assert [each.title for each in bubble.buttons] == ["Number of firms", "None of these"]


def test_what_was_understood_ends_the_row_of_declines(content: Content) -> None:
    content.add("faq.firms", "企业数量", "Number of firms")
    here = occasion(content.snapshot())
    assert reply(Offer(tuple(here.entries(["faq.firms"]))), 3.0, here).failures == 0.0
