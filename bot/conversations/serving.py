"""A worker with its model and its knowledge. Importing this module imports Rasa."""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent

from bot.conversations.rasa_agent import action_endpoint, answer, load_agent
from bot.conversations.turn import Turn
from bot.conversations.wakeups import Wakeups
from bot.conversations.worker import Worker
from bot.databases import Databases
from bot.model import trained_model
from bot.nlu.language import language_of
from bot.phrases import Phrases
from bot.settings import ROOT, Settings
from knowledge.encoder import load_encoder
from knowledge.live import LiveKnowledge


class RasaBrain:
    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.words = agent.domain.as_dict()

    async def answer(self, turn: Turn, kind: str, text: str, payload: dict[str, Any] | None) -> None:
        await answer(self.agent, turn, kind, text, payload)

    def apologise(self, turn: Turn, text: str) -> None:
        language = language_of(text) or (turn.memory or {}).get("slots", {}).get("language") or "zh"
        turn.events.clear()
        turn.rows.clear()
        turn.replies = [{"text": Phrases(self.words, language)("utter_apology"), "language": language}]


def make_worker(settings: Settings, databases: Databases, wakeups: Wakeups, name: str) -> tuple[Worker, LiveKnowledge]:
    knowledge = LiveKnowledge(settings.knowledge_folder, load_encoder())
    agent = load_agent(trained_model(settings.models_folder), action_endpoint(ROOT / "endpoints.yml"))
    return worker_of(settings, databases, wakeups, name, knowledge=knowledge, brain=RasaBrain(agent)), knowledge


def worker_of(
    settings: Settings, databases: Databases, wakeups: Wakeups, name: str, *, knowledge: LiveKnowledge, brain: RasaBrain
) -> Worker:
    return Worker(name, databases, knowledge, brain, wakeups, settings.now, settings.show_samples)
