"""Lists: one action per kind, then narrowing, going on, and a park."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.answers.decide import decide
from bot.answers.heard import heard
from bot.answers.reply import reply
from bot.conversations.turn import this_turn
from bot.databases import reading
from bot.saying import occasion_of, utter
from bot.searches.park import park_of, which_park
from bot.searches.reply import listing_reply, no_list_yet, not_narrowed
from bot.searches.run import named_listing, show
from bot.searches.search import NARROWING, asked, onward, refined, remembered_search, unused


def find(kind: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
    turn, said = this_turn(), heard(tracker.latest_message)
    occasion = occasion_of(turn, tracker, domain)
    with reading(turn.databases.services) as session:
        listing = named_listing(said, session, occasion)
        if listing is not None:
            utter(dispatcher, [listing_reply(listing, occasion)])
            return [SlotSet("failures", 0.0)]
        bubble, remembered = show(asked(kind, said.named), session, occasion, unused(kind, said.named))
    utter(dispatcher, [bubble])
    return [SlotSet("last_search", remembered), SlotSet("failures", 0.0)]


class ActionFindCarriers(Action):
    def name(self) -> str:
        return "action_find_carriers"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return find("carriers", dispatcher, tracker, domain)


class ActionFindServices(Action):
    def name(self) -> str:
        return "action_find_services"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return find("services", dispatcher, tracker, domain)


class ActionFindInstitutes(Action):
    def name(self) -> str:
        return "action_find_institutes"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return find("institutes", dispatcher, tracker, domain)


class ActionFindTraining(Action):
    def name(self) -> str:
        return "action_find_training"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return find("training", dispatcher, tracker, domain)


class ActionFindPolicies(Action):
    def name(self) -> str:
        return "action_find_policies"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return find("policies", dispatcher, tracker, domain)


class ActionFindApprovals(Action):
    def name(self) -> str:
        return "action_find_approvals"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return find("approvals", dispatcher, tracker, domain)


class ActionFindLoans(Action):
    def name(self) -> str:
        return "action_find_loans"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return find("loans", dispatcher, tracker, domain)


class ActionRefine(Action):
    """Without a list to narrow, the message is a question like any other."""

    def name(self) -> str:
        return "action_refine"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn, said, last = this_turn(), heard(tracker.latest_message), tracker.get_slot("last_search")
        occasion = occasion_of(turn, tracker, domain)
        if last is None:
            answered = reply(decide(said, occasion), tracker.get_slot("failures") or 0.0, occasion)
            utter(dispatcher, answered.bubbles)
            return [SlotSet("failures", answered.failures)]
        if not any(said.named.get(name) for name in NARROWING):
            utter(dispatcher, [not_narrowed(occasion)])
            return []
        search = refined(remembered_search(last), said.named)
        with reading(turn.databases.services) as session:
            bubble, remembered = show(search, session, occasion, unused(search.kind, said.named))
        utter(dispatcher, [bubble])
        return [SlotSet("last_search", remembered), SlotSet("failures", 0.0)]


class ActionShowMore(Action):
    def name(self) -> str:
        return "action_show_more"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn, last = this_turn(), tracker.get_slot("last_search")
        occasion = occasion_of(turn, tracker, domain)
        if last is None:
            utter(dispatcher, [no_list_yet(occasion)])
            return []
        with reading(turn.databases.services) as session:
            bubble, remembered = show(onward(remembered_search(last)), session, occasion)
        utter(dispatcher, [bubble])
        return [SlotSet("last_search", remembered), SlotSet("failures", 0.0)]


class ActionShowPark(Action):
    def name(self) -> str:
        return "action_show_park"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn, said = this_turn(), heard(tracker.latest_message)
        occasion = occasion_of(turn, tracker, domain)
        with reading(turn.databases.services) as session:
            bubbles = park_of(said, session, occasion)
        utter(dispatcher, bubbles or [which_park(occasion)])
        return [SlotSet("failures", 0.0)]
