from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot import without_tensorflow
from bot.conversations.turn import Turn
from bot.databases import Databases
from knowledge.live import LiveKnowledge
from tests.nlu.turns import a_turn, taking

without_tensorflow.install()


@pytest.fixture
def turn(live_knowledge: LiveKnowledge, seeded: Databases) -> Iterator[Turn]:
    """The turn being taken, with all sample listings."""
    with taking(a_turn(live_knowledge, seeded)) as taken:
        yield taken
