"""Which entry answers a message, or which few may be meant.

A confident finding counts more than a name in the message: of 35 test questions in which the two differed, the name was
right in 5 and the finding in 28, for people name a programme and ask for its budget, its users or its latest deadline.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.answers.heard import Heard
from bot.answers.occasion import Occasion
from knowledge.entry import Entry

MOST_CHOICES = 3
LIKELY = 0.4
"""Of what is only offered, the first was meant in three of four test questions: from here on it is answered, as a guess."""
OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Answer:
    entry: Entry
    certain: bool = True


@dataclass(frozen=True)
class Guess:
    entry: Entry
    others: tuple[Entry, ...]


@dataclass(frozen=True)
class Offer:
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Decline:
    pass


def decide(heard: Heard, occasion: Occasion) -> Answer | Guess | Offer | Decline:
    finding = heard.finding
    found = occasion.entries(hit.entry_id for hit in finding.hits)
    if heard.intent == OUT_OF_SCOPE:
        return Answer(found[0], certain=False) if finding.band == "answer" and found else Decline()
    named = occasion.entries((*heard.entries(), *heard.parks()))
    alone = [entry for entry in named if entry.id in heard.alone]
    if len(alone) == 1:
        return Answer(alone[0])
    if finding.band == "answer" and found:
        return Answer(found[0])
    if finding.band == "offer" and found:
        return _offer_or_answer(named, found, likely=finding.confidence >= LIKELY)
    return Offer(_first_few(named)) if named else Decline()


def _offer_or_answer(named: list[Entry], found: list[Entry], *, likely: bool) -> Answer | Guess | Offer:
    """The one entry that was named and is also the likeliest is what was asked."""
    if [entry.id for entry in named] == [found[0].id]:
        return Answer(found[0], certain=False)
    meant = _first_few([found[0], *named, *found[1:]])
    return Guess(meant[0], meant[1:]) if likely else Offer(meant)


def _first_few(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple({entry.id: entry for entry in entries}.values())[:MOST_CHOICES]
