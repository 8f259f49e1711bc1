from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.conversations.turn import Turn, current_turn
from bot.databases import Databases
from bot.settings import SHANGHAI
from knowledge.live import LiveKnowledge


def a_turn(live_knowledge: LiveKnowledge, databases: Databases) -> Turn:
    """On Sunday 2026-11-22."""
    now = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)
    return Turn("lane", 1, "test", now, live_knowledge.current, databases, show_samples=True)


@contextmanager
def taking(turn: Turn) -> Iterator[Turn]:
    token = current_turn.set(turn)
    try:
        yield turn
    finally:
        current_turn.reset(token)
