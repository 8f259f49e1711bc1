"""Parks, listings of every kind, their codes, places and opening hours."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Column = Any
MONEY = sa.Numeric(18, 2).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    _places()
    _listings()
    _carriers()
    _services()
    _other_kinds()
    op.create_table(
        "seeds",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
    )


def _id(of: str | None = None) -> Column:
    if of is None:
        return sa.Column("id", sa.String(80), primary_key=True)
    return sa.Column("id", sa.String(80), sa.ForeignKey(f"{of}.id", ondelete="CASCADE"), primary_key=True)


def _ref(name: str, of: str, *, nullable: bool = True, primary_key: bool = False) -> Column:
    key = sa.ForeignKey(f"{of}.id", ondelete="CASCADE")
    return sa.Column(name, sa.String(80), key, nullable=nullable and not primary_key, primary_key=primary_key)


def _text(name: str, *, nullable: bool = True) -> list[Column]:
    return [sa.Column(f"{name}_{language}", sa.String(200), nullable=nullable) for language in ("zh", "en")]


def _places() -> None:
    op.create_table("parks", _id(), *_text("name", nullable=False), sa.Column("district", sa.String(16)))
    op.create_table(
        "locations",
        _id(),
        *_text("name"),
        sa.Column("park", sa.String(80), sa.ForeignKey("parks.id")),
        sa.Column("district", sa.String(16)),
        *_text("address"),
        *_text("metro"),
        sa.Column("sample", sa.Boolean, nullable=False),
    )
    op.create_index("ix_locations_park", "locations", ["park"])
    op.create_index("ix_locations_district", "locations", ["district"])


def _listings() -> None:
    op.create_table(
        "listings",
        _id(),
        sa.Column("kind", sa.String(16), nullable=False),
        *_text("name", nullable=False),
        _ref("location", "locations"),
        sa.Column("phone", sa.String(32)),
        sa.Column("sample", sa.Boolean, nullable=False),
        sa.Column("assured_date", sa.Date),
        sa.Column("assurer", sa.String(80)),
    )
    op.create_index("ix_listings_kind_name_zh", "listings", ["kind", "name_zh", "id"])
    op.create_index("ix_listings_kind_name_en", "listings", ["kind", "name_en", "id"])
    op.create_index("ix_listings_location", "listings", ["location"])
    op.create_table(
        "listing_codes",
        _ref("listing", "listings", primary_key=True),
        sa.Column("facet", sa.String(16), primary_key=True),
        sa.Column("code", sa.String(32), primary_key=True),
    )
    op.create_index("ix_listing_codes_facet_code_listing", "listing_codes", ["facet", "code", "listing"])


def _carriers() -> None:
    op.create_table(
        "carriers",
        _id("listings"),
        sa.Column("evaluated", sa.Boolean),
        *_text("evaluated_by"),
        sa.Column("grade", sa.String(8)),
        sa.Column("year", sa.Integer),
        sa.Column("level", sa.String(16)),
        sa.Column("area_m2", sa.Integer),
        sa.Column("seats", sa.Integer),
        sa.Column("seats_free", sa.Integer),
        sa.Column("desk_month_cny", MONEY),
        sa.Column("seed_fund_cny", MONEY),
        sa.Column("max_stay_months", sa.Integer),
    )
    op.create_index("ix_carriers_evaluated_seats_free", "carriers", ["evaluated", "seats_free"])


def _services() -> None:
    op.create_table("organizations", _id("listings"), sa.Column("uscc", sa.String(18), unique=True))
    op.create_table(
        "services",
        _id("listings"),
        _ref("organization", "organizations", nullable=False),
        sa.Column("category", sa.String(24), nullable=False),
        sa.Column("platform_function", sa.String(32)),
        sa.Column("platform_offer", sa.String(32)),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("fee_from_cny", MONEY),
    )
    for column in ("organization", "category", "platform_function", "platform_offer"):
        op.create_index(f"ix_services_{column}", "services", [column])
    op.create_table(
        "service_at_locations",
        _id(),
        _ref("service", "services", nullable=False),
        _ref("location", "locations", nullable=False),
        *_text("desk"),
        sa.UniqueConstraint("service", "location", name="uq_service_at_locations_service_location"),
    )
    op.create_index("ix_service_at_locations_location", "service_at_locations", ["location"])
    op.create_table(
        "schedules",
        sa.Column("id", sa.Integer, primary_key=True),
        _ref("listing", "listings"),
        _ref("service_at_location", "service_at_locations"),
        sa.Column("byday", sa.String(20), nullable=False),
        sa.Column("opens_at", sa.Time, nullable=False),
        sa.Column("closes_at", sa.Time, nullable=False),
    )
    op.create_index("ix_schedules_listing", "schedules", ["listing"])
    op.create_index("ix_schedules_service_at_location", "schedules", ["service_at_location"])


def _other_kinds() -> None:
    op.create_table("institutes", _id("listings"), sa.Column("seeks_partners", sa.Boolean))
    op.create_table(
        "investors",
        _id("listings"),
        sa.Column("ticket_min_cny", MONEY),
        sa.Column("ticket_max_cny", MONEY),
    )
    op.create_table(
        "needs",
        _id("listings"),
        sa.Column("amount_cny", MONEY),
        sa.Column("open_until", sa.Date, nullable=False),
    )
    op.create_table(
        "training_sessions",
        _id("listings"),
        sa.Column("starts", sa.Date, nullable=False),
        sa.Column("ends", sa.Date, nullable=False),
        sa.Column("apply_by", sa.Date),
        sa.Column("seats", sa.Integer),
    )
    op.create_index("ix_training_sessions_starts", "training_sessions", ["starts"])
