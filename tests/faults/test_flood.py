"""Five times what the assistant can do, for FLOOD seconds (6 unless set): who asks now and then is answered as before."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import httpx
import psutil
import pytest
from sqlalchemy import select

from bot.conversations.tables import mailbox
from bot.databases import reading
from tests.faults.processes import UNLIMITED
from tests.faults.sites import Site, embedded

SECONDS = float(os.environ.get("FLOOD", "6"))
PEACE = 5.0  # seconds before it, in which every polite phone speaks
THOUGHT = 0.03  # seconds of a turn, as the trained assistant's
TIMES = 5
CAPACITY = 25  # turns a second, a little below what such turns allow
# Seconds within which 95 of 100 of the polite user's messages are answered; beside other tests on the same cores, ten times that.
PROMISE = 2.0 if "FLOOD" in os.environ else 20.0
GROWTH = 1.5  # of the memory

pytestmark = pytest.mark.xdist_group("faults")
DEFAULTS = {"limit_per_sender": "60/minute", "limit_per_address": "600/minute", "limit_of_sessions": "120/minute"}


@dataclass
class Crowd:
    """Phones of one address that send at a steady rate, whether or not they are answered."""

    site: Site
    address: str
    phones: int
    rate: float  # messages a second
    answers: dict[int, int] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)  # seconds to the acknowledgement, by message id
    failed: int = 0

    async def run(self, seconds: float) -> None:
        transport = httpx.AsyncHTTPTransport(local_address=self.address, limits=httpx.Limits(max_connections=100))
        url = self.site.house.gateways[0].url
        async with httpx.AsyncClient(base_url=url, transport=transport, timeout=20, trust_env=False) as client:
            tokens = [(await client.post("/chat/session")).json()["token"] for _ in range(self.phones)]
            began, sending = time.monotonic(), []
            for number in count():
                due = began + number / self.rate
                if due > began + seconds:
                    break
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                sending.append(asyncio.ensure_future(self._send(client, tokens[number % self.phones])))
            await asyncio.gather(*sending)

    async def _send(self, client: httpx.AsyncClient, token: str) -> None:
        message, began = {"id": str(uuid4()), "text": "hello"}, time.monotonic()
        try:
            answer = await client.post("/chat/messages", json=message, headers={"Authorization": f"Bearer {token}"})
        except httpx.TransportError:
            self.failed += 1
            return
        self.answers[answer.status_code] = self.answers.get(answer.status_code, 0) + 1
        if answer.status_code == 202:
            self.took[message["id"]] = time.monotonic() - began

    async def waited(self) -> list[float]:
        """Seconds from sending to the commit of the answer, of each message that was accepted."""
        for _ in range(300):
            with reading(self.site.conversations) as session:
                rows = session.execute(select(mailbox).where(mailbox.c.external_id.in_(list(self.took)))).all()
            if all(row.state == "done" for row in rows):
                break
            await asyncio.sleep(0.1)
        return [self.took[row.external_id] + (row.finished_at - row.accepted_at).total_seconds() for row in rows]


def memory(site: Site) -> int:
    return psutil.Process(site.house.gateways[0].pid).memory_info().rss


@pytest.mark.parametrize("limits", [DEFAULTS, UNLIMITED], ids=["one address", "as if from many addresses"])
async def test_a_flood_does_not_slow_a_polite_user(
    limits: dict[str, str], tmp_path: Path, forks: subprocess.Popen[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with embedded(tmp_path, forks, thought=THOUGHT, **limits) as site:
        polite = Crowd(site, "127.0.0.1", phones=10, rate=2)
        flood = Crowd(site, "127.0.0.2", phones=60, rate=TIMES * CAPACITY)
        talking = asyncio.ensure_future(polite.run(PEACE + SECONDS))
        await asyncio.sleep(PEACE)
        before = memory(site)
        await flood.run(SECONDS)
        grown = memory(site) / before
        await talking
        p95 = quantiles(await polite.waited(), n=20)[-1]
    with capsys.disabled():
        print(f"\npolite p95 {p95:.2f} s, flood {flood.answers} in {SECONDS:.0f} s, memory {grown:.2f} times")
    assert (polite.failed, set(polite.answers)) == (0, {202})
    assert limits == UNLIMITED or flood.answers[429] > 0
    assert p95 < PROMISE
    assert grown < GROWTH
