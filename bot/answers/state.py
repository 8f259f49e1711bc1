"""The line that stands before the content of an entry which is not in force."""

from __future__ import annotations

from bot.answers.dates import spoken_month
from bot.answers.occasion import Occasion
from knowledge.entry import Entry, State

DATED: dict[State, str] = {
    "planned": "utter_state_planned",
    "in_preparation": "utter_state_in_preparation",
    "under_construction": "utter_state_under_construction",
    "suspended": "utter_state_suspended",
}
OVER: frozenset[State] = frozenset({"expired", "repealed", "superseded"})


def state_line(entry: Entry, occasion: Occasion) -> str | None:
    say, state = occasion.say, occasion.state(entry)
    if state == "in_force":
        return None
    if state == "superseded":
        successor = occasion.successor(entry)
        if successor is not None:
            return say("utter_state_superseded", successor=occasion.name(successor))
    if state in ("superseded", "repealed"):
        return say("utter_state_repealed")
    if state == "expired":
        return _expired(entry, occasion)
    if state == "planned" and entry.valid_from is not None and entry.valid_from > occasion.today:
        return say("utter_state_begins", date=occasion.day(entry.valid_from))
    return say(DATED[state], date=date_of(entry, occasion))


def _expired(entry: Entry, occasion: Occasion) -> str:
    if entry.valid_until is None:
        return occasion.say("utter_state_expired")
    return occasion.say("utter_state_expired_on", date=occasion.day(entry.valid_until))


def date_of(entry: Entry, occasion: Occasion) -> str:
    """Of what the founding article states only the month is certain."""
    seed = any(source.kind == "seed" and source.published == entry.as_of for source in entry.sources)
    return spoken_month(entry.as_of, occasion.language) if seed else occasion.day(entry.as_of)
