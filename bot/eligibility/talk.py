"""While facts are collected: what a reply changes, what was noted, what a reply should look like, what is known by now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.answers.answer import Bubble
from bot.answers.occasion import Occasion
from bot.eligibility.figures import Days, Said
from bot.eligibility.profile import Profile, told, unsure_of
from bot.eligibility.replies import Told, Unclear, Unsure
from bot.eligibility.report import ask
from bot.eligibility.rules import Between
from bot.eligibility.shown import profile_lines, short_lines
from bot.eligibility.words import Words


def after_reply(profile: Profile, asked: str, reply: Told | Unsure | Unclear, on: date, words: Words) -> Profile:
    """Who gives a rough answer twice will not give a better one: then the question counts as not known."""
    kept = words.answering.get(asked, asked)
    rough_before = _is_rough(profile.facts[kept].value) if kept in profile.facts else False
    profile = told(profile, reply.facts, on, words)
    rough_again = rough_before and kept in reply.facts and _is_rough(reply.facts[kept])
    return unsure_of(profile, asked) if rough_again or isinstance(reply, Unsure) else profile


def _is_rough(value: Said) -> bool:
    return isinstance(value, Between) or (isinstance(value, Days) and value.first != value.last)


def noted(facts: Mapping[str, Said], occasion: Occasion, words: Words) -> Bubble:
    if not facts:
        return Bubble(occasion.say("utter_nothing_noted"))
    return Bubble(occasion.say("utter_noted", facts=short_lines(facts, occasion, words)))


def asked_again(asked: str, reply: Unclear, occasion: Occasion, words: Words) -> Bubble:
    question = ask(asked, occasion, words)
    return Bubble("\n".join([occasion.say(f"utter_reply_{reply.why}"), question.text]), question.buttons)


def profile_bubble(profile: Profile, occasion: Occasion, words: Words) -> Bubble:
    if not profile.facts:
        return Bubble(occasion.say("utter_profile_empty"))
    lines = profile_lines(profile, occasion, words)
    return Bubble("\n".join([occasion.say("utter_profile"), *lines, occasion.say("utter_profile_can_be_changed")]))


def forgotten_bubble(occasion: Occasion) -> Bubble:
    return Bubble(occasion.say("utter_profile_forgotten"))
