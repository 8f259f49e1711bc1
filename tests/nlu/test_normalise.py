from __future__ import annotations

import time

import pytest

from bot import without_tensorflow

without_tensorflow.install()

from rasa.shared.nlu.training_data.message import Message

from bot.nlu.normalise import LONGEST, NORMALISED, Normalise, normalise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("請問張江有哪些眾創空間", "请问张江有哪些众创空间"),
        ("ＡＩ　３００万", "AI 300万"),
        ("  what   is\n\tthis ", "what is this"),
        ("真的吗？？？！！", "真的吗?!"),
        ("等等。。。", "等等。"),
        ("zhang\u200bjiang\u202e", "zhangjiang"),
        ("众\ufeff创", "众创"),
        ("好好好好好好", "好好好"),
        ("yessssss", "yesss"),
        ("3000000", "3000000"),
        ("l\u0301\u0302\u0303\u0304oan", "loan"),
        ("", ""),
    ],
)
def test_what_can_be_typed_in_many_ways_is_read_in_one(typed: str, read: str) -> None:
    assert normalise(typed) == read


def test_reading_twice_is_reading_once() -> None:
    once = normalise("請問 ＡＩ　？？？ 好好好好好")
    assert normalise(once) == once


def test_a_very_long_text_is_cut_and_does_not_block() -> None:
    started = time.thread_time()
    assert len(normalise("请问张江有哪些众创空间" * 10_000)) == LONGEST
    assert time.thread_time() - started < 0.1


def test_a_compatible_form_that_grows_is_still_bounded() -> None:
    assert len(normalise("\ufdfa" * 100_000)) <= LONGEST


def test_the_message_keeps_what_was_typed() -> None:
    message = Message({"text": "請問張江？？"})
    Normalise.create().process([message])
    assert message.get("text") == "請問張江？？"
    assert message.get(NORMALISED) == "请问张江?"


def test_the_language_of_a_message_is_an_entity_of_it() -> None:
    zh, none = Message({"text": "你好"}), Message({"text": "300"})
    Normalise.create().process([zh, none])
    assert [(each["entity"], each["value"], each["extractor"]) for each in zh.get("entities")] == [
        ("language", "zh", "Normalise")
    ]
    assert not none.get("entities")
