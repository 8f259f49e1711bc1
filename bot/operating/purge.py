"""What is older than its days is deleted, a little at a time, so that no turn waits for it.

Old rows are looked for while reading, which holds nobody up, and deleted in transactions of a few rows with a rest after each. A
conversation that a person has or waits for is left as it is.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, and_, delete, exists, null, or_, select, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.conversations.tables import events, handoffs, lanes, mailbox, outbox
from bot.credit.tables import access_log, grants
from bot.databases import Databases, reading, writing
from bot.settings import Settings

CHUNK = 200
FINISHED = ("done", "dead")
NOBODYS = ("bot", "closed")


@dataclass(frozen=True)
class Keep:
    messages: timedelta
    events: timedelta
    handoffs: timedelta
    audit: timedelta


def keep_of(settings: Settings) -> Keep:
    return Keep(
        messages=timedelta(days=settings.keep_messages_days),
        events=timedelta(days=settings.keep_events_days),
        handoffs=timedelta(days=settings.keep_handoffs_days),
        audit=timedelta(days=settings.keep_audit_days),
    )


@dataclass
class Purge:
    databases: Databases
    keep: Keep
    now: datetime
    rest: Callable[[float], None] = time.sleep  # between two transactions, for as long as the last one took
    purged: Counter[str] = field(default_factory=Counter)

    def run(self) -> Counter[str]:
        """Rows by table."""
        self._events()
        self._handoffs()
        self._messages()
        self._unreferenced(mailbox, _old(self.now - self.keep.messages), mailbox.c.text == "")
        self._unreferenced(
            lanes, lanes.c.created_at < self.now - self.keep.messages, lanes.c.due_at.is_(None), _nobodys()
        )
        self._audit()
        for engine in (self.databases.conversations, self.databases.credit):
            _overwrite(engine)
        return +self.purged

    def _events(self) -> None:
        """Whole turns. What a conversation remembered goes with its last event: without one Rasa begins anew."""
        has_events = exists().where(events.c.entry_id == mailbox.c.id)
        query = _finished(self.now - self.keep.events, has_events)
        for chunk in self._chunks(self.databases.conversations, query):
            with self._transaction(self.databases.conversations) as session:
                self._delete(session, events, events.c.entry_id.in_(chunk))
                of_these = select(mailbox.c.lane_id).where(mailbox.c.id.in_(chunk))
                locked = _lock(session, lanes, lanes.c.id.in_(of_these))
                nothing_left = ~exists().where(events.c.lane_id == lanes.c.id)
                session.execute(update(lanes).where(lanes.c.id.in_(locked), nothing_left).values(memory=null()))

    def _handoffs(self) -> None:
        query = (
            select(handoffs.c.id)
            .join(lanes, lanes.c.id == handoffs.c.lane_id)
            .where(handoffs.c.requested_at < self.now - self.keep.handoffs, _nobodys())
        )
        self._in_chunks(self.databases.conversations, handoffs, query)

    def _messages(self) -> None:
        """The words go at once; the entry stays, empty, as long as something refers to it."""
        has_replies = exists().where(outbox.c.entry_id == mailbox.c.id)
        query = _finished(self.now - self.keep.messages, or_(mailbox.c.text != "", has_replies))
        empty = {"text": "", "payload": null(), "error": None, "fingerprint": ""}
        for chunk in self._chunks(self.databases.conversations, query):
            with self._transaction(self.databases.conversations) as session:
                self._delete(session, outbox, outbox.c.entry_id.in_(chunk))
                emptied = session.execute(
                    update(mailbox).where(mailbox.c.id.in_(chunk), mailbox.c.text != "").values(empty)
                )
                self.purged["messages"] += emptied.rowcount  # type: ignore[attr-defined]

    def _audit(self) -> None:
        before = self.now - self.keep.audit
        self._in_chunks(self.databases.credit, access_log, select(access_log.c.id).where(access_log.c.at < before))
        looked = exists().where(access_log.c.grant_id == grants.c.id)
        ended = or_(grants.c.expires_at < before, grants.c.revoked_at < before)
        self._in_chunks(self.databases.credit, grants, select(grants.c.id).where(ended, ~looked))

    def _unreferenced(self, table: Table, *conditions: Any) -> None:
        """Rows that no other row of any table refers to: to delete one that is would take those along."""
        free = and_(*(~exists().where(column == table.c.id) for column in _references(table)))
        for chunk in self._chunks(self.databases.conversations, select(table.c.id).where(free, *conditions)):
            with self._transaction(self.databases.conversations) as session:
                # Locked first, looked at again then: a message may have come in since.
                locked = _lock(session, table, table.c.id.in_(chunk))
                self._delete(session, table, table.c.id.in_(locked), free, *conditions)

    def _in_chunks(self, engine: Engine, table: Table, query: Any) -> None:
        for chunk in self._chunks(engine, query):
            with self._transaction(engine) as session:
                self._delete(session, table, table.c.id.in_(chunk))

    def _chunks(self, engine: Engine, query: Any) -> Iterator[Sequence[Any]]:
        with reading(engine) as session:
            found = session.execute(query).scalars().all()
        for start in range(0, len(found), CHUNK):
            yield found[start : start + CHUNK]

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Session]:
        began = time.perf_counter()
        with writing(engine) as session:
            if engine.dialect.name == "sqlite":
                session.execute(text("PRAGMA secure_delete = ON"))  # what is deleted is overwritten in the file
            yield session
        self.rest(time.perf_counter() - began)

    def _delete(self, session: Session, table: Table, *conditions: Any) -> None:
        deleted: Any = session.execute(delete(table).where(*conditions))
        self.purged[table.name] += deleted.rowcount


def _old(before: datetime) -> Any:
    return and_(mailbox.c.state.in_(FINISHED), mailbox.c.accepted_at < before)


def _nobodys() -> Any:
    """Conversations in which no person is asked for or talking."""
    return lanes.c.owner.in_(NOBODYS)


def _finished(before: datetime, *conditions: Any) -> Any:
    entries = select(mailbox.c.id).join(lanes, lanes.c.id == mailbox.c.lane_id)
    return entries.where(_old(before), _nobodys(), *conditions).order_by(mailbox.c.id)


def _lock(session: Session, table: Table, *conditions: Any) -> list[Any]:
    """Ids of the rows that nobody else holds; SQLite has one writer anyway."""
    query = select(table.c.id).where(*conditions).with_for_update(skip_locked=True)
    return list(session.execute(query).scalars())


def _references(table: Table) -> Iterable[Any]:
    """The columns of all tables that hold ids of this one."""
    for other in table.metadata.tables.values():
        for key in other.foreign_keys:
            if key.column.table is table:
                yield key.parent


def _overwrite(engine: Engine) -> None:
    """SQLite's log still has the old pages until it is emptied; PostgreSQL vacuums by itself."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)", ())
