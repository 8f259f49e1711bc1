"""Whether a list is wanted or one answer, where the words allow both.

"Are there classes for finance professionals?" sounds like a wish for a list and is answered by one entry. The classifier knows
only the words, retrieval knows what there is to be told: when it is sure, and nothing narrows the list, the one entry is the
answer. The wish for a list stays second in the ranking, and the answer offers it as a button.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.retrieve import FINDING

ASK = "ask"
# How sure retrieval has to be, per wish. Of a long list a row more says little, of a short one the entry says more than its row.
SURE_ENOUGH = {
    "find_approval": 0.5,
    "find_institute": 0.75,
    "find_training": 0.75,
    "find_carrier": 0.75,
    "find_service": 0.75,
    "find_policy": 0.75,
    "find_loan": 0.75,
    "show_park": 0.5,
    "switch_language": 0.75,
}
NARROWING = frozenset({"park", "district", "field", "stage", "date", "free_seats", "evaluated"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Route(GraphComponent):
    @classmethod
    def create(cls, *_: Any, **__: Any) -> Route:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            intent = message.get(INTENT) or {}
            named = {entity["entity"] for entity in message.get(ENTITIES, [])}
            if one_answer_is_wanted(intent.get("name"), named, message.get(FINDING) or {}):
                message.set(INTENT, {"name": ASK, "confidence": message.get(FINDING)["confidence"]}, add_to_output=True)
                ranking = [
                    message.get(INTENT),
                    *(each for each in message.get(INTENT_RANKING_KEY, []) if each["name"] != ASK),
                ]
                message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def one_answer_is_wanted(intent: str | None, named: set[str], finding: Mapping[str, Any]) -> bool:
    """`named`: the entities of the message. `finding`: as Retrieve leaves it."""
    sure_enough = SURE_ENOUGH.get(intent or "")
    if sure_enough is None or finding.get("band") != "answer" or finding["confidence"] < sure_enough:
        return False
    about_a_park = finding["hits"][0]["entry_id"].startswith("park.")
    return not about_a_park and (intent == "show_park" or not named & NARROWING)
