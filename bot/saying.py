"""From a Rasa action to what it answers with, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.answers.answer import Bubble
from bot.answers.occasion import Occasion
from bot.conversations.turn import Turn
from bot.phrases import Phrases


def occasion_of(turn: Turn, tracker: Tracker, domain: Mapping[str, Any]) -> Occasion:
    say = Phrases(domain, tracker.get_slot("language") or "zh")
    return Occasion(turn.snapshot, say, turn.today, turn.show_samples)


def utter(dispatcher: CollectingDispatcher, bubbles: Iterable[Bubble]) -> None:
    for bubble in bubbles:
        dispatcher.utter_message(text=bubble.text, buttons=[each.as_rasa() for each in bubble.buttons])
