"""What a restored database must forget before anybody serves from it: docs/decisions/0006-a-restore-says-nothing-twice.md.

Everything here happens in the transaction, or in the unseen file, that brings the rows back: there is no moment at which the
restored database could be served from unsettled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, inspect, text, update
from sqlalchemy.engine import Connection

from bot.conversations.tables import lanes, mailbox, outbox
from bot.credit.tables import grants
from bot.operating.portable import MODELS, sequences

JUMP = 1_000_000
"""More than any counter can have moved between the backup and the disaster."""


@dataclass
class Settled:
    replies: int = 0
    entries: int = 0
    grants: int = 0


def settle(name: str, connection: Connection, now: datetime, settled: Settled) -> None:
    if name == "conversations":
        _conversations(connection, now, settled)
    if name == "credit":
        # A consent that was taken back since the backup must not come back with it.
        ended = connection.execute(update(grants).where(grants.c.revoked_at.is_(None)).values(revoked_at=now))
        settled.grants += ended.rowcount
    _forget_the_moment(name, connection)
    _number_on(connection)


def _conversations(connection: Connection, now: datetime, settled: Settled) -> None:
    unsure = update(outbox).where(outbox.c.state.in_(["queued", "sending"]))
    settled.replies += connection.execute(unsure.values(state="unknown", sending_until=None, error="restored")).rowcount
    waiting = update(mailbox).where(mailbox.c.state == "waiting")
    settled.entries += connection.execute(waiting.values(state="dead", finished_at=now, error="restored")).rowcount
    connection.execute(
        update(lanes).values(
            due_at=None,
            lease_holder=None,
            lease_until=None,
            fence=lanes.c.fence + JUMP,  # above that of any worker that froze before the disaster
            arrivals=lanes.c.arrivals + JUMP,  # beyond the cursor of any page that is still open
        )
    )


def _forget_the_moment(name: str, connection: Connection) -> None:
    """Tables of what lives for a moment or is used once, such as workers and one-time codes."""
    present = set(inspect(connection).get_table_names())
    for table in MODELS[name].tables.values():
        if table.info.get("restored", True) is False and table.name in present:
            connection.execute(delete(table))


def _number_on(connection: Connection) -> None:
    """A number given out since the backup is never given to something else: pages, platforms and buttons know replies by it."""
    if connection.dialect.name == "postgresql":
        for _, _, sequence in sequences(connection):
            connection.execute(text(f"SELECT setval('{sequence}', last_value + {JUMP}) FROM {sequence}"))  # noqa: S608
        return
    if not inspect(connection).has_table("sqlite_sequence"):
        return
    numbered = connection.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
    ).scalars()
    for table in numbered.all():
        connection.execute(
            text(
                "INSERT INTO sqlite_sequence (name, seq) SELECT :table, 0 "
                "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = :table)"
            ),
            {"table": table},
        )
    connection.execute(text(f"UPDATE sqlite_sequence SET seq = seq + {JUMP}"))  # noqa: S608
