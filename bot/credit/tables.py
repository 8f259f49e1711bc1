"""The credit database: what another authority knows of companies, and beside it our grants and the log of every look.

Records are read through the views alone. A row of a view belongs to a look, a row of `access_log`, made under a grant
that was live at that moment. So nothing can be read without a live grant, nor without leaving a trace.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)

from bot.column_types import Exact, Instant

metadata = MetaData()

companies = Table(
    "companies",
    metadata,
    Column("uscc", String(18), primary_key=True),
    Column("name_zh", String(200), nullable=False),
    Column("name_en", String(200), nullable=False),
    Column("park", String(80)),  # id of a row in the services database
    Column("stage", String(16)),  # null: nobody has said
    Column("stage_method", String(32)),  # how the stage was told, never from age alone
    Column("stage_as_of", Date),
    Column("dishonest", Boolean),  # on the list of seriously dishonest entities; null: not known
    Column("abnormal", Boolean),  # on the list of abnormal operations; null: not known
    Column("flags_as_of", Date),
    Column("sample", Boolean, nullable=False),
    Index("ix_companies_park", "park"),
)

reports = Table(
    "reports",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("uscc", String(18), ForeignKey("companies.uscc", ondelete="CASCADE"), nullable=False),
    Column("grade", String(4), nullable=False),
    Column("issued", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("issuer_zh", String(200), nullable=False),
    Column("issuer_en", String(200), nullable=False),
    Index("ix_reports_uscc", "uscc"),
)

indicators = Table(
    "indicators",
    metadata,
    Column("uscc", String(18), ForeignKey("companies.uscc", ondelete="CASCADE"), primary_key=True),
    Column("indicator", String(32), primary_key=True),  # the unit stands in the name: revenue_cny, rd_staff_pct
    Column("value", Exact, nullable=False),
    Column("as_of", Date, nullable=False),
)

grants = Table(
    "grants",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uscc", String(18), nullable=False),  # no foreign key: the records are fed by others and may come and go
    Column(
        "identity", String(200), nullable=False
    ),  # who may look: channel account and sender, or a colleague's account
    Column("role", String(24), nullable=False),  # enterprise | government | financial_institution | service_platform
    Column("purpose", String(32), nullable=False),
    Column("consent", String(80)),  # the consent or authorisation it rests on; a company needs none for its own record
    Column("granted_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    CheckConstraint("role = 'enterprise' OR consent IS NOT NULL", name="ck_grants_consent"),
    Index("ix_grants_identity_uscc", "identity", "uscc"),
)

access_log = Table(
    "access_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("identity", String(200), nullable=False),
    Column("uscc", String(18), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("grant_id", Integer, ForeignKey("grants.id")),  # null: refused
    Index("ix_access_log_uscc_at", "uscc", "at"),
)

seeds = Table(
    "seeds",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("version", Integer, nullable=False),
)

_views = MetaData()

visible_companies = Table(
    "visible_companies",
    _views,
    Column("look", Integer),
    Column("role", String(24)),
    *(
        Column(name, companies.c[name].type)
        for name in ("uscc", "name_zh", "name_en", "park", "stage", "stage_method", "stage_as_of", "sample")
    ),
)

visible_flags = Table(
    "visible_flags",
    _views,
    Column("look", Integer),
    Column("dishonest", Boolean),
    Column("abnormal", Boolean),
    Column("flags_as_of", Date),
)

visible_reports = Table(
    "visible_reports",
    _views,
    Column("look", Integer),
    *(
        Column(name, reports.c[name].type)
        for name in ("number", "grade", "issued", "valid_until", "issuer_zh", "issuer_en")
    ),
)

visible_indicators = Table(
    "visible_indicators",
    _views,
    Column("look", Integer),
    *(Column(name, indicators.c[name].type) for name in ("indicator", "value", "as_of")),
)
