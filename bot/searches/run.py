"""A search carried out: in the services database for listings, in the knowledge for entries."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy.orm import Session

from bot.answers.heard import Heard
from bot.answers.occasion import Occasion
from bot.searches.entries import TYPES, fitting
from bot.searches.reply import Results
from bot.searches.search import Search
from bot.services.queries import find_carriers, find_institutes, find_services, find_training, listing
from bot.services.rows import CarrierFilter, InstituteFilter, Language, Listing, Page, ServiceFilter, TrainingFilter


def run(search: Search, session: Session, occasion: Occasion) -> Results:
    if search.kind in TYPES:
        found = fitting(search, occasion)
        page = found.entries[search.offset : search.offset + search.page]
        return Results(len(found.entries), page, found.over)
    listings = _listings(search, session, occasion, search.page)
    return Results(listings.total, listings.rows)


def count(search: Search, session: Session, occasion: Occasion) -> int:
    if search.kind in TYPES:
        return len(fitting(search, occasion).entries)
    return _listings(search, session, occasion, 1).total


def _listings(search: Search, session: Session, occasion: Occasion, limit: int) -> Page[Any]:
    find, wanted = _query(search, occasion)
    language = cast(Language, occasion.language)
    page: Page[Any] = find(session, wanted, language, limit, search.offset, show_samples=occasion.show_samples)
    return page


def _query(search: Search, occasion: Occasion) -> tuple[Any, Any]:
    one = search.one
    if search.kind == "carriers":
        return find_carriers, CarrierFilter(
            kinds=search.filters.get("carrier_kind", ()),
            park=one("park"),
            district=one("district"),
            field=one("field"),
            stage=one("stage"),
            evaluated=search.yes_or_no("evaluated"),
            free_seats=search.yes_or_no("free_seats"),
        )
    if search.kind == "services":
        return find_services, ServiceFilter(
            category=one("service_category"),
            platform_function=one("platform_function"),
            platform_offer=one("platform_offer"),
            park=one("park"),
            stage=one("stage"),
        )
    if search.kind == "institutes":
        return find_institutes, InstituteFilter(field=one("field"), park=one("park"))
    return find_training, TrainingFilter(audience=one("audience"), on_or_after=occasion.today)


def named_listing(said: Heard, session: Session, occasion: Occasion) -> Listing | None:
    """The one listing a message names."""
    named = said.named.get("organisation", ())
    if len(named) != 1:
        return None
    return listing(session, named[0], cast(Language, occasion.language), show_samples=occasion.show_samples)
