"""Lists: one action per kind, then narrowing, going on, and a park."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.answers.decide import Decline, decide
from bot.answers.heard import Heard, heard
from bot.answers.occasion import Occasion
from bot.answers.reply import reply
from bot.conversations.turn import this_turn
from bot.databases import reading
from bot.saying import occasion_of, utter
from bot.searches.park import park_of, which_park
from bot.searches.reply import no_list_yet, not_narrowed
from bot.searches.respond import Response, respond, show
from bot.searches.search import NARROWING, onward, refined, remembered_search, unused


def find(kind: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
    turn, said = this_turn(), heard(tracker.latest_message)
    occasion = occasion_of(turn, tracker, domain)
    with reading(turn.databases.services) as session:
        response = respond(kind, said, session, occasion)
    return _say(response, dispatcher)


def _say(response: Response, dispatcher: CollectingDispatcher) -> list[EventType]:
    utter(dispatcher, response.bubbles)
    understood = [SlotSet("failures", 0.0)]
    return understood if response.last_search is None else [SlotSet("last_search", response.last_search), *understood]


def _answer(said: Heard, occasion: Occasion, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """As any question is answered."""
    answered = reply(decide(said, occasion), tracker.get_slot("failures") or 0.0, occasion)
    utter(dispatcher, answered.bubbles)
    return [SlotSet("failures", answered.failures)]


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
    """Without a list, or without anything to narrow it by, the message is a question like any other."""

    def name(self) -> str:
        return "action_refine"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn, said, last = this_turn(), heard(tracker.latest_message), tracker.get_slot("last_search")
        occasion = occasion_of(turn, tracker, domain)
        if last is None or not any(said.named.get(name) for name in NARROWING):
            if last is None or not isinstance(decide(said, occasion), Decline):
                return _answer(said, occasion, dispatcher, tracker)
            utter(dispatcher, [not_narrowed(occasion)])
            return []
        search = refined(remembered_search(last), said.named)
        with reading(turn.databases.services) as session:
            return _say(show(search, session, occasion, unused(search.kind, said.named)), dispatcher)


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
            return _say(show(onward(remembered_search(last)), session, occasion), dispatcher)


class ActionShowPark(Action):
    """A park that cannot be told from the message is asked for, unless the knowledge has an answer."""

    def name(self) -> str:
        return "action_show_park"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn, said = this_turn(), heard(tracker.latest_message)
        occasion = occasion_of(turn, tracker, domain)
        with reading(turn.databases.services) as session:
            bubbles = park_of(said, session, occasion)
        if not bubbles and not isinstance(decide(said, occasion), Decline):
            return _answer(said, occasion, dispatcher, tracker)
        utter(dispatcher, bubbles or [which_park(occasion)])
        return [SlotSet("failures", 0.0)]
