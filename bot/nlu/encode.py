"""The sentence vector of the normalised text, from the encoder that knowledge is searched with."""

from __future__ import annotations

from functools import cache
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.normalise import text_of
from knowledge.encoder import Encoder, load_encoder

VECTOR = "vector"
"""Attribute of a message: float32, normalised to length 1."""


@cache
def the_encoder() -> Encoder:
    """One per process: it holds its weights in memory."""
    return load_encoder()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Encode(GraphComponent):
    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> Encode:
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        if messages:
            for message, vector in zip(messages, the_encoder().encode([text_of(each) for each in messages]), strict=True):
                message.set(VECTOR, vector)
        return messages
