"""The facts of a company as people say them: 1,200 million, 2021, yes, Jing'an District."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from bot.answers.dates import spoken_month
from bot.answers.occasion import Occasion
from bot.eligibility.figures import MOST, Days, Said
from bot.eligibility.profile import Known, Profile, completed
from bot.eligibility.rules import Between
from bot.eligibility.words import Words
from knowledge.amounts import show_number

ORIGINS = {"said": "utter_fact_said", "record": "utter_fact_recorded", "derived": "utter_fact_derived"}
TERMS = ("district", "park", "field", "stage")
CENTS = Decimal("0.01")


def label_of(name: str, occasion: Occasion, words: Words) -> str:
    asked = occasion.snapshot.rule_facts.get(name)
    return asked.label.of(occasion.language) if asked else words.facts[name].label[occasion.language]


def shown(name: str, value: Said, occasion: Occasion, words: Words) -> str:
    say = occasion.say
    if isinstance(value, bool):
        return say("utter_yes") if value else say("utter_no")
    if isinstance(value, Days):
        return _days(value, occasion)
    if isinstance(value, str):
        return _text(name, value, occasion, words)
    if isinstance(value, Between):
        return _between(name, value, occasion, words)
    return _number(name, value, occasion, words)


def profile_lines(profile: Profile, occasion: Occasion, words: Words) -> list[str]:
    """Every fact with where it comes from and when it was said; what follows from it too."""
    facts = completed(profile, occasion.today, words).facts
    return [occasion.say("utter_bullet", line=_line(name, known, occasion, words)) for name, known in facts.items()]


def short_lines(facts: Mapping[str, Said], occasion: Occasion, words: Words) -> str:
    """`职工人数40人、上市公司：否`"""
    said = (_pair(name, value, occasion, words) for name, value in facts.items())
    return occasion.say("utter_option_separator").join(said)


def _line(name: str, known: Known, occasion: Occasion, words: Words) -> str:
    day = occasion.say(ORIGINS[known.origin], date=occasion.day(known.on))
    return occasion.say("utter_in_brackets", text=_pair(name, known.value, occasion, words), detail=day)


def _pair(name: str, value: Said, occasion: Occasion, words: Words) -> str:
    said = shown(name, value, occasion, words)
    return occasion.say("utter_fact_value", label=label_of(name, occasion, words), value=said)


def _days(value: Days, occasion: Occasion) -> str:
    if value.first == value.last:
        return occasion.day(value.first)
    if (value.first.month, value.first.day, value.last.month, value.last.day) == (1, 1, 12, 31):
        return occasion.say("utter_year", year=value.first.year)
    first, last = (spoken_month(day, occasion.language) for day in (value.first, value.last))
    return first if first == last else occasion.say("utter_from_to", least=first, most=last)


def _text(name: str, value: str, occasion: Occasion, words: Words) -> str:
    kind = words.facts[name].kind if name in words.facts else ""
    if kind == "place":
        return words.place_labels[value][occasion.language] if value in words.place_labels else value
    return occasion.term(kind, value) if kind in TERMS else value


def _between(name: str, value: Between, occasion: Occasion, words: Words) -> str:
    least, most = (_number(name, each, occasion, words) for each in (value.low, value.high))
    if value.high >= MOST:
        return occasion.say("utter_at_least", least=least)
    return (
        occasion.say("utter_at_most", most=most)
        if not value.low
        else occasion.say("utter_from_to", least=least, most=most)
    )


def _number(name: str, value: Decimal, occasion: Occasion, words: Words) -> str:
    number = show_number(value.quantize(CENTS) if value.is_finite() else value, occasion.language)
    fact, kind = occasion.snapshot.rule_facts.get(name), words.facts[name].kind if name in words.facts else ""
    unit = fact.unit.of(occasion.language) if fact and fact.unit else ""
    if kind == "amount" or unit in ("元", "yuan"):
        return occasion.say("utter_yuan", amount=number)
    if kind == "percent" or unit == "%" or name.endswith("_pct"):
        return occasion.say("utter_percent", amount=number)
    if kind == "months":
        return occasion.say("utter_months", amount=number)
    return occasion.say("utter_fact_counted", number=number, unit=unit) if unit else number
