"""The language of the conversation, and starting it over."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher


class ActionSwitchLanguage(Action):
    """The slot already holds what was wished for; a button leads to the other language."""

    def name(self) -> str:
        return "action_switch_language"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        dispatcher.utter_message(response="utter_language_switched")
        return []


class ActionRestartConversation(Action):
    """Forgets what was looked for; the language stays."""

    def name(self) -> str:
        return "action_restart_conversation"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        dispatcher.utter_message(response="utter_restarted")
        return [SlotSet("last_search", None), SlotSet("failures", 0.0)]
