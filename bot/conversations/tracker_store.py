"""Rasa's tracker on the lane's tables. It reads the newest events only and hands new ones to the turn, which commits them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, ConversationPaused, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations.tables import events
from bot.conversations.turn import Turn, current_turn
from bot.databases import reading

WINDOW = 60
"""Events read back: some six to twelve turns, more than any rule or form looks at. What slots and the active loop held before
stands in the lane's memory, so a turn costs the same however long the conversation is."""


class LaneTrackerStore(TrackerStore):
    """Works only inside a turn: without one, or when the database does not answer, it raises and nothing is said."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        turn = current_turn.get()
        with reading(turn.databases.conversations) as session:
            newest = newest_events(session, sender_id)
        if not newest:
            return None
        known = [*remembered(turn.memory or {}), *newest]
        tracker = DialogueStateTracker.from_events(sender_id, known, self.domain.slots, domain=self.domain)
        tracker.loaded_events = len(known)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        keep(current_turn.get(), tracker)


def keep(turn: Turn, tracker: DialogueStateTracker) -> None:
    """All events since the tracker was loaded become the turn's; saving twice is saving the newer state."""
    new = list(tracker.events)[getattr(tracker, "loaded_events", 0) :]
    turn.events = [event.as_dict() for event in new]
    turn.memory = {
        "slots": {name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value},
        "active_loop": tracker.active_loop_name,
        "paused": tracker.is_paused(),
    }


def newest_events(session: Session, lane_id: str) -> list[Event]:
    """At most WINDOW events, oldest first, beginning with a whole turn where one fits."""
    rows = session.execute(
        select(events.c.entry_id, events.c.data)
        .where(events.c.lane_id == lane_id)
        .order_by(events.c.id.desc())
        .limit(WINDOW + 1)
    ).all()
    if len(rows) > WINDOW:
        cut = rows.pop().entry_id
        whole = [row for row in rows if row.entry_id != cut]
        rows = whole or rows
    return [event for row in reversed(rows) for event in _event(row.data)]


def _event(data: dict[str, Any]) -> Iterator[Event]:
    event = Event.from_parameters(data)
    if event is not None:
        yield event


def remembered(memory: dict[str, Any]) -> Iterable[Event]:
    for name, value in memory.get("slots", {}).items():
        yield SlotSet(name, value)
    if memory.get("active_loop"):
        yield ActiveLoop(memory["active_loop"])
    if memory.get("paused"):
        yield ConversationPaused()
