"""The assistant as its users meet it: `python -m bot run`, on a folder and ports of its own."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx

from bench.load import Replies
from bench.processes import free_port, poll, started

TODAY = "2026-11-22"
QUESTION = "张江示范区有多少家世界500强？"


@dataclass(frozen=True)
class Home:
    """Where databases and models are kept while they are measured."""

    folder: Path
    port: int = field(default_factory=free_port)
    ops_port: int = field(default_factory=free_port)

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "STATE_FOLDER": str(self.folder / "var"),
            "MODELS_FOLDER": str(self.folder / "models"),
            "PORT": str(self.port),
            "OPS_PORT": str(self.ops_port),
            "FIXED_TODAY": TODAY,
            "LOG_LEVEL": "WARNING",
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def services(self) -> Path:
        return self.folder / "var" / "services.db"


@contextmanager
def running(home: Home) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, float]]]:
    """The process, once it has answered, and the seconds until it accepted and answered its first message."""
    began = time.perf_counter()
    with started([sys.executable, "-m", "bot", "run"], home.environment) as process:
        yield process, _first_answer(process, home.url, began)


def _first_answer(process: subprocess.Popen[bytes], url: str, began: float) -> dict[str, float]:
    with httpx.Client(base_url=url, timeout=10, trust_env=False) as client:
        for _ in poll(process, began):
            try:
                session = client.post("/chat/session").raise_for_status().json()
                break
            except httpx.TransportError:
                continue
        client.headers["Authorization"] = f"Bearer {session['token']}"
        client.post("/chat/messages", json={"id": str(uuid4()), "text": QUESTION}).raise_for_status()
        accepted = time.perf_counter() - began
        for waited in poll(process, began):
            said = client.get("/chat/history").raise_for_status().json()["messages"]
            if any(message["role"] == "assistant" for message in said):
                return {"first_message_accepted_s": round(accepted, 2), "first_answer_s": round(waited, 2)}
    raise AssertionError("poll ends by itself")


def names_a_carrier(services: Path) -> Callable[[Replies], bool]:
    """Whether replies name a carrier that the services database holds."""
    with sqlite3.connect(services) as database:
        rows = database.execute("SELECT name_zh, name_en FROM listings JOIN carriers USING (id)").fetchall()
    database.close()
    names = {name for row in rows for name in row}

    def is_listed(replies: Replies) -> bool:
        said = "\n".join(reply.get("text") or "" for reply in replies)
        return any(name in said for name in names)

    return is_listed


def rows_in(path: Path) -> int:
    """All rows of all tables of an SQLite file."""
    database = sqlite3.connect(path)
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found: int = sum(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables)  # noqa: S608
    database.close()
    return found
