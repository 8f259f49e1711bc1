"""The sentence vector of a message, from the encoder that knowledge is searched with."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.normalise import text_of
from knowledge.encoder import Encoder, load_encoder
from knowledge.search import LONGEST
from knowledge.tokens import plain

VECTOR = "vector"
"""Attribute of a message: float32, normalised to length 1."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Encode(GraphComponent):
    @classmethod
    def create(cls, *_: Any, **__: Any) -> Encode:
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        _encode(training_data.training_examples, load_encoder())
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        from bot.conversations.turn import this_turn  # a turn's modules need databases; training does not

        # One encoder holds its weights in memory, the one that the knowledge was indexed with.
        _encode(messages, this_turn().snapshot.index.encoder)
        return messages


def _encode(messages: list[Message], encoder: Encoder) -> None:
    # Written as the knowledge's search writes a question: what is measured there holds here, also for WHOEVER SHOUTS.
    vectors = encoder.encode([plain(text_of(message))[:LONGEST] for message in messages])
    for message, vector in zip(messages, vectors, strict=True):
        message.set(VECTOR, vector)
