"""A park: what the knowledge says of it, and how many listings there are."""

from __future__ import annotations

from typing import cast

from sqlalchemy.orm import Session

from bot.answers.answer import Bubble, answer, entry_button
from bot.answers.buttons import button
from bot.answers.heard import Heard
from bot.answers.occasion import Occasion
from bot.searches.respond import rather_a_question
from bot.services.parks import park_details
from bot.services.rows import Language, ParkDetails
from knowledge.entry import Entry

PARKS = "faq.park-list"


def park_of(said: Heard, session: Session, occasion: Occasion) -> list[Bubble]:
    """Empty when the message names no park, or asks for something else that has to do with it."""
    parks = occasion.entries(said.parks()[:1])
    if not parks or rather_a_question(said, occasion) is not None:
        return []
    details = park_details(session, parks[0].id, cast(Language, occasion.language), show_samples=occasion.show_samples)
    return park_reply(parks[0], details, occasion)


def which_park(occasion: Occasion) -> Bubble:
    listed = [entry_button(entry, occasion) for entry in occasion.entries([PARKS])]
    return Bubble(occasion.say("utter_which_park"), tuple(listed))


def park_reply(park: Entry, details: ParkDetails | None, occasion: Occasion) -> list[Bubble]:
    bubbles = answer(park, occasion)
    return [*bubbles, _counts(details, occasion)] if details is not None else bubbles


def _counts(details: ParkDetails, occasion: Occasion) -> Bubble:
    say, here = occasion.say, {"park": details.id}
    text = say(
        "utter_park_counts",
        makerspaces=details.makerspaces,
        evaluated=details.evaluated_makerspaces,
        incubators=details.incubators,
        accelerators=details.accelerators,
        services=details.services,
        institutes=details.institutes,
    )
    buttons = (
        button(say("utter_button_carriers_here"), "find_carrier", here),
        button(say("utter_button_services_here"), "find_service", here),
    )
    return Bubble("\n".join([text, say("utter_park_counts_are_sample")]) if details.sample else text, buttons)
