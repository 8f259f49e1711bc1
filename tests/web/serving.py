"""The gateway as people reach it, over real HTTP and SQLite, with a scripted assistant that works the real lanes.

python -m tests.web.serving FOLDER PORT serves it alone, with an assistant that repeats what it hears.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from bot.conversations.lease import claim_next, release_all
from bot.conversations.tables import metadata
from bot.conversations.turn import Claim, Turn, commit
from bot.conversations.wakeups import LocalWakeups, lane_topic
from bot.databases import connect, writing
from bot.settings import Settings
from connectors.gateway import application
from connectors.intake import Gateway

SECRET = "of the tests"
DAY = date(2026, 11, 22)


def open_gateway(folder: Path, **settings: Any) -> Gateway:
    names = ("conversations", "services", "credit")
    databases = connect({name: f"sqlite:///{folder}/{name}.db" for name in names})
    with databases.conversations.begin() as connection:
        metadata.create_all(connection)
    configured = Settings(_env_file=None, state_folder=folder, fixed_today=DAY, **settings)
    return Gateway(configured, SECRET, databases, LocalWakeups(), configured.now)


def reply(text: str, *titles: str, language: str = "zh") -> dict[str, Any]:
    """What an action says, as it stands in the outbox."""
    buttons = [{"title": title, "payload": f'/choose_entry{{"entry": "faq.{title}"}}'} for title in titles]
    return {"text": text, "buttons": buttons, "language": language}


@dataclass(frozen=True)
class Heard:
    claim: Claim
    turn: Turn


@dataclass(frozen=True)
class Assistant:
    gateway: Gateway

    def hears(self, patience: float = 20.0) -> Heard:
        """The entry that waits longest; until `says`, the page sees the assistant at work."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if (heard := self._next()) is not None:
                return heard
            time.sleep(0.02)
        raise AssertionError("nobody said anything")

    def says(self, heard: Heard, *replies: dict[str, Any]) -> None:
        heard.turn.replies.extend(replies)
        with writing(self.gateway.databases.conversations) as session:
            commit(session, heard.claim, heard.turn, None)
        self.gateway.wakeups.notify(lane_topic(heard.claim.lane_id))

    def answers(self, *replies: dict[str, Any]) -> Claim:
        """What was said, once it is answered."""
        heard = self.hears()
        self.says(heard, *replies)
        return heard.claim

    def _next(self) -> Heard | None:
        now = self.gateway.clock()
        with writing(self.gateway.databases.conversations) as session:
            head = claim_next(session, "tests", now)
        if head is None:
            return None
        claim = head.claim
        knowledge: Any = None  # what is said here needs none
        return Heard(
            claim, Turn(claim.lane_id, claim.entry_id, claim.channel, now, knowledge, self.gateway.databases, True)
        )


@contextmanager
def serving(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """The address of `app` while it is served by a thread."""
    listener = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(app, log_level="critical", lifespan="off", ws="none", timeout_graceful_shutdown=0)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
        listener.close()


def repeat_for_ever(gateway: Gateway) -> None:
    assistant = Assistant(gateway)
    with writing(gateway.databases.conversations) as session:
        release_all(session, "tests")  # as a worker does for its earlier life
    while True:
        heard = assistant.hears(patience=3600)
        assistant.says(heard, reply(f"“{heard.claim.text}”"))


if __name__ == "__main__":
    alone = open_gateway(Path(sys.argv[1]))
    threading.Thread(target=repeat_for_ever, args=(alone,), daemon=True).start()
    uvicorn.run(application(alone), port=int(sys.argv[2]), log_level="error", lifespan="off", ws="none")
