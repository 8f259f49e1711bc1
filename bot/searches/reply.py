"""A page of a list as one bubble: what was looked for, how many there are, the rows, and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.answers.answer import Bubble, entry_button, person_button
from bot.answers.buttons import Button, button
from bot.answers.occasion import Occasion
from bot.searches.rows import row_text
from bot.searches.search import INTENTS, Search, as_entities, relaxations
from bot.services.rows import Listing
from knowledge.amounts import show_number
from knowledge.entry import Entry

NOUNS = {
    "carriers": "utter_carriers",
    "services": "utter_services",
    "institutes": "utter_institutes",
    "training": "utter_training",
    "policies": "utter_policies",
    "approvals": "utter_approvals",
    "loans": "utter_loans",
}
CARRIERS = {"makerspace": "utter_makerspaces", "incubator": "utter_incubators", "accelerator": "utter_accelerators"}
YES_OR_NO = {
    ("evaluated", "true"): "utter_filter_evaluated",
    ("evaluated", "false"): "utter_filter_not_evaluated",
    ("free_seats", "true"): "utter_filter_free_seats",
    ("free_seats", "false"): "utter_filter_no_free_seats",
}


@dataclass(frozen=True)
class Results:
    """One page. `over`: entries that would fit but are no longer in force."""

    total: int
    rows: Sequence[Listing | Entry]
    over: int = 0


def list_reply(search: Search, results: Results, occasion: Occasion, unused: Sequence[tuple[str, str]] = ()) -> Bubble:
    first = search.offset + 1
    head = _head(search, results.total, first, search.offset + len(results.rows), occasion)
    rows = [row_text(row, number, occasion) for number, row in enumerate(results.rows, start=first)]
    foot = [*_unused(unused, occasion), *_over(results, occasion), *_provenance(results.rows, occasion)]
    return Bubble(
        "\n\n".join(["\n".join([head, *rows]), *(["\n".join(foot)] if foot else [])]),
        _buttons(search, results, occasion),
    )


def _head(search: Search, total: int, first: int, last: int, occasion: Occasion) -> str:
    named = what(search, occasion)
    if last - first + 1 == total:
        return occasion.say("utter_list_all", what=named, total=_count(total, occasion))
    return occasion.say("utter_list_head", what=named, total=_count(total, occasion), first=first, last=last)


def listing_reply(listing: Listing, occasion: Occasion) -> Bubble:
    return Bubble("\n".join([row_text(listing, None, occasion), *_provenance([listing], occasion)]))


def no_list_yet(occasion: Occasion) -> Bubble:
    return Bubble(occasion.say("utter_no_list_yet"))


def not_narrowed(occasion: Occasion) -> Bubble:
    return Bubble(occasion.say("utter_list_not_narrowed"))


def nothing_more(search: Search, total: int, occasion: Occasion) -> Bubble:
    return Bubble(occasion.say("utter_list_end", what=what(search, occasion), total=_count(total, occasion)))


def nothing_found(search: Search, count: Callable[[Search], int], over: int, occasion: Occasion) -> Bubble:
    """`count`: how many a search finds. The narrowest search that finds something is offered."""
    said = [occasion.say("utter_list_empty", what=what(search, occasion)), *_over(Results(0, (), over), occasion)]
    for names, wider in relaxations(search):
        if total := count(wider):
            dropped = _filters({name: search.filters[name] for name in names}, occasion)
            said.append(
                occasion.say(
                    "utter_list_wider", dropped=dropped, what=what(wider, occasion), total=_count(total, occasion)
                )
            )
            return Bubble("\n".join(said), (_wider_button(wider, dropped, total, occasion), person_button(occasion)))
    if not over:
        said.append(occasion.say("utter_list_unavailable"))
    return Bubble("\n".join(said), (person_button(occasion),))


def _wider_button(wider: Search, dropped: str, total: int, occasion: Occasion) -> Button:
    return button(
        occasion.say("utter_button_wider", dropped=dropped, total=_count(total, occasion)),
        INTENTS[wider.kind],
        as_entities(wider),
    )


def list_button(search: Search, total: int, occasion: Occasion) -> Button:
    named = what(search, occasion)
    return button(
        occasion.say("utter_button_list", what=named, total=_count(total, occasion)),
        INTENTS[search.kind],
        as_entities(search),
    )


def _count(total: int, occasion: Occasion) -> str:
    return show_number(Decimal(total), occasion.language)


def what(search: Search, occasion: Occasion) -> str:
    """`Makerspaces (Songjiang Park, with free seats)`"""
    say, narrowed = occasion.say, {name: codes for name, codes in search.filters.items() if name != "carrier_kind"}
    kinds = search.filters.get("carrier_kind", ())
    noun = say("utter_and").join(say(CARRIERS[kind]) for kind in kinds) if kinds else say(NOUNS[search.kind])
    filters = _filters(narrowed, occasion)
    return say("utter_in_brackets", text=noun, detail=filters) if filters else noun


def _filters(filters: Mapping[str, Sequence[str]], occasion: Occasion) -> str:
    said = (_code(name, code, occasion) for name, codes in filters.items() for code in codes)
    return occasion.say("utter_enumeration").join(said)


def _code(name: str, code: str, occasion: Occasion) -> str:
    return occasion.say(YES_OR_NO[name, code]) if (name, code) in YES_OR_NO else occasion.term(name, code)


def _unused(unused: Sequence[tuple[str, str]], occasion: Occasion) -> list[str]:
    names = occasion.say("utter_enumeration").join(_code(name, code, occasion) for name, code in unused)
    return [occasion.say("utter_filter_unused", names=names)] if names else []


def _over(results: Results, occasion: Occasion) -> list[str]:
    return [occasion.say("utter_list_over", count=results.over)] if results.over else []


def _provenance(rows: Sequence[Listing | Entry], occasion: Occasion) -> list[str]:
    listings = [row for row in rows if isinstance(row, Listing)]
    confirmed = sorted({row.assured_date for row in listings if row.assured_date is not None})
    said = [occasion.say("utter_rows_are_sample")] if any(row.sample for row in listings) else []
    if confirmed:
        name = "utter_rows_confirmed" if len(confirmed) == 1 else "utter_rows_confirmed_since"
        said.append(occasion.say(name, date=occasion.day(confirmed[0])))
    elif listings:
        said.append(occasion.say("utter_rows_not_confirmed"))
    return said


def _buttons(search: Search, results: Results, occasion: Occasion) -> tuple[Button, ...]:
    buttons = [entry_button(row, occasion) for row in results.rows if isinstance(row, Entry)]
    if search.offset + len(results.rows) < results.total:
        buttons.append(button(occasion.say("utter_button_more"), "show_more"))
    return tuple(buttons)
