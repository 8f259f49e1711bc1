"""A worker with its model and its knowledge. Importing this module imports Rasa."""

from __future__ import annotations

import asyncio
import os
import socket
from hashlib import sha256
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent

from bot.conversations.rasa_agent import action_endpoint, answer, load_agent
from bot.conversations.standalone import nobodys_turn
from bot.conversations.turn import Turn
from bot.conversations.wakeups import Wakeups
from bot.conversations.worker import Worker
from bot.databases import Databases
from bot.model import quietly, trained_model
from bot.nlu.language import language_of
from bot.phrases import Phrases
from bot.settings import ROOT, Settings
from knowledge.encoder import load_encoder
from knowledge.live import LiveKnowledge


class RasaBrain:
    def __init__(self, agent: Agent, model_id: str) -> None:
        self.agent = agent
        self.model_id = model_id
        self.words = agent.domain.as_dict()

    async def answer(self, turn: Turn, kind: str, text: str, payload: dict[str, Any] | None) -> None:
        await answer(self.agent, turn, kind, text, payload)

    def warm_up(self, turn: Turn) -> None:
        """What the first turn would make and all others use is made now: an entry whose turn is long is killed more often."""
        asyncio.run(self.answer(turn, "message", "你好 hello", None))

    def apologise(self, turn: Turn, text: str) -> None:
        language = language_of(text) or turn.language
        turn.replies = [{"text": Phrases(self.words, language)("utter_apology"), "language": language}]


def load_brain(model: Path) -> RasaBrain:
    """`model` as `trained_model` hands it out."""
    with quietly():
        agent = load_agent(model, action_endpoint(ROOT / "endpoints.yml"))
    return RasaBrain(agent, sha256(model.read_bytes()).hexdigest())


def make_worker(settings: Settings, databases: Databases, wakeups: Wakeups) -> tuple[Worker, LiveKnowledge]:
    knowledge = LiveKnowledge(settings.knowledge_folder, load_encoder())
    brain = load_brain(trained_model(settings.models_folder))
    brain.warm_up(nobodys_turn(settings, databases, knowledge))
    return worker_of(settings, databases, wakeups, knowledge, brain), knowledge


def worker_of(
    settings: Settings, databases: Databases, wakeups: Wakeups, knowledge: LiveKnowledge, brain: RasaBrain
) -> Worker:
    name = settings.worker_name or f"{socket.gethostname()}:{os.getpid()}"
    return Worker(name, databases, knowledge, brain, wakeups, settings.now, settings.show_samples)
