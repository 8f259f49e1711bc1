"""What became of the messages of a history, from what the database holds."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.conversations.tables import events, mailbox, outbox
from bot.databases import reading


@dataclass(frozen=True)
class Verdict:
    invoked: int
    acknowledged: int
    lost: int  # acknowledged, and not stored or not answered
    doubled: int  # answered more than once, or stored more than once
    disordered: int  # neighbours of a conversation that stand the other way round
    apologies: int  # told that it could not be answered
    slowest: float  # seconds from acceptance to the commit of the answer
    stalled: float  # seconds an entry was the first of its lane: the longest a conversation was not served

    @property
    def kept(self) -> bool:
        return self.lost == self.doubled == self.disordered == 0


def wait_until_answered(engine: Engine, patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with reading(engine) as session:
            if not session.execute(select(mailbox.c.id).where(mailbox.c.state == "waiting").limit(1)).first():
                return
        time.sleep(0.1)


def judge(engine: Engine, history: Path) -> Verdict:
    noted = [json.loads(line) for line in history.read_text().splitlines()]
    with reading(engine) as session:
        entries = session.execute(select(mailbox).order_by(mailbox.c.lane_id, mailbox.c.position)).all()
        heard = session.execute(select(events).order_by(events.c.id)).all()
        said = session.execute(select(outbox).order_by(outbox.c.id)).all()
    turns, answers = _of_entries(heard), _of_entries(said)
    by_id: dict[str, list[Any]] = defaultdict(list)
    for entry in entries:
        by_id[entry.external_id].append(entry)
    acknowledged = [note for note in noted if note["what"] == "acknowledged"]
    return Verdict(
        invoked=sum(note["what"] == "invoked" for note in noted),
        acknowledged=len(acknowledged),
        lost=sum(not _answered(by_id[note["id"]], answers) for note in acknowledged),
        doubled=sum(len(found) > 1 for found in by_id.values())
        + sum(len(answers[entry.id]) > 1 or len(turns[entry.id]) > 1 for entry in entries),
        disordered=_turned_round(acknowledged, by_id) + _overtaken(said) + _overtaken(heard),
        apologies=sum(entry.state == "dead" for entry in entries),
        slowest=max((_seconds(entry.accepted_at, entry) for entry in entries), default=0.0),
        stalled=max((_seconds(since, entry) for since, entry in _firsts(entries)), default=0.0),
    )


def _of_entries(rows: list[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.entry_id].append(row)
    return found


def _seconds(since: datetime, entry: Any) -> float:
    return float((entry.finished_at - since).total_seconds()) if entry.finished_at else 0.0


def _firsts(entries: list[Any]) -> Iterator[tuple[datetime, Any]]:
    """Each entry with the moment from which it was the first of its lane. `entries` are ordered by lane and position."""
    for before, entry in zip([None, *entries], entries, strict=False):
        follows = before is not None and before.lane_id == entry.lane_id and before.finished_at
        yield (max(before.finished_at, entry.accepted_at) if follows else entry.accepted_at), entry


def _answered(stored: list[Any], answers: dict[int, list[Any]]) -> bool:
    if not stored or stored[0].state == "waiting":
        return False
    right = {"done": f"{stored[0].text}!", "dead": "sorry"}[stored[0].state]
    return [reply.payload["text"] for reply in answers[stored[0].id]][:1] == [right]


def _turned_round(acknowledged: list[dict[str, str]], by_id: dict[str, list[Any]]) -> int:
    """A phone sends its next message when the last was acknowledged: that is the order of the mailbox."""
    positions: dict[str, list[int]] = defaultdict(list)
    for note in acknowledged:
        positions[note["phone"]] += [entry.position for entry in by_id[note["id"]]]
    return sum(later <= earlier for found in positions.values() for earlier, later in pairwise(found))


def _overtaken(rows: list[Any]) -> int:
    """Entries of a lane get their ids in the order of their positions, so their answers must, too."""
    lanes: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        lanes[row.lane_id].append(row.entry_id)
    return sum(later < earlier for found in lanes.values() for earlier, later in pairwise(found))
