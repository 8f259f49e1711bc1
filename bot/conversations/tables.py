"""The conversations database. A lane is one conversation; what happens to it are the entries of its mailbox."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.column_types import Instant

# A table of what lives for a moment or is used once says `info={"restored": False}`: a restore empties it.
metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)


def _lane(**options: Any) -> Column[Any]:
    return Column("lane_id", String(32), ForeignKey("lanes.id", ondelete="CASCADE"), nullable=False, **options)


def _entry(**options: Any) -> Column[Any]:
    return Column("entry_id", Integer, ForeignKey("mailbox.id", ondelete="CASCADE"), nullable=False, **options)


lanes = Table(
    "lanes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("account", String(128), nullable=False),
    Column("sender", String(128), nullable=False),
    Column("owner", String(16), nullable=False, server_default="bot"),  # bot | waiting | colleague | closed
    Column("arrivals", Integer, nullable=False, server_default="0"),  # entries accepted so far; gives each its position
    Column("due_at", Instant),  # when the lane next wants a worker; null: nothing waits
    Column("lease_holder", String(64)),
    Column("lease_until", Instant),
    Column("fence", Integer, nullable=False, server_default="0"),  # rises with every lease
    Column("memory", JSON),  # slots, active loop and pause as the last turn left them
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("channel", "account", "sender"),
    Index("ix_lanes_due_at", "due_at"),
)

mailbox = Table(
    "mailbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _lane(),
    Column("position", Integer, nullable=False),
    Column("kind", String(16), nullable=False),  # message | button
    Column("external_id", String(128), nullable=False),
    Column("text", Text, nullable=False),
    Column("payload", JSON),
    Column("state", String(16), nullable=False, server_default="waiting"),  # waiting | done | dead
    Column("starts", Integer, nullable=False, server_default="0"),  # turns begun
    Column(
        "failures", Integer, nullable=False, server_default="0"
    ),  # turns that ended in an error; starts beyond them were killed
    Column("error", Text),
    Column("accepted_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column(
        "fingerprint", String(64), nullable=False
    ),  # of what was said, so that the same id with another text is noticed
    UniqueConstraint("lane_id", "external_id"),
    UniqueConstraint("lane_id", "position"),
    Index("ix_mailbox_state_accepted_at", "state", "accepted_at"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _lane(),
    _entry(),
    Column("position", Integer, nullable=False),
    Column("payload", JSON, nullable=False),  # {text, buttons: [{title, payload}], language}
    Column("snapshot", Integer),  # number of the knowledge snapshot it was said from
    Column(
        "state", String(16), nullable=False, server_default="queued"
    ),  # queued | sending | sent | failed | unknown | withdrawn
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant, nullable=False),
    Column("sending_until", Instant),
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    UniqueConstraint("entry_id", "position"),
    Index("ix_outbox_lane_id_id", "lane_id", "id"),
    Index("ix_outbox_state_due_at", "state", "due_at"),
    sqlite_autoincrement=True,
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _lane(),
    _entry(),
    Column("position", Integer, nullable=False),
    Column("name", String(64), nullable=False),
    Column("timestamp", Float, nullable=False),
    Column("data", JSON, nullable=False),
    UniqueConstraint("entry_id", "position"),
    Index("ix_events_lane_id_id", "lane_id", "id"),
    sqlite_autoincrement=True,
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _lane(index=True),
    _entry(),
    Column("requested_at", Instant, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("packet", JSON, nullable=False),
    sqlite_autoincrement=True,
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("content_id", String(64), nullable=False, unique=True),
    Column("entries", Integer, nullable=False),
    Column("first_used_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

workers = Table(
    "workers",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("model", String(64), nullable=False),  # sha256 of the model file it holds
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    info={"restored": False},
)
