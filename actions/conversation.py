"""The language of the conversation, and starting it over."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.answers.answer import answer
from bot.answers.heard import heard
from bot.conversations.turn import this_turn
from bot.saying import occasion_of, utter


class ActionSwitchLanguage(Action):
    """The slot already holds the language that was wished for. Which languages the hotline speaks is a question, though."""

    def name(self) -> str:
        return "action_switch_language"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        said = heard(tracker.latest_message)
        occasion = occasion_of(this_turn(), tracker, domain)
        found = occasion.entries(hit.entry_id for hit in said.finding.hits[:1])
        if said.finding.band == "answer" and [entry.id for entry in found] == list(said.entries()):
            utter(dispatcher, answer(found[0], occasion))
        else:
            dispatcher.utter_message(response="utter_language_switched")
        return []


class ActionRestartConversation(Action):
    """Forgets what was looked for; the language stays."""

    def name(self) -> str:
        return "action_restart_conversation"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        dispatcher.utter_message(response="utter_restarted")
        return [SlotSet("last_search", None), SlotSet("failures", 0.0)]
