"""What can be asked of the listings. Order is total: the same question shows the same rows, page after page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Table, case, func, select
from sqlalchemy.orm import Session

from bot.services import rows as r
from bot.services import tables as t
from bot.services.rows import Language, Page
from bot.services.selecting import Order, Showing, equal, located, read_page, with_code, with_words

KINDS: Mapping[str, tuple[type[r.Listing], Table]] = {
    **dict.fromkeys(t.CARRIER_KINDS, (r.Carrier, t.carriers)),
    "organization": (r.Organization, t.organizations),
    "service": (r.Service, t.services),
    "institute": (r.Institute, t.institutes),
    "investor": (r.Investor, t.investors),
    "financing_need": (r.Need, t.needs),
    "research_need": (r.Need, t.needs),
    "training": (r.Training, t.training_sessions),
}
COMMON_NOUNS = ("service", "financing_need", "research_need")  # many listings share such a name: it finds none of them


def find_carriers(
    session: Session,
    wanted: r.CarrierFilter,
    language: Language,
    limit: int = 5,
    offset: int = 0,
    *,
    show_samples: bool = True,
) -> Page[r.Carrier]:
    """Evaluated ones first, then those with the most free seats."""
    of = t.carriers.c
    conditions = [
        t.listings.c.kind.in_(wanted.kinds or t.CARRIER_KINDS),
        *located(park=wanted.park, district=wanted.district),
        *with_code("field", wanted.field),
        *with_code("stage", wanted.stage),
        *equal(t.carriers, evaluated=wanted.evaluated),
    ]
    if wanted.free_seats is not None:
        conditions.append(of.seats_free > 0 if wanted.free_seats else of.seats_free == 0)
    order = [case((of.evaluated, 0), else_=1), func.coalesce(of.seats_free, -1).desc()]
    return read_page(session, r.Carrier, t.carriers, conditions, order, Showing(language, limit, offset, show_samples))


def find_services(
    session: Session,
    wanted: r.ServiceFilter,
    language: Language,
    limit: int = 5,
    offset: int = 0,
    *,
    show_samples: bool = True,
) -> Page[r.Service]:
    """Active ones. In a park: those with a desk there, and this desk first."""
    of, at = t.services.c, t.service_at_locations.c
    conditions = [
        t.listings.c.kind == "service",
        of.status == "active",
        *equal(
            t.services,
            category=wanted.category,
            platform_function=wanted.platform_function,
            platform_offer=wanted.platform_offer,
            organization=wanted.organization,
        ),
        *with_code("stage", wanted.stage),
        *with_words(wanted.text, {"service": of.id, "organization": of.organization}),
    ]
    if wanted.park is not None:
        there = select(t.locations.c.id).where(t.locations.c.park == wanted.park)
        conditions.append(of.id.in_(select(at.service).where(at.location.in_(there))))
    showing = Showing(language, limit, offset, show_samples)
    return read_page(session, r.Service, t.services, conditions, [], showing, wanted.park)


def find_institutes(
    session: Session,
    wanted: r.InstituteFilter,
    language: Language,
    limit: int = 5,
    offset: int = 0,
    *,
    show_samples: bool = True,
) -> Page[r.Institute]:
    """Those that look for partners first."""
    conditions = [
        t.listings.c.kind == "institute",
        *located(park=wanted.park),
        *with_code("field", wanted.field),
        *equal(t.institutes, seeks_partners=wanted.seeks_partners),
        *with_words(wanted.text, {"institute": t.listings.c.id}),
    ]
    order: Order = [case((t.institutes.c.seeks_partners, 0), else_=1)]
    showing = Showing(language, limit, offset, show_samples)
    return read_page(session, r.Institute, t.institutes, conditions, order, showing)


def find_training(
    session: Session,
    wanted: r.TrainingFilter,
    language: Language,
    limit: int = 5,
    offset: int = 0,
    *,
    show_samples: bool = True,
) -> Page[r.Training]:
    """The next one first."""
    of = t.training_sessions.c
    conditions = [t.listings.c.kind == "training", *with_code("audience", wanted.audience)]
    if wanted.on_or_after is not None:
        conditions.append(of.starts >= wanted.on_or_after)
    if wanted.apply_on is not None:
        conditions.append(of.apply_by >= wanted.apply_on)
    showing = Showing(language, limit, offset, show_samples)
    return read_page(session, r.Training, t.training_sessions, conditions, [of.starts], showing)


def find_investors(
    session: Session,
    wanted: r.InvestorFilter,
    language: Language,
    limit: int = 5,
    offset: int = 0,
    *,
    show_samples: bool = True,
) -> Page[r.Investor]:
    """With an amount: those whose usual ticket holds it, the smallest tickets first."""
    of = t.investors.c
    conditions = [
        t.listings.c.kind == "investor",
        *with_code("field", wanted.field),
        *with_code("stage", wanted.stage),
    ]
    if wanted.amount_cny is not None:
        conditions += [of.ticket_min_cny <= wanted.amount_cny, of.ticket_max_cny >= wanted.amount_cny]
    showing = Showing(language, limit, offset, show_samples)
    return read_page(session, r.Investor, t.investors, conditions, [of.ticket_min_cny], showing)


def find_needs(
    session: Session,
    wanted: r.NeedFilter,
    language: Language,
    limit: int = 5,
    offset: int = 0,
    *,
    show_samples: bool = True,
) -> Page[r.Need]:
    """The one that closes first comes first."""
    of = t.needs.c
    conditions = [
        t.listings.c.kind == wanted.kind,
        *with_code("field", wanted.field),
        *with_code("stage", wanted.stage),
    ]
    if wanted.open_on is not None:
        conditions.append(of.open_until >= wanted.open_on)
    showing = Showing(language, limit, offset, show_samples)
    return read_page(session, r.Need, t.needs, conditions, [of.open_until], showing)


def listing(session: Session, key: str, language: Language, *, show_samples: bool = True) -> r.Listing | None:
    kind = session.execute(select(t.listings.c.kind).where(t.listings.c.id == key)).scalar()
    if kind is None:
        return None
    row_type, table = KINDS[kind]
    showing = Showing(language, 1, 0, show_samples)
    page = read_page(session, row_type, table, [t.listings.c.id == key], [], showing)
    return page.rows[0] if page.rows else None


def listing_names(session: Session, *, show_samples: bool = True) -> Iterator[r.ListingName]:
    of = t.listings.c
    query = select(of.id, of.kind, of.name_zh, of.name_en).where(of.kind.not_in(COMMON_NOUNS)).order_by(of.id)
    for row in session.execute(query if show_samples else query.where(~of.sample)):
        yield r.ListingName(*row)
