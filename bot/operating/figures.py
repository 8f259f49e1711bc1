"""What the conversations database says about the whole assistant at this moment.

Every process answers the same, so these are read with max() and not added up. The queries use indexes and leave aside what is
finished: they cost the same whatever has been kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Table, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.conversations.roster import SILENT_AFTER
from bot.conversations.tables import lanes, mailbox, outbox, snapshots, workers
from bot.databases import Databases, reading, writing

LATELY = timedelta(days=1)
UNSENT = ("queued", "sending", "failed", "unknown")


def figures(databases: Databases, now: datetime) -> Iterator[Metric]:
    try:
        try_writing(databases)
        with reading(databases.conversations) as session:
            found = [*_mailbox(session, now), *_lanes(session, now), *_outbox(session, now), *_assistant(session, now)]
    except SQLAlchemyError:
        yield _gauge("assistant_database_writable", "Whether the conversations database takes a write", 0)
        return
    yield _gauge("assistant_database_writable", "Whether the conversations database takes a write", 1)
    yield from found


def try_writing(databases: Databases) -> None:
    """Raises SQLAlchemyError when no turn could be committed now."""
    with writing(databases.conversations) as session:
        session.execute(update(lanes).where(lanes.c.id == "").values(owner="bot"))


def oldest_waiting(session: Session, now: datetime) -> timedelta:
    """How long the entry has waited that waits longest."""
    accepted_at = session.execute(
        select(func.min(mailbox.c.accepted_at)).where(mailbox.c.state == "waiting")
    ).scalar_one()
    return now - accepted_at if accepted_at is not None else timedelta()


def _mailbox(session: Session, now: datetime) -> Iterator[Metric]:
    yield _by_state(
        session,
        mailbox,
        ("waiting", "dead"),
        "assistant_mailbox_entries",
        "Entries waiting for their turn, and dead letters",
    )
    yield _gauge(
        "assistant_mailbox_oldest_seconds",
        "How long the entry has waited that waits longest",
        oldest_waiting(session, now).total_seconds(),
    )


def _lanes(session: Session, now: datetime) -> Iterator[Metric]:
    due = session.execute(select(func.count()).select_from(lanes).where(lanes.c.due_at <= now)).scalar_one()
    yield _gauge("assistant_lanes_due", "Conversations that want a worker now", due)


def _outbox(session: Session, now: datetime) -> Iterator[Metric]:
    yield _by_state(session, outbox, UNSENT, "assistant_outbox_replies", "Replies that were not sent, or not surely")
    oldest = session.execute(
        select(lanes.c.channel, func.min(outbox.c.created_at))
        .join(lanes, lanes.c.id == outbox.c.lane_id)
        .where(outbox.c.state.in_(["queued", "sending"]), outbox.c.due_at > now - LATELY)
        .group_by(lanes.c.channel)
    ).all()
    waits = GaugeMetricFamily(
        "assistant_outbox_oldest_seconds", "How long the reply of this day waits that waits longest", labels=["channel"]
    )
    for channel, created_at in oldest:
        waits.add_metric([channel], (now - created_at).total_seconds())
    yield waits


def _assistant(session: Session, now: datetime) -> Iterator[Metric]:
    serving = GaugeMetricFamily(
        "assistant_workers", "Workers heard of lately, by the start of their model's hash", labels=["model"]
    )
    held = select(workers.c.model, func.count()).where(workers.c.seen_at > now - SILENT_AFTER).group_by(workers.c.model)
    for model, count in session.execute(held):
        serving.add_metric([model[:12]], count)
    yield serving
    newest = session.execute(
        select(snapshots.c.number, snapshots.c.first_used_at)
        .join(outbox, outbox.c.snapshot == snapshots.c.number)
        .order_by(outbox.c.id.desc())
        .limit(1)
    ).one_or_none()
    if newest is not None:
        yield _gauge(
            "assistant_knowledge_snapshot", "Number of the snapshot the newest reply was said from", newest.number
        )
        age = (now - newest.first_used_at).total_seconds()
        yield _gauge("assistant_knowledge_snapshot_age_seconds", "Since that snapshot was first used", age)


def _by_state(session: Session, table: Table, states: Sequence[str], name: str, told: str) -> Metric:
    query = (
        select(table.c.state, func.count().label("entries")).where(table.c.state.in_(states)).group_by(table.c.state)
    )
    counted = {row.state: row.entries for row in session.execute(query)}
    found = GaugeMetricFamily(name, told, labels=["state"])
    for state in states:
        found.add_metric([state], counted.get(state, 0))
    return found


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value)
