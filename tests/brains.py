"""The real assistant for tests: trained once for all test processes, one brain and one knowledge per process."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from bot import without_tensorflow
from bot.conversations.mailbox import accept
from bot.conversations.tables import mailbox, outbox
from bot.conversations.wakeups import LocalWakeups
from bot.conversations.worker import Worker
from bot.databases import Databases, reading, writing
from bot.settings import Settings
from tests.houses import Clock
from tests.servers import fresh_sqlite

if TYPE_CHECKING:
    from bot.conversations.serving import RasaBrain
    from knowledge.live import LiveKnowledge


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """The folder of the trained model; the first test process trains when something changed, the others wait for it."""
    from bot.model import train

    folder = Settings().models_folder
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        train(folder, lambda *_: None)
    return folder


@pytest.fixture(scope="session")
def brain(trained_model: Path) -> RasaBrain:
    without_tensorflow.install()
    from bot.conversations.serving import load_brain
    from bot.model import trained_model as path_of

    return load_brain(path_of(trained_model))


@pytest.fixture(scope="session")
def live_knowledge() -> LiveKnowledge:
    from knowledge.encoder import load_encoder
    from knowledge.live import LiveKnowledge

    return LiveKnowledge(Settings().knowledge_folder, load_encoder())


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Migrated SQLite databases with all sample listings and companies."""
    from bot.preparing import load_samples

    folder = tmp_path_factory.mktemp("seeded")
    databases = fresh_sqlite(folder)
    load_samples(Settings(state_folder=folder))
    yield databases
    databases.dispose()


@dataclass
class Conversation:
    """Talks to the assistant as a user would, through mailbox and outbox."""

    worker: Worker
    sender: str
    buttons: list[tuple[str, tuple[int, int]]] = field(default_factory=list)  # of the last reply: (title, (outbox id, index))
    _ids: Iterator[int] = field(default_factory=count)

    def say(self, text: str) -> str:
        return self._turn(text, None)

    def press(self, title: str) -> str:
        return self._turn("", dict(self.buttons)[title])

    def _turn(self, text: str, button: tuple[int, int] | None) -> str:
        database = self.worker.databases.conversations
        with writing(database) as session:
            accepted = accept(
                session, channel="test", account="", sender=self.sender, external_id=str(next(self._ids)),
                text=text, button=button, now=self.worker.clock(),
            )  # fmt: skip
        asyncio.run(self.worker.serve_one())
        with reading(database) as session:
            entry = session.execute(select(mailbox).where(mailbox.c.id == accepted.entry_id)).one()
            replies = session.execute(
                select(outbox).where(outbox.c.entry_id == accepted.entry_id).order_by(outbox.c.position)
            ).all()
        assert entry.state == "done", f"{text}: {entry.error}"
        self.buttons = [
            (each["title"], (reply.id, index))
            for reply in replies
            for index, each in enumerate(reply.payload.get("buttons", []))
        ]
        self.payloads: list[dict[str, Any]] = [reply.payload for reply in replies]
        return "\n\n".join(reply.payload.get("text", "") for reply in replies)


@dataclass
class Assistant:
    worker: Worker
    _senders: Iterator[int] = field(default_factory=count)

    def conversation(self) -> Conversation:
        return Conversation(self.worker, f"visitor {next(self._senders)}")


@pytest.fixture(scope="session")
def assistant(brain: RasaBrain, live_knowledge: LiveKnowledge, seeded: Databases) -> Assistant:
    return Assistant(Worker("test", seeded, live_knowledge, brain, LocalWakeups(), Clock(), True))
