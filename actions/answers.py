"""Questions, and entries chosen from buttons."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.answers.answer import answer
from bot.answers.decide import Answer, decide
from bot.answers.heard import heard
from bot.answers.reply import reply
from bot.answers.uncertain import NONE_OF_THESE, entry_gone, none_of_these
from bot.conversations.turn import this_turn
from bot.databases import reading
from bot.saying import occasion_of, utter
from bot.searches.reply import listing_reply
from bot.searches.run import named_listing


class ActionAnswer(Action):
    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn, said = this_turn(), heard(tracker.latest_message)
        occasion = occasion_of(turn, tracker, domain)
        decision = decide(said, occasion)
        if not isinstance(decision, Answer):
            with reading(turn.databases.services) as session:
                listing = named_listing(said, session, occasion)
            if listing is not None:
                utter(dispatcher, [listing_reply(listing, occasion)])
                return [SlotSet("failures", 0.0)]
        answered = reply(decision, tracker.get_slot("failures") or 0.0, occasion)
        utter(dispatcher, answered.bubbles)
        return [SlotSet("failures", answered.failures)]


class ActionChooseEntry(Action):
    def name(self) -> str:
        return "action_choose_entry"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        occasion = occasion_of(this_turn(), tracker, domain)
        chosen = next(iter(heard(tracker.latest_message).entries()), NONE_OF_THESE)
        entry = occasion.entry(chosen)
        if entry is not None:
            utter(dispatcher, answer(entry, occasion))
        else:
            utter(dispatcher, [none_of_these(occasion) if chosen == NONE_OF_THESE else entry_gone(occasion)])
        return [SlotSet("failures", 0.0)]
