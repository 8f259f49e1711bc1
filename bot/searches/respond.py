"""What is said to a message that seems to ask for a list.

Some are questions in truth: how many institutes are there, which services do the platforms offer. Of 62 test questions
heard as a wish for a list 49 had a confident finding, right in 46; so it is answered and the list put behind a button.
Not where the message narrows a list by place, evaluation or seats: only a list can answer that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from bot.answers.answer import Bubble, answer, entry_button
from bot.answers.heard import Heard
from bot.answers.occasion import Occasion
from bot.searches.reply import list_button, list_reply, listing_reply, nothing_found, nothing_more
from bot.searches.run import count, named_listing, run
from bot.searches.search import Search, asked, unused
from knowledge.entry import Entry

ONLY_A_LIST_ANSWERS = ("park", "district", "evaluated", "free_seats")


@dataclass(frozen=True)
class Response:
    """`last_search`: what the slot of this name holds from now on; None leaves it as it is."""

    bubbles: Sequence[Bubble]
    last_search: dict[str, Any] | None = None


def respond(kind: str, said: Heard, session: Session, occasion: Occasion) -> Response:
    listing = named_listing(said, session, occasion)
    if listing is not None:
        return Response([listing_reply(listing, occasion)])
    search = asked(kind, said.named)
    entry = rather_a_question(said, occasion)
    if entry is not None:
        return Response(_with_list_button(answer(entry, occasion), search, session, occasion))
    return show(search, session, occasion, unused(kind, said.named), perhaps=_perhaps(said, occasion))


def show(
    search: Search,
    session: Session,
    occasion: Occasion,
    unused: Sequence[tuple[str, str]] = (),
    perhaps: Entry | None = None,
) -> Response:
    """One page. `perhaps`: an entry that may be what was meant."""
    results = run(search, session, occasion)
    if results.rows:
        bubble = list_reply(search, results, occasion, unused)
    elif results.total:
        bubble = nothing_more(search, results.total, occasion)
    else:
        bubble = nothing_found(search, lambda wider: count(wider, session, occasion), results.over, occasion)
    if perhaps is not None and perhaps not in results.rows:
        bubble = replace(bubble, buttons=(*bubble.buttons, entry_button(perhaps, occasion)))
    return Response([bubble], search.remembered(results.total))


def rather_a_question(said: Heard, occasion: Occasion) -> Entry | None:
    """The entry that answers it, if a list was hardly meant."""
    top = said.finding.top
    entry = occasion.entry(top.entry_id) if top is not None and said.finding.band == "answer" else None
    if entry is None or entry.type == "park":
        return None
    if any(said.named.get(name) for name in ONLY_A_LIST_ANSWERS):
        return entry if set(said.parks()) & set(entry.jurisdiction.parks) else None
    return entry


def _perhaps(said: Heard, occasion: Occasion) -> Entry | None:
    top = said.finding.top
    entry = occasion.entry(top.entry_id) if top is not None and said.finding.band != "decline" else None
    return entry if entry is not None and entry.type != "park" else None


def _with_list_button(bubbles: Sequence[Bubble], search: Search, session: Session, occasion: Occasion) -> list[Bubble]:
    total = count(search, session, occasion)
    if not total:
        return list(bubbles)
    last = replace(bubbles[-1], buttons=(*bubbles[-1].buttons, list_button(search, total, occasion)))
    return [*bubbles[:-1], last]
