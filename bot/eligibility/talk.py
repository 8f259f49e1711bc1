"""What is said while facts are collected: what was noted, what a reply should look like, what is known by now."""

from __future__ import annotations

from collections.abc import Mapping

from bot.answers.answer import Bubble
from bot.answers.occasion import Occasion
from bot.eligibility.figures import Said
from bot.eligibility.profile import Profile
from bot.eligibility.replies import Unclear
from bot.eligibility.report import ask
from bot.eligibility.shown import profile_lines, short_lines
from bot.eligibility.words import Words


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
