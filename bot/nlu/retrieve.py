"""Last step of the pipeline: what the knowledge has on the message, so that an action need not search again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.encode import VECTOR
from bot.nlu.normalise import text_of

FINDING = "finding"
"""Attribute of a message: {band, confidence, hits: [{entry_id, score, matched_text}]}, best first."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class Retrieve(GraphComponent):
    @classmethod
    def create(cls, *_: Any, **__: Any) -> Retrieve:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        from bot.conversations.turn import this_turn  # a turn's modules need databases; training does not

        turn = this_turn()
        for message in messages:
            finding = turn.snapshot.search(
                text_of(message),
                _language(message) or turn.language,
                today=turn.today,
                vector=message.get(VECTOR),
                show_samples=turn.show_samples,
            )
            message.set(FINDING, asdict(finding), add_to_output=True)
        return messages


def _language(message: Message) -> str | None:
    return next((entity["value"] for entity in message.get(ENTITIES, []) if entity["entity"] == "language"), None)
