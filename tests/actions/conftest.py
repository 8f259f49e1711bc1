from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from sqlalchemy.engine import Engine

from bot.conversations.turn import Turn, current_turn
from bot.databases import Databases
from bot.settings import ROOT, SHANGHAI
from knowledge.encoder import HashedNgrams
from knowledge.folder import read_folder
from knowledge.snapshot import Snapshot, build_from
from tests.services.conftest import seeded, template  # noqa: F401  the zone's listings, seeded once
from tests.words import domain


@pytest.fixture(scope="session")
def knowledge() -> Snapshot:
    """What the zone's staff wrote."""
    return build_from(read_folder(ROOT / "knowledge" / "content"), HashedNgrams())


@pytest.fixture(scope="session")
def executor() -> ActionExecutor:
    """As Rasa runs them: every action of the package, registered by its name."""
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


@dataclass
class Chat:
    """A conversation in which each turn runs one action. Slots are what the actions leave."""

    turn: Turn
    executor: ActionExecutor
    slots: dict[str, Any] = field(default_factory=lambda: {"language": "zh", "last_search": None, "failures": 0.0})
    events: list[dict[str, Any]] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)

    async def run(self, action: str, text: str = "", *, intent: str = "ask", finding: Any = None, **named: Any) -> str:
        """What is said: texts, or the name of a response."""
        entities = [{"entity": name, "value": value} for name, value in named.items()]
        message = {"text": text, "intent": {"name": intent}, "entities": entities, "finding": finding}
        self.events.append({"event": "user", "text": text, "parse_data": message})
        tracker = Tracker(self.turn.lane_id, dict(self.slots), message, self.events, False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        events = await self.executor.actions[action](dispatcher, tracker, domain())
        self.slots |= {event["name"]: event["value"] for event in events if event["event"] == "slot"}
        self.said = dispatcher.messages
        return "\n".join(each["text"] or each["response"] for each in self.said)

    @property
    def buttons(self) -> list[str]:
        return [button["payload"] for each in self.said for button in each["buttons"]]

    @property
    def titles(self) -> list[str]:
        return [button["title"] for each in self.said for button in each["buttons"]]


def found(band: str, *entries: str) -> dict[str, Any]:
    """`band`: as the search has it, or `likely`: an offer whose first entry probably is the right one."""
    hits = [{"entry_id": entry, "score": 1.0, "matched_text": ""} for entry in entries]
    return {
        "band": "offer" if band == "likely" else band,
        "confidence": {"answer": 0.9, "likely": 0.5}.get(band, 0.2),
        "hits": hits,
    }


@pytest.fixture
def chat(seeded: Engine, knowledge: Snapshot, executor: ActionExecutor) -> Iterator[Chat]:  # noqa: F811
    now = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)
    databases = Databases(conversations=seeded, services=seeded, credit=seeded)  # actions read listings only
    turn = Turn("lane", 1, "web", now, knowledge, databases, show_samples=True)
    token = current_turn.set(turn)
    yield Chat(turn, executor)
    current_turn.reset(token)


@pytest.fixture
def english(chat: Chat) -> Chat:
    chat.slots["language"] = "en"
    return chat
