from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from bot import without_tensorflow

without_tensorflow.install()

from rasa.shared.nlu.training_data.message import Message

from bot.conversations.turn import Turn, current_turn
from bot.databases import Databases
from bot.settings import SHANGHAI
from knowledge.live import LiveKnowledge

Entities = Callable[[Message], dict[str, list[Any]]]


@pytest.fixture
def turn(live_knowledge: LiveKnowledge, seeded: Databases) -> Iterator[Turn]:
    """The turn being taken, on Sunday 2026-11-22, with all sample listings."""
    now = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)
    taken = Turn("lane", 1, "test", now, live_knowledge.current, seeded, show_samples=True)
    token = current_turn.set(taken)
    yield taken
    current_turn.reset(token)
