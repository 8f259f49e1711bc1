"""kill -9 at random moments under a steady stream of messages. `KILLS` kills (20 unless set), seed in `SEED`."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from bot.conversations.tables import events, mailbox, outbox
from bot.databases import Databases, reading
from bot.settings import ROOT
from tests.servers import free_port

KILLS = int(os.environ.get("KILLS", "20"))
SEED = int(os.environ.get("SEED", "1"))
CONVERSATIONS = 6
QUESTIONS = (
    "示范区有多少家世界500强？", "what is the innovation fund", "找杨浦的众创空间", "转人工", "你好", "more", "贷款",
    "incubators in Songjiang", "/restart", "今天天气怎么样", "谢谢", "how many makerspaces are there",
)  # fmt: skip


@dataclass
class Assistant:
    """The embedded assistant, forked from a process that has everything loaded."""

    zygote: subprocess.Popen[str]
    port: int
    ops_port: int
    pid: int = 0

    def start(self) -> None:
        assert self.zygote.stdin
        assert self.zygote.stdout
        self.zygote.stdin.write(f"start {self.port} {self.ops_port}\n")
        self.zygote.stdin.flush()
        self.pid = int(self.zygote.stdout.readline())

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)


@pytest.fixture
def assistant(trained_model: Path, databases: Databases, tmp_path: Path) -> Iterator[Assistant]:
    addresses = {
        f"{name.upper()}_DATABASE_URL": engine.url.render_as_string(hide_password=False)
        for name, engine in vars(databases).items()
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.conversations.zygote", str(trained_model), str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, **addresses, "OMP_NUM_THREADS": "1"},
    ) as zygote:  # fmt: skip
        assert zygote.stdout
        assert any(line.strip() == "ready" for line in zygote.stdout)
        started = Assistant(zygote, free_port(), free_port())
        yield started
        if started.pid:
            started.kill()
        zygote.kill()


@dataclass
class Stream:
    """Sends messages as a phone does: one after the other per conversation, again with the same id until accepted."""

    url: str
    dice: random.Random
    accepted: list[tuple[str, str]] = field(default_factory=list)  # (sender, message id), in the order of sending
    stopped: bool = False

    async def talk(self, client: httpx.AsyncClient, sender: str) -> None:
        token = (await self._until(client, 201, "/chat/session", {}, {}))["token"]
        while not self.stopped:
            message = {"id": str(uuid4()), "text": self.dice.choice(QUESTIONS)}
            await self._until(client, 202, "/chat/messages", message, {"Authorization": f"Bearer {token}"})
            self.accepted.append((sender, message["id"]))
            await asyncio.sleep(self.dice.uniform(0.1, 0.6))

    async def _until(
        self, client: httpx.AsyncClient, status: int, path: str, body: dict[str, str], headers: dict[str, str]
    ) -> dict[str, str]:
        while True:
            try:
                response = await client.post(f"{self.url}{path}", json=body, headers=headers)
            except httpx.TransportError:  # killed before it answered: accepted or not, the same id is sent again
                await asyncio.sleep(0.05)
                continue
            if response.status_code == 429:  # six phones behind one address; they wait as they are asked to
                await asyncio.sleep(float(response.headers["retry-after"]))
                continue
            assert response.status_code == status, response.text
            return dict(response.json())


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=60) as opened:
        yield opened


@pytest.mark.xdist_group("kill")
async def test_every_accepted_message_is_answered_once_and_in_order_whatever_is_killed(
    assistant: Assistant, client: httpx.AsyncClient, databases: Databases
) -> None:
    dice = random.Random(SEED)
    stream = Stream(f"http://127.0.0.1:{assistant.port}", dice)
    assistant.start()
    talking = [asyncio.ensure_future(stream.talk(client, f"phone-{number}")) for number in range(CONVERSATIONS)]
    for _ in range(KILLS):
        await asyncio.sleep(dice.uniform(0.3, 2.0))
        assistant.kill()
        assistant.start()
    await asyncio.sleep(1)
    stream.stopped = True
    await asyncio.gather(*talking)
    await everything_answered(databases)
    found = count(databases, stream.accepted)
    print(f"\nkills {KILLS}, seed {SEED}, accepted {len(stream.accepted)}, dead letters {dead(databases)}, {found}")
    assert len(stream.accepted) > 3 * KILLS
    assert found == {"lost": 0, "doubled": 0, "disordered": 0}


async def everything_answered(databases: Databases, patience: float = 120) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with reading(databases.conversations) as session:
            if not session.execute(select(mailbox.c.id).where(mailbox.c.state == "waiting").limit(1)).first():
                return
        await asyncio.sleep(0.2)


def count(databases: Databases, accepted: list[tuple[str, str]]) -> dict[str, int]:
    """What went wrong with the accepted messages, from what the database holds."""
    with reading(databases.conversations) as session:
        entries = {row.external_id: row for row in session.execute(select(mailbox))}
        turns = dict(
            session.execute(
                select(events.c.entry_id, func.count()).where(events.c.name == "user").group_by(events.c.entry_id)
            ).all()
        )
        replies = session.execute(select(outbox).order_by(outbox.c.id)).all()
    answers = Counter(reply.entry_id for reply in replies)
    lost = doubled = 0
    for _, message_id in accepted:
        entry = entries.get(message_id)
        if entry is None or entry.state == "waiting" or not answers[entry.id]:
            lost += 1
        elif entry.state == "done" and turns.get(entry.id, 0) != 1:
            doubled += 1
    positions = [
        [reply.position for reply in of_entry] for _, of_entry in groupby(replies, lambda reply: reply.entry_id)
    ]
    doubled += sum(found != list(range(len(found))) for found in positions)
    return {"lost": lost, "doubled": doubled, "disordered": disordered(accepted, entries, replies)}


def dead(databases: Databases) -> int:
    """Entries whose worker was killed twice while it answered them: told so, once, in order."""
    with reading(databases.conversations) as session:
        return int(session.execute(select(func.count()).where(mailbox.c.state == "dead")).scalar_one())


def disordered(accepted: list[tuple[str, str]], entries: dict[str, object], replies: list[object]) -> int:
    """Neighbours that stand the other way round: as accepted against as sent, as answered against as accepted."""
    wrong = 0
    for sender in {sender for sender, _ in accepted}:
        sent = [entries[message_id].position for who, message_id in accepted if who == sender and message_id in entries]  # type: ignore[attr-defined]
        wrong += sum(later <= earlier for earlier, later in pairwise(sent))
    by_lane: dict[str, list[int]] = {}
    for reply in replies:
        by_lane.setdefault(reply.lane_id, []).append(reply.entry_id)  # type: ignore[attr-defined]
    for answered in by_lane.values():
        wrong += sum(later < earlier for earlier, later in pairwise(answered))
    return wrong
