"""The intent of a message. What cannot be told apart from small talk and strangers' business is `out_of_scope`."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encode import VECTOR
from bot.nlu.intent_model import OUT_OF_SCOPE, IntentModel, load
from bot.nlu.normalise import text_of
from bot.nlu.sources import digest_of_understanding
from knowledge.tokens import places_elsewhere

MODEL_FILE = "intents.npz"
_WORDLESS = re.compile(r"[\d\s.,:;!?%+*/=()~、。…¥$-]*")
"""A bare number answers a question; where none was asked it has no intent."""
OURS = frozenset({"park", "district", "entry", "organisation"})
_US = re.compile("张江|上海|示范区|zhangjiang|shanghai|the zone", re.I)
"""With these, or an entity of `OURS`, a message speaks of us even where it names another city beside."""
RANKED = 5
"""Intents that are reported, the likeliest first."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Classify(GraphComponent, IntentClassifier):
    def __init__(self, model_storage: ModelStorage, resource: Resource, model: IntentModel | None = None) -> None:
        self._model_storage, self._resource, self._model = model_storage, resource, model

    @classmethod
    def create(cls, *, model_storage: ModelStorage, resource: Resource, **_: Any) -> Classify:
        return cls(model_storage, resource)

    @classmethod
    def load(cls, *, model_storage: ModelStorage, resource: Resource, **_: Any) -> Classify:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, load(folder / MODEL_FILE))

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @classmethod
    def fingerprint_addon(cls, _config: dict[str, Any]) -> str:
        """Rasa's training cache knows this class's code; this adds the code of the modules it stands on."""
        return digest_of_understanding()

    def train(self, training_data: TrainingData) -> Resource:
        from bot.nlu.fit_intents import fit  # scikit-learn takes a second to import

        examples = training_data.intent_examples
        self._model = fit(
            [text_of(example) for example in examples],
            [str(example.get(INTENT)) for example in examples],
            np.stack([example.get(VECTOR) for example in examples]),
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / MODEL_FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = _elsewhere_is_outside(self._ranking(message), message)
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking[:RANKED], add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        assert self._model is not None, "process() before train() or load()"
        text = text_of(message)
        if _WORDLESS.fullmatch(text):
            return [{"name": OUT_OF_SCOPE, "confidence": 1.0}]
        probabilities = self._model.probabilities(message.get(VECTOR), text)
        ranked = sorted(zip(self._model.names, probabilities, strict=True), key=lambda each: -each[1])
        return [{"name": name, "confidence": float(probability)} for name, probability in ranked]


def _elsewhere_is_outside(ranking: list[dict[str, Any]], message: Message) -> list[dict[str, Any]]:
    """Our lists end at the city's border: what is wanted in Shenzhen is out of scope, however well the wish is understood."""
    wish, text = ranking[0]["name"], text_of(message)
    if not (wish.startswith("find_") or wish == "show_park") or not places_elsewhere(text):
        return ranking
    if _US.search(text) or any(entity["entity"] in OURS for entity in message.get(ENTITIES, [])):
        return ranking
    return [
        {"name": OUT_OF_SCOPE, "confidence": ranking[0]["confidence"]},
        *(each for each in ranking if each["name"] != OUT_OF_SCOPE),
    ]
