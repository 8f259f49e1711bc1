"""How a page of listings of any kind is read: its ids and the total, then columns, codes, places and hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from sqlalchemy import Table, case, func, or_, select
from sqlalchemy.orm import Session

from bot.services import tables as t
from bot.services.rows import Hours, Language, Listing, Page, Place

L = TypeVar("L", bound=Listing)
Conditions = Sequence[Any]
Order = Sequence[Any]
FACETS = {"field": "fields", "stage": "stages", "offer": "offers", "audience": "audiences", "language": "languages"}


@dataclass(frozen=True)
class Showing:
    language: Language
    limit: int
    offset: int
    show_samples: bool

    def of(self, table: Any, column: str) -> Any:
        return table.c[f"{column}_{self.language}"]


def read_page(
    session: Session,
    kind: type[L],
    table: Table,
    conditions: Conditions,
    order: Order,
    showing: Showing,
    park: str | None = None,
) -> Page[L]:
    """`park`: of several places of a listing, those in it come first."""
    joined = t.listings.join(table, table.c.id == t.listings.c.id)
    if not showing.show_samples:
        conditions = [*conditions, ~t.listings.c.sample]
    query = select(t.listings.c.id, func.count().over()).select_from(joined).where(*conditions)
    ordered = query.order_by(*order, showing.of(t.listings, "name"), t.listings.c.id)
    found = session.execute(ordered.limit(showing.limit).offset(showing.offset)).all()
    if not found:  # perhaps the page is behind the last
        beyond = session.execute(query.limit(1)).first() if showing.offset else None
        return Page(beyond[1] if beyond else 0, ())
    ids = [key for key, _ in found]
    return Page(found[0][1], tuple(_rows(session, kind, table, ids, showing, park)))


def _rows(
    session: Session, kind: type[L], table: Table, ids: Sequence[str], showing: Showing, park: str | None
) -> Iterator[L]:
    joined = t.listings.join(table, table.c.id == t.listings.c.id)
    query = select(*_columns(kind, table, showing)).select_from(joined).where(t.listings.c.id.in_(ids))
    found = {row["id"]: row for row in session.execute(query).mappings()}
    codes, places = _codes(session, ids), _places(session, ids, showing, park)
    for key in ids:
        yield kind(**found[key], **codes[key], places=tuple(places[key]))


def _columns(kind: type[Listing], table: Table, showing: Showing) -> Iterator[Any]:
    """A column for every attribute of `kind` that has one of its name."""
    for name in (field.name for field in fields(kind)):
        if name not in ("places", *FACETS.values()):
            yield _column(name, table, showing).label(name)


def _column(name: str, table: Table, showing: Showing) -> Any:
    if name == "other_name":
        return t.listings.c.name_en if showing.language == "zh" else t.listings.c.name_zh
    if table is t.services and name in ("organization_name", "phone"):
        provider = t.listings.alias()
        column = provider.c.phone if name == "phone" else showing.of(provider, "name")
        return select(column).where(provider.c.id == t.services.c.organization).scalar_subquery()
    owner = table if name in table.c or f"{name}_zh" in table.c else t.listings
    return owner.c[name] if name in owner.c else showing.of(owner, name)


def _codes(session: Session, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, dict[str, Any]] = {key: dict.fromkeys(FACETS.values(), ()) for key in ids}
    of = t.listing_codes.c
    query = select(of.listing, of.facet, of.code).where(of.listing.in_(ids)).order_by(of.facet, of.code)
    for listing, facet, code in session.execute(query):
        found[listing][FACETS[facet]] += (code,)
    return found


def _places(session: Session, ids: Sequence[str], showing: Showing, park: str | None) -> Mapping[str, Sequence[Place]]:
    """Where a listing is; for a service, each of its desks."""
    at, here = t.service_at_locations, t.listings.alias()
    itself = select(here.c.id.label("listing"), here.c.id.label("owner"), *_place_columns(showing))
    itself = itself.join_from(here, t.locations, t.locations.c.id == here.c.location)
    desks = select(at.c.service.label("listing"), at.c.id.label("owner"), showing.of(at, "desk").label("desk"))
    desks = desks.add_columns(*_place_columns(showing)).join_from(at, t.locations, t.locations.c.id == at.c.location)
    desks = desks.order_by(case((t.locations.c.park == park, 0), else_=1), at.c.id)
    found: dict[str, list[Place]] = defaultdict(list)
    for owner, query in (
        (t.schedules.c.listing, itself.where(here.c.id.in_(ids))),
        (t.schedules.c.service_at_location, desks.where(at.c.service.in_(ids))),
    ):
        rows = session.execute(query.outerjoin(t.parks, t.parks.c.id == t.locations.c.park)).mappings().all()
        hours = _hours(session, owner, [row["owner"] for row in rows])
        for row in rows:
            values = {name: value for name, value in row.items() if name not in ("listing", "owner")}
            found[row["listing"]].append(Place(**values, hours=tuple(hours[row["owner"]])))
    return found


def _place_columns(showing: Showing) -> Iterator[Any]:
    yield from (t.locations.c.park, t.locations.c.district, showing.of(t.parks, "name").label("park_name"))
    yield from (showing.of(t.locations, name).label(name) for name in ("name", "address", "metro"))


def _hours(session: Session, owner: Any, keys: Sequence[str]) -> Mapping[str, Sequence[Hours]]:
    found: dict[str, list[Hours]] = defaultdict(list)
    of = t.schedules.c
    query = select(owner, of.byday, of.opens_at, of.closes_at).where(owner.in_(keys)).order_by(of.id)
    for key, days, opens, closes in session.execute(query) if keys else ():
        found[key].append(Hours(tuple(days.split(",")), opens, closes))
    return found


def with_code(facet: str, code: str | None) -> Conditions:
    if code is None:
        return []
    of = t.listing_codes.c
    return [select(of.code).where(of.listing == t.listings.c.id, of.facet == facet, of.code == code).exists()]


def located(**wanted: str | None) -> Conditions:
    """`park`, `district`: of the place where the listing itself is."""
    asked = equal(t.locations, **wanted)
    return [t.listings.c.location.in_(select(t.locations.c.id).where(*asked))] if asked else []


def equal(table: Table, **wanted: str | bool | None) -> Conditions:
    return [table.c[name] == value for name, value in wanted.items() if value is not None]


def with_words(text: str | None, names: Mapping[str, Any]) -> Conditions:
    """`names`: kind -> a column with the id of a listing of this kind. Each word stands in the name of one of them."""
    return [
        or_(*(column.in_(_named(kind, word)) for kind, column in names.items()))
        for word in (text or "").lower().split()
    ]


def _named(kind: str, word: str) -> Any:
    named = t.listings.alias()
    name = named.c.name_en if word.isascii() else named.c.name_zh
    return select(named.c.id).where(named.c.kind == kind, func.lower(name).contains(word, autoescape=True))
