"""What is said when it is not certain which entry was meant, or none was."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.answer import Bubble, answer, entry_button, person_button
from bot.answers.buttons import Button, button
from bot.answers.occasion import Occasion
from knowledge.entry import Entry

NONE_OF_THESE = "none"
FIRST, AGAIN = "utter_decline", ("utter_decline_again", "utter_decline_once_more")
MOST_FAILURES = 10.0  # the slot's upper end


def guess(entry: Entry, others: Sequence[Entry], occasion: Occasion) -> list[Bubble]:
    """The answer to what was probably meant, said to be a guess, and what else may have been meant."""
    first, *more = answer(entry, occasion)
    said = Bubble(f"{occasion.say('utter_guess', name=occasion.name(entry))}\n\n{first.text}")
    *before, last = [said, *more]
    choices = (*(entry_button(other, occasion) for other in others), _none_of_these(occasion))
    return [*before, Bubble(last.text, choices)]


def offer(entries: Sequence[Entry], occasion: Occasion) -> Bubble:
    say = occasion.say
    buttons = [*(entry_button(entry, occasion) for entry in entries), _none_of_these(occasion)]
    return Bubble(say("utter_offer") if len(entries) > 1 else say("utter_offer_one"), tuple(buttons))


def _none_of_these(occasion: Occasion) -> Button:
    return button(occasion.say("utter_button_none_of_these"), "choose_entry", {"entry": NONE_OF_THESE})


def none_of_these(occasion: Occasion) -> Bubble:
    return Bubble(occasion.say("utter_none_of_these"), (person_button(occasion),))


def entry_gone(occasion: Occasion) -> Bubble:
    return Bubble(occasion.say("utter_entry_gone"))


def decline(failures: float, occasion: Occasion) -> Bubble:
    """`failures`: declines in a row before this one. Never the same words twice in a row."""
    if failures < 1:
        return Bubble(occasion.say(FIRST))
    return Bubble(occasion.say(AGAIN[int(failures - 1) % 2]), (person_button(occasion),))


def one_more(failures: float) -> float:
    """At the upper end it goes back by one, so that the words still change."""
    return failures + 1 if failures < MOST_FAILURES else MOST_FAILURES - 1
