"""What a company can get, as one bubble: what fits, what nearly does and why not quite, and how much is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.answers.answer import Bubble
from bot.answers.buttons import Button, button
from bot.answers.gains import together
from bot.answers.occasion import Occasion
from bot.eligibility.check import Traced
from bot.eligibility.condition_lines import label_of
from bot.eligibility.match import Group, Match
from bot.eligibility.profile import Profile
from bot.eligibility.report import CHECK
from bot.eligibility.shown import label_of as fact_label
from bot.eligibility.words import Words
from knowledge.amounts import show_number

MOST_LISTED: Mapping[Group, int] = {"fits": 5, "nearly": 5, "open": 3, "not": 0}
MOST_BUTTONS = 3


def offers(found: Sequence[Match], occasion: Occasion, words: Words) -> Bubble:
    say = occasion.say
    if not found:
        return Bubble(say("utter_matches_none"))
    parts, listed = [say("utter_matches", total=len(found))], list[Match]()
    for group in ("fits", "nearly", "open"):
        of_group = [match for match in found if match.group == group]
        rows = of_group[: MOST_LISTED[group]]
        if rows:
            lines = [_row(match, n, occasion, words) for n, match in enumerate(rows, start=len(listed) + 1)]
            parts.append("\n".join([say(f"utter_matches_{group}", count=len(of_group)), *lines]))
        listed += rows
    parts.append("\n".join(_rest(found, listed, occasion)))
    return Bubble("\n\n".join(parts), tuple(_buttons(listed, occasion)))


def most_asked_for(found: Sequence[Match], profile: Profile, occasion: Occasion) -> str | None:
    """The fact that most of the undecided items lack; those that lack only this one count first."""
    undecided = [match.way.missing for match in found if match.group in ("nearly", "open") and not match.way.failed]
    alone = Counter(missing[0] for missing in undecided if len(missing) == 1)
    lacking = Counter(fact for missing in undecided for fact in missing)
    askable = [fact for fact in lacking if fact in occasion.snapshot.rule_facts and fact not in profile.unsure]
    return max(askable, key=lambda fact: (alone[fact], lacking[fact]), default=None)


def reason(match: Match, occasion: Occasion, words: Words) -> str:
    """In one line: what stands in the way, until when, how much."""
    say = occasion.say
    amount = say("utter_match_amount", amount=show_number(match.amount, occasion.language)) if match.amount else None
    later = say("utter_match_not_in_force") if match.state != "in_force" else None
    return together(occasion, _standing(match, occasion, words), later, _until(match, occasion), amount)


def _standing(match: Match, occasion: Occasion, words: Words) -> str:
    say, way = occasion.say, match.way
    if match.group == "fits":
        return say("utter_match_fits")
    if way.failed:
        return say("utter_match_failed", label=_label(way.failed[0], match, occasion))
    if match.group == "nearly" and way.judged:
        return say("utter_match_judged", label=_label(way.judged[0], match, occasion))
    if match.group == "nearly":
        return say("utter_match_missing", fact=fact_label(way.missing[0], occasion, words))
    return say("utter_match_open", count=len(way.missing))


def _label(condition_id: str, match: Match, occasion: Occasion) -> str:
    condition = next(each for each in match.of.rule.conditions if each.id == condition_id)
    return label_of(Traced(condition, False, match.of.words[condition_id]), occasion)


UNTIL = {"open": "utter_match_until", "upcoming": "utter_match_opens", "none": "utter_match_valid_until"}


def _until(match: Match, occasion: Occasion) -> str | None:
    if match.closes is None:
        return None
    if match.window == "closed":
        return occasion.say("utter_match_closed", year=match.closes.year)
    return occasion.say(UNTIL[match.window], date=occasion.day(match.closes))


def _row(match: Match, n: int, occasion: Occasion, words: Words) -> str:
    return occasion.say("utter_match", n=n, name=occasion.name(match.entry), reason=reason(match, occasion, words))


def _rest(found: Sequence[Match], listed: Sequence[Match], occasion: Occasion) -> Iterator[str]:
    failing = sum(match.group == "not" for match in found)
    if len(found) - failing > len(listed):
        yield occasion.say("utter_matches_more", count=len(found) - failing - len(listed))
    if failing:
        yield occasion.say("utter_matches_not", count=failing)
    yield occasion.say("utter_verdict_is_indicative")


def _buttons(listed: Sequence[Match], occasion: Occasion) -> Iterator[Button]:
    for match in listed[:MOST_BUTTONS]:
        yield button(occasion.name(match.entry), CHECK, {"entry": str(match.entry.id)})
