"""The services database, after Open Referral HSDS: who offers what, where, when, and when that was last confirmed.

Everything that has a name of its own is a row of `listings`; a table per kind holds what only that kind has.
Codes (field, stage, offer, audience, language) are rows of `listing_codes`, HSDS's attributes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Time,
    UniqueConstraint,
)

from bot.column_types import Exact

metadata = MetaData()

CARRIER_KINDS = ("makerspace", "incubator", "accelerator")


def _id(of: str | None = None) -> Column[Any]:
    if of is None:
        return Column("id", String(80), primary_key=True)
    return Column("id", String(80), ForeignKey(f"{of}.id", ondelete="CASCADE"), primary_key=True)


def _ref(name: str, of: str, **options: Any) -> Column[Any]:
    return Column(name, String(80), ForeignKey(f"{of}.id", ondelete="CASCADE"), **options)


def _text(name: str, *, nullable: bool = True) -> tuple[Column[Any], Column[Any]]:
    return Column(f"{name}_zh", String(200), nullable=nullable), Column(f"{name}_en", String(200), nullable=nullable)


parks = Table("parks", metadata, _id(), *_text("name", nullable=False), Column("district", String(16)))

locations = Table(
    "locations",
    metadata,
    _id(),
    *_text("name"),
    Column("park", String(80), ForeignKey("parks.id")),
    Column("district", String(16)),
    *_text("address"),
    *_text("metro"),
    Column("sample", Boolean, nullable=False),
    Index("ix_locations_park", "park"),
    Index("ix_locations_district", "district"),
)

listings = Table(
    "listings",
    metadata,
    _id(),
    # makerspace incubator accelerator organization service institute investor financing_need research_need training
    Column("kind", String(16), nullable=False),
    *_text("name", nullable=False),
    _ref("location", "locations"),
    Column("phone", String(32)),
    Column("sample", Boolean, nullable=False),
    Column("assured_date", Date),  # when `assurer`, a desk, last confirmed the listing
    Column("assurer", String(80)),
    Index("ix_listings_kind_name_zh", "kind", "name_zh", "id"),
    Index("ix_listings_kind_name_en", "kind", "name_en", "id"),
    Index("ix_listings_location", "location"),
)

listing_codes = Table(
    "listing_codes",
    metadata,
    _ref("listing", "listings", primary_key=True),
    Column("facet", String(16), primary_key=True),  # field stage offer audience language
    Column("code", String(32), primary_key=True),
    Index("ix_listing_codes_facet_code_listing", "facet", "code", "listing"),
)

carriers = Table(
    "carriers",
    metadata,
    _id("listings"),
    Column("evaluated", Boolean),  # null: not known
    *_text("evaluated_by"),
    Column("grade", String(8)),
    Column("year", Integer),
    Column("level", String(16)),  # national | city | district
    Column("area_m2", Integer),
    Column("seats", Integer),
    Column("seats_free", Integer),  # null: not known
    Column("desk_month_cny", Exact),
    Column("seed_fund_cny", Exact),
    Column("max_stay_months", Integer),
    Index("ix_carriers_evaluated_seats_free", "evaluated", "seats_free"),
)

organizations = Table("organizations", metadata, _id("listings"), Column("uscc", String(18), unique=True))

services = Table(
    "services",
    metadata,
    _id("listings"),
    _ref("organization", "organizations", nullable=False),
    Column("category", String(24), nullable=False),
    Column("platform_function", String(32)),
    Column("platform_offer", String(32)),
    Column("status", String(24), nullable=False),  # active | inactive | defunct | temporarily closed
    Column("fee_from_cny", Exact),
    Index("ix_services_organization", "organization"),
    Index("ix_services_category", "category"),
    Index("ix_services_platform_function", "platform_function"),
    Index("ix_services_platform_offer", "platform_offer"),
)

service_at_locations = Table(
    "service_at_locations",
    metadata,
    _id(),
    _ref("service", "services", nullable=False),
    _ref("location", "locations", nullable=False),
    *_text("desk"),
    UniqueConstraint("service", "location", name="uq_service_at_locations_service_location"),
    Index("ix_service_at_locations_location", "location"),
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", Integer, primary_key=True),
    _ref("listing", "listings"),  # one of the two
    _ref("service_at_location", "service_at_locations"),
    Column("byday", String(20), nullable=False),  # "MO,TU,WE,TH,FR"
    Column("opens_at", Time, nullable=False),
    Column("closes_at", Time, nullable=False),
    Index("ix_schedules_listing", "listing"),
    Index("ix_schedules_service_at_location", "service_at_location"),
)

institutes = Table("institutes", metadata, _id("listings"), Column("seeks_partners", Boolean))

investors = Table(
    "investors",
    metadata,
    _id("listings"),
    Column("ticket_min_cny", Exact),
    Column("ticket_max_cny", Exact),
)

needs = Table(  # what a company looks for: money (financing_need) or a research partner (research_need)
    "needs",
    metadata,
    _id("listings"),
    Column("amount_cny", Exact),
    Column("open_until", Date, nullable=False),
)

training_sessions = Table(
    "training_sessions",
    metadata,
    _id("listings"),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("apply_by", Date),
    Column("seats", Integer),
    Index("ix_training_sessions_starts", "starts"),
)

seeds = Table(
    "seeds",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("version", Integer, nullable=False),
)
