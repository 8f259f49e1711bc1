"""Companies and their reports, our grants and the log, and the views through which alone records are read."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

EXACT = sa.Numeric(18, 2).with_variant(sa.BigInteger(), "sqlite")
INSTANT = sa.DateTime(timezone=True)

VIEWS = {
    # A look counts while its grant was live at its moment and has not been taken back since.
    "live_looks": """
        SELECT access_log.id AS look, access_log.uscc AS uscc, grants.role AS role
        FROM access_log JOIN grants ON grants.id = access_log.grant_id
        WHERE grants.uscc = access_log.uscc
          AND grants.identity = access_log.identity
          AND grants.purpose = access_log.purpose
          AND grants.granted_at <= access_log.at
          AND grants.expires_at > access_log.at
          AND grants.revoked_at IS NULL
    """,
    "visible_companies": """
        SELECT look, role, companies.uscc AS uscc, name_zh, name_en, park, stage, stage_method, stage_as_of, sample
        FROM live_looks JOIN companies ON companies.uscc = live_looks.uscc
    """,
    # A service platform sees stage and park only.
    "visible_flags": """
        SELECT look, dishonest, abnormal, flags_as_of
        FROM live_looks JOIN companies ON companies.uscc = live_looks.uscc WHERE role <> 'service_platform'
    """,
    "visible_reports": """
        SELECT look, number, grade, issued, valid_until, issuer_zh, issuer_en
        FROM live_looks JOIN reports ON reports.uscc = live_looks.uscc WHERE role <> 'service_platform'
    """,
    "visible_indicators": """
        SELECT look, indicator, value, as_of
        FROM live_looks JOIN indicators ON indicators.uscc = live_looks.uscc WHERE role <> 'service_platform'
    """,
}


def upgrade() -> None:
    _companies()
    _grants()
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")
    op.create_table(
        "seeds",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
    )


def _company(**options: bool) -> Any:
    return sa.Column("uscc", sa.String(18), sa.ForeignKey("companies.uscc", ondelete="CASCADE"), **options)


def _companies() -> None:
    op.create_table(
        "companies",
        sa.Column("uscc", sa.String(18), primary_key=True),
        sa.Column("name_zh", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("park", sa.String(80)),
        sa.Column("stage", sa.String(16)),
        sa.Column("stage_method", sa.String(32)),
        sa.Column("stage_as_of", sa.Date),
        sa.Column("dishonest", sa.Boolean),
        sa.Column("abnormal", sa.Boolean),
        sa.Column("flags_as_of", sa.Date),
        sa.Column("sample", sa.Boolean, nullable=False),
    )
    op.create_index("ix_companies_park", "companies", ["park"])
    op.create_table(
        "reports",
        sa.Column("number", sa.String(32), primary_key=True),
        _company(nullable=False),
        sa.Column("grade", sa.String(4), nullable=False),
        sa.Column("issued", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("issuer_zh", sa.String(200), nullable=False),
        sa.Column("issuer_en", sa.String(200), nullable=False),
    )
    op.create_index("ix_reports_uscc", "reports", ["uscc"])
    op.create_table(
        "indicators",
        _company(primary_key=True),
        sa.Column("indicator", sa.String(32), primary_key=True),
        sa.Column("value", EXACT, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
    )


def _grants() -> None:
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uscc", sa.String(18), nullable=False),
        sa.Column("identity", sa.String(200), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("consent", sa.String(80)),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.CheckConstraint("role = 'enterprise' OR consent IS NOT NULL", name="ck_grants_consent"),
    )
    op.create_index("ix_grants_identity_uscc", "grants", ["identity", "uscc"])
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("identity", sa.String(200), nullable=False),
        sa.Column("uscc", sa.String(18), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("grant_id", sa.Integer, sa.ForeignKey("grants.id")),
    )
    op.create_index("ix_access_log_uscc_at", "access_log", ["uscc", "at"])
