"""Asking for a person."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.conversations.tables import handoffs
from bot.conversations.turn import this_turn
from bot.handoff.packet import packet, reason


class ActionRequestPerson(Action):
    def name(self) -> str:
        return "action_request_person"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = this_turn()
        turn.write(
            handoffs,
            requested_at=turn.now,
            reason=reason(tracker.slots),
            packet=packet(tracker.events, tracker.slots, turn.channel),
        )
        dispatcher.utter_message(response="utter_person_requested")
        return [SlotSet("failures", 0.0)]
