"""First step of the pipeline: one form for what can be typed in many, and the language it is in."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from opencc import OpenCC
from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.found import Found, add_entities
from bot.nlu.language import language_of

NORMALISED = "normalised"
LONGEST = 2_000
"""Characters that are understood; what follows is kept in the message and otherwise ignored."""

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
_STACKED_MARKS = re.compile("[\u0300-\u036f]{2,}")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_REPEATED_PUNCTUATION = re.compile(r"([!?.,;:~、。…\-_=*#])\1+")
_REPEATED_LETTERS = re.compile(r"([^\W\d_])\1{3,}")


def normalise(text: str) -> str:
    """Compatible forms made one (NFKC), simplified characters, no invisible ones, single spaces and punctuation marks."""
    text = text[: 2 * LONGEST]
    if not text.isascii():
        text = _STACKED_MARKS.sub("", _UNSEEN.sub("", text))
        text = _simplified().convert(unicodedata.normalize("NFKC", text))
    text = _SPACE.sub(" ", text)
    text = _REPEATED_PUNCTUATION.sub(r"\1", text)
    return _REPEATED_LETTERS.sub(r"\1\1\1", text)[:LONGEST].strip()


@cache
def _simplified() -> OpenCC:
    return OpenCC("t2s")


def text_of(message: Message) -> str:
    """The normalised text; a message that never passed through `Normalise` is normalised here."""
    known = message.get(NORMALISED)
    return known if known is not None else normalise(message.get(TEXT) or "")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normalise(GraphComponent):
    @classmethod
    def create(cls, *_: Any, **__: Any) -> Normalise:
        return cls()

    @staticmethod
    def required_packages() -> list[str]:
        return ["opencc"]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for message in training_data.training_examples:
            message.set(NORMALISED, normalise(message.get(TEXT) or ""))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = normalise(message.get(TEXT) or "")
            message.set(NORMALISED, text)
            language = language_of(text)
            if language:
                add_entities(message, [Found("language", language, 0, len(text), text)], extractor="Normalise")
        return messages
