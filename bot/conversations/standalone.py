"""What an action or an NLU component needs where no worker runs it: under `rasa shell`, `rasa test`, `rasa run actions`."""

from __future__ import annotations

from functools import lru_cache

from bot.conversations.turn import Turn
from bot.databases import Databases, connect
from bot.settings import Settings
from knowledge.encoder import load_encoder
from knowledge.live import LiveKnowledge


def standalone_turn() -> Turn:
    return nobodys_turn(*_process())


def nobodys_turn(settings: Settings, databases: Databases, knowledge: LiveKnowledge) -> Turn:
    """A turn nobody commits: what it would write is lost, what it reads is there."""
    return Turn(
        lane_id="nobody",
        entry_id=0,
        channel="none",
        now=settings.now(),
        snapshot=knowledge.current,
        databases=databases,
        show_samples=settings.show_samples,
    )


@lru_cache(maxsize=1)
def _process() -> tuple[Settings, Databases, LiveKnowledge]:
    settings = Settings()
    return settings, connect(settings.database_urls), LiveKnowledge(settings.knowledge_folder, load_encoder())
