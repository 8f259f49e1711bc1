"""What is known of a company in a conversation, each fact with where it comes from and since when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from bot.eligibility.ages import months_since
from bot.eligibility.figures import Days, Said
from bot.eligibility.rules import Between, Value, with_derived
from bot.eligibility.words import Words

Origin = Literal["said", "record", "derived"]


@dataclass(frozen=True)
class Known:
    value: Said
    origin: Origin
    on: date


@dataclass(frozen=True)
class Profile:
    """`unsure`: asked for, and the company does not know either; never asked again unless it is said."""

    facts: Mapping[str, Known] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()


def told(profile: Profile, facts: Mapping[str, Said], on: date, words: Words) -> Profile:
    """A later word takes the place of an earlier one, also of one that says the same in another way."""
    kept = dict(profile.facts)
    for name, value in facts.items():
        fact = words.facts.get(name)
        for other in (name, *(fact.instead_of if fact else ())):
            kept.pop(other, None)
        kept[name] = Known(value, "said", on)
    answered = {fact.answers for name in facts if (fact := words.facts.get(name)) is not None}
    return Profile(kept, profile.unsure - facts.keys() - answered)


def recorded(profile: Profile, facts: Mapping[str, Value], on: date) -> Profile:
    """For the turn in which the record may be read: `as_plain` leaves these out."""
    return replace(
        profile, facts={**profile.facts, **{name: Known(each, "record", on) for name, each in facts.items()}}
    )


def unsure_of(profile: Profile, fact: str) -> Profile:
    return replace(profile, unsure=profile.unsure | {fact})


def forgotten(profile: Profile, names: Collection[str] | None = None) -> Profile:
    """Everything, without names."""
    if names is None:
        return Profile()
    kept = {name: known for name, known in profile.facts.items() if name not in names}
    return Profile(kept, profile.unsure - set(names))


def completed(profile: Profile, today: date, words: Words) -> Profile:
    """With what follows from the facts, as far as it was not said itself."""
    facts = dict(profile.facts)
    for name, value, on in _following(profile, today, words):
        facts.setdefault(name, Known(value, "derived", on))
    plain = {name: known.value for name, known in facts.items() if not isinstance(known.value, Days)}
    for name, value in with_derived(words.derived, plain).items():
        facts.setdefault(name, Known(value, "derived", today))
    return replace(profile, facts=facts)


def facts_for_rules(profile: Profile, today: date, words: Words) -> dict[str, Value]:
    facts = completed(profile, today, words).facts
    return {name: known.value for name, known in facts.items() if not isinstance(known.value, Days)}


def _following(profile: Profile, today: date, words: Words) -> Iterable[tuple[str, Value, date]]:
    founded = profile.facts.get("founded")
    if founded is not None and isinstance(founded.value, Days):
        yield "months_since_registration", months_since(founded.value, today), founded.on
    for name, known in profile.facts.items():
        fact = words.facts.get(name)
        places = [known.value] if fact is not None and fact.kind == "place" else []
        for implies in (*(words.place_implies.get(str(place), {}) for place in places), fact.implies if fact else {}):
            for other, value in implies.items():
                yield other, value, known.on


def as_plain(profile: Profile) -> dict[str, Any]:
    """JSON for a slot: what was said. Nothing of a record, which must not be kept."""
    said = {name: known for name, known in profile.facts.items() if known.origin == "said"}
    return {
        "facts": {name: {**_plain(known.value), "on": known.on.isoformat()} for name, known in said.items()},
        "unsure": sorted(profile.unsure),
    }


def read_plain(data: Mapping[str, Any] | None) -> Profile:
    if not data:
        return Profile()
    facts = {name: Known(_read(each), "said", date.fromisoformat(each["on"])) for name, each in data["facts"].items()}
    return Profile(facts, frozenset(data["unsure"]))


def _plain(value: Said) -> dict[str, Any]:
    if isinstance(value, Days):
        return {"first": value.first.isoformat(), "last": value.last.isoformat()}
    if isinstance(value, Between):
        return {"low": str(value.low), "high": str(value.high)}
    return {"number": str(value)} if isinstance(value, Decimal) else {"value": value}


def _read(data: Mapping[str, Any]) -> Said:
    if "first" in data:
        return Days(date.fromisoformat(data["first"]), date.fromisoformat(data["last"]))
    if "low" in data:
        return Between(Decimal(data["low"]), Decimal(data["high"]))
    if "number" in data:
        return Decimal(data["number"])
    value: bool | str = data["value"]
    return value
