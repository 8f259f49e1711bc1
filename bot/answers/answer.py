"""An entry as an answer: one bubble, or two when how it is done would make the first too long for a phone."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers.buttons import Button, button
from bot.answers.closing import closing
from bot.answers.gains import gains
from bot.answers.occasion import Occasion
from bot.answers.procedure import procedure
from bot.answers.state import OVER, state_line
from knowledge.entry import Entry

LONGEST = 900  # characters of one bubble
WORTH_A_BUBBLE = 5  # lines
MOST_RELATED = 3


@dataclass(frozen=True)
class Bubble:
    text: str
    buttons: tuple[Button, ...] = ()


def answer(entry: Entry, occasion: Occasion, *, certain: bool = True) -> list[Bubble]:
    opening, end = _opening(entry, occasion), closing(entry, occasion)
    how = [] if occasion.state(entry) in OVER else procedure(entry, occasion)
    buttons = next_steps(entry, occasion, certain=certain)
    whole = _paragraphs(opening, how, end)
    if len(how) < WORTH_A_BUBBLE or len(whole) <= LONGEST:
        return [Bubble(whole, buttons)]
    heading = occasion.say("utter_how_to", name=occasion.name(entry))
    return [Bubble(_paragraphs(opening, end)), Bubble("\n".join([heading, *how]), buttons)]


def _opening(entry: Entry, occasion: Occasion) -> list[str]:
    sample = occasion.say("utter_entry_is_sample") if entry.sample else None
    content = [occasion.text(text) for text in (entry.answer, entry.summary) if text][:1]
    return [*filter(None, (sample, state_line(entry, occasion))), *content, *gains(entry, occasion)]


def next_steps(entry: Entry, occasion: Occasion, *, certain: bool) -> tuple[Button, ...]:
    successor = occasion.successor(entry) if occasion.state(entry) == "superseded" else None
    others = [*occasion.entries(entry.contradicts), *_current(entry, occasion)]
    offered = {other.id: other for other in ([successor] if successor else []) + others if other.id != entry.id}
    buttons = [entry_button(other, occasion) for other in list(offered.values())[:MOST_RELATED]]
    return tuple(buttons if certain else [*buttons, person_button(occasion)])


def _current(entry: Entry, occasion: Occasion) -> list[Entry]:
    return [other for other in occasion.entries(entry.related) if occasion.state(other) not in OVER]


def entry_button(entry: Entry, occasion: Occasion) -> Button:
    return button(occasion.name(entry), "choose_entry", {"entry": entry.id})


def person_button(occasion: Occasion) -> Button:
    return button(occasion.say("utter_button_person"), "request_person")


def _paragraphs(*parts: list[str]) -> str:
    return "\n\n".join("\n".join(part) for part in parts if part)
