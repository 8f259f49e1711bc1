"""What stands after the content: caveats, other accounts, look-alike figures, sources and the date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.answers.dates import a_year_before
from bot.answers.occasion import Occasion
from bot.answers.state import date_of
from knowledge.amounts import show_number
from knowledge.entry import Entry, Fact
from knowledge.fields import Source

MOST_LOOK_ALIKES = 2
MOST_SOURCES = 2
FIRST_SENTENCE = re.compile(r".+?(?:。|[.!?](?= [A-Z“]|$)|$)", re.DOTALL)
KIND_OF_SOURCE = {
    "media": "utter_source_media",
    "repost": "utter_source_repost",
    "sample": "utter_source_sample",
    "derived": "utter_source_derived",
}
FIGURE = {"exact": "utter_figure", "more_than": "utter_figure_more_than", "about": "utter_figure_about"}


def closing(entry: Entry, occasion: Occasion) -> list[str]:
    return [*caveats(entry, occasion), *sources(entry, occasion), date_line(entry, occasion)]


def caveats(entry: Entry, occasion: Occasion) -> Iterator[str]:
    say = occasion.say
    if entry.remarks is not None:
        yield say("utter_remarks", remarks=occasion.text(entry.remarks))
    for other in occasion.entries(entry.contradicts):
        yield _other_account(other, occasion)
    figures = [_figure(fact, occasion) for fact in occasion.snapshot.look_alikes(entry.id)[:MOST_LOOK_ALIKES]]
    if figures:
        yield say("utter_not_to_be_confused", figures=say("utter_option_separator").join(figures))


def _other_account(other: Entry, occasion: Occasion) -> str:
    text = occasion.text(other.answer or other.summary or other.name)
    first = FIRST_SENTENCE.match(text)
    source = other.sources[0]
    date = occasion.day(source.published) if source.published and source.kind != "seed" else date_of(other, occasion)
    title = source.title.of(occasion.language)
    return occasion.say("utter_contradiction", date=date, source=title, text=first[0] if first else text)


def _figure(fact: Fact, occasion: Occasion) -> str:
    name, quantity = fact.name.of(occasion.language), show_number(fact.value, occasion.language)
    if fact.unit:
        quantity = occasion.say("utter_quantity", value=quantity, unit=fact.unit.of(occasion.language))
    return occasion.say(FIGURE[fact.qualifier], name=name, quantity=quantity)


def sources(entry: Entry, occasion: Occasion) -> list[str]:
    return [occasion.say("utter_source", source=_source(source, occasion)) for source in entry.sources[:MOST_SOURCES]]


def _source(source: Source, occasion: Occasion) -> str:
    say = occasion.say
    issuer = source.issuer.of(occasion.language) if source.issuer else None
    parts = [say("utter_titled", title=source.title.of(occasion.language)), issuer, source.doc_no]
    said = say("utter_item_separator").join(part for part in parts if part)
    if source.kind in KIND_OF_SOURCE:
        said = say(KIND_OF_SOURCE[source.kind], source=said)
    return say("utter_link_after", text=said, url=source.url) if source.url else said


def shortly(source: Source, occasion: Occasion) -> str:
    """Where a line has to do: its number, else who issued it, else its title."""
    issuer = source.issuer.of(occasion.language) if source.issuer else None
    return source.doc_no or issuer or occasion.say("utter_titled", title=source.title.of(occasion.language))


def date_line(entry: Entry, occasion: Occasion) -> str:
    old = entry.as_of < a_year_before(occasion.today)
    return occasion.say("utter_as_of_is_old" if old else "utter_as_of", date=date_of(entry, occasion))
