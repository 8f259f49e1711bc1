"""A message that asks something -> what is said, and how many messages in a row were declined by then."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers.answer import Bubble, answer
from bot.answers.decide import Answer, Decline, Guess, Offer
from bot.answers.occasion import Occasion
from bot.answers.uncertain import decline, guess, offer, one_more


@dataclass(frozen=True)
class Reply:
    bubbles: list[Bubble]
    failures: float = 0.0


def reply(decision: Answer | Guess | Offer | Decline, failures: float, occasion: Occasion) -> Reply:
    if isinstance(decision, Answer):
        return Reply(answer(decision.entry, occasion, certain=decision.certain))
    if isinstance(decision, Guess):
        return Reply(guess(decision.entry, decision.others, occasion))
    if isinstance(decision, Offer):
        return Reply([offer(decision.entries, occasion)])
    return Reply([decline(failures, occasion)], one_more(failures))
