"""A check as it is said: the verdict, every condition, what would change it, where it comes from; then the next question."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answers.answer import Bubble, entry_button, next_steps, person_button
from bot.answers.buttons import Button, button
from bot.answers.closing import date_line
from bot.answers.gains import calls
from bot.answers.occasion import Occasion
from bot.answers.state import state_line
from bot.eligibility.bases import Bases
from bot.eligibility.check import Check
from bot.eligibility.condition_lines import condition_lines, label_of
from bot.eligibility.profile import Profile
from bot.eligibility.shown import label_of as fact_label
from bot.eligibility.words import Words

LONGEST = 900  # characters of one bubble
MOST_NEXT = 2
TELL, CHECK = "tell_fact", "check_eligibility"


def report(check: Check, profile: Profile, occasion: Occasion, words: Words) -> list[Bubble]:
    """With the next question in a bubble of its own, when one fact can still change the verdict."""
    bases = Bases(check, occasion)
    opening = [*_opening(check, occasion), *condition_lines(check, bases, occasion, words)]
    closing = [*_closing(check, occasion), *bases.lines(occasion), date_line(check.entry, occasion)]
    change = (
        [] if check.over else [*what_would_change_it(check, occasion), *_not_known(check, profile, occasion, words)]
    )
    parts = ["\n".join(part) for part in (opening, change, closing) if part]
    whole = "\n\n".join(parts)
    texts = [whole] if len(whole) <= LONGEST else [parts[0], "\n\n".join(parts[1:])]
    bubbles = [*map(Bubble, texts[:-1]), Bubble(texts[-1], _buttons(check, occasion))]
    return [*bubbles, question(check, occasion, words)] if check.next_fact else bubbles


def verdict_line(check: Check, occasion: Occasion) -> str:
    name = occasion.name(check.entry)
    if check.verdict == "needs_facts":
        line = occasion.say("utter_verdict_needs_facts", name=name, count=len(check.judgement.way.missing))
    else:
        line = occasion.say(f"utter_verdict_{check.verdict}", name=name)
    if check.over:
        return occasion.say("utter_verdict_over", verdict=line)
    return line if check.state == "in_force" else occasion.say("utter_verdict_not_yet", verdict=line)


def what_would_change_it(check: Check, occasion: Occasion) -> list[str]:
    """Empty unless the company does not fit."""
    lines = [
        occasion.say("utter_remedy", label=label_of(each, occasion), remedy=occasion.text(each.words.if_false))
        if each.words.if_false
        else label_of(each, occasion)
        for each in check.to_change
    ]
    bullets = [occasion.say("utter_bullet", line=line) for line in lines]
    return [occasion.say("utter_what_would_change_it"), *bullets] if bullets else []


def question(check: Check, occasion: Occasion, words: Words) -> Bubble:
    """`check.next_fact` must not be None."""
    assert check.next_fact is not None
    return ask(check.next_fact, occasion, words)


def ask(name: str, occasion: Occasion, words: Words) -> Bubble:
    """The question for one fact, with what can be pressed in reply."""
    fact = occasion.snapshot.rule_facts[name]
    return Bubble(fact.question.of(occasion.language), tuple(_replies(name, fact.type, occasion, words)))


def _replies(name: str, kind: str, occasion: Occasion, words: Words) -> Iterator[Button]:
    if kind == "boolean":
        turned = name in words.facts and bool(words.facts[name].reply_so)
        so, not_so = ("none", "some") if turned else ("yes", "no")
        yield button(occasion.say(f"utter_button_{so}"), TELL, {"fact": name, "value": "true"})
        yield button(occasion.say(f"utter_button_{not_so}"), TELL, {"fact": name, "value": "false"})
    yield button(occasion.say("utter_fact_unsure"), TELL, {"fact": name, "value": "unsure"})


def _opening(check: Check, occasion: Occasion) -> list[str]:
    sample = occasion.say("utter_entry_is_sample") if check.entry.sample else None
    state = state_line(check.entry, occasion)
    return [*filter(None, (sample, state)), verdict_line(check, occasion)]


def _not_known(check: Check, profile: Profile, occasion: Occasion, words: Words) -> list[str]:
    missing = [name for name in check.judgement.way.missing if name in occasion.snapshot.rule_facts]
    unsure = [name for name in missing if name in profile.unsure]
    separator = occasion.say("utter_enumeration")
    if unsure and not check.asks:
        labels = separator.join(fact_label(name, occasion, words) for name in unsure)
        return [occasion.say("utter_company_does_not_know", facts=labels)]
    return []


def _closing(check: Check, occasion: Occasion) -> list[str]:
    remarks = check.entry.remarks
    caveat = [occasion.say("utter_remarks", remarks=occasion.text(remarks))] if remarks else []
    return [*calls(check.entry, occasion), *caveat, occasion.say("utter_verdict_is_indicative")]


def _buttons(check: Check, occasion: Occasion) -> tuple[Button, ...]:
    if check.over:
        return next_steps(check.entry, occasion, certain=True)
    ids = dict.fromkeys(str(each.words.next) for each in check.to_change if each.words.next)
    buttons = [entry_button(entry, occasion) for entry in occasion.entries(ids)[:MOST_NEXT]]
    if check.verdict in ("does_not", "for_a_person"):
        buttons.append(person_button(occasion))
    return tuple(buttons)
