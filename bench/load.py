"""Conversations held at once over Rasa's REST channel, the same program for every assistant that speaks it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

from bench.machine import computed, ms, spread

CONVERSATIONS = 32
TURNS_EACH = 10  # then somebody else comes
SEARCHES = (
    "杨浦区有什么众创空间", "我想找孵化器", "makerspaces in Xuhui District", "徐汇区的孵化器有哪些", "推荐几个众创空间",
    "any accelerators in Minhang District", "闵行区有加速器吗", "incubators in Pudong", "嘉定区的众创空间", "which makerspaces are there",
)  # fmt: skip

Replies = list[dict[str, Any]]


@dataclass
class Load:
    url: str
    is_listed: Callable[[Replies], bool]
    pids: tuple[int, ...]  # of the processes that answer
    listed: list[float] = field(default_factory=list)  # seconds of each turn that listed something
    other: int = 0  # turns answered with something else
    failed: int = 0
    seconds: float = 0.0
    computing: float = 0.0  # seconds

    async def run(self, seconds: float) -> None:
        """Adds `seconds` of load to what was measured before, after a warm-up of one turn for each conversation."""
        limits = httpx.Limits(max_connections=CONVERSATIONS)
        async with httpx.AsyncClient(timeout=120, limits=limits, trust_env=False) as client:
            await asyncio.gather(
                *(self._say(client, uuid4().hex, SEARCHES[n % len(SEARCHES)]) for n in range(CONVERSATIONS))
            )
            began, computed_before = time.perf_counter(), computed(*self.pids)
            await asyncio.gather(*(self._talk(client, number, began + seconds) for number in range(CONVERSATIONS)))
            self.seconds += time.perf_counter() - began
            self.computing += computed(*self.pids) - computed_before

    async def _talk(self, client: httpx.AsyncClient, number: int, until: float) -> None:
        for turn in count():
            if turn % TURNS_EACH == 0:
                sender = uuid4().hex
            if time.perf_counter() >= until:
                return
            sent = time.perf_counter()
            replies = await self._say(client, sender, SEARCHES[(number + turn) % len(SEARCHES)])
            if replies is None:
                self.failed += 1
            elif self.is_listed(replies):
                self.listed.append(time.perf_counter() - sent)
            else:
                self.other += 1

    async def _say(self, client: httpx.AsyncClient, sender: str, text: str) -> Replies | None:
        response = await client.post(f"{self.url}/webhooks/rest/webhook", json={"sender": sender, "message": text})
        return response.json() if response.status_code == 200 else None

    def figures(self) -> dict[str, object]:
        return {
            "action_turns": len(self.listed),
            "answered_otherwise": self.other,
            "failed": self.failed,
            "action_turns_per_second": round(len(self.listed) / self.seconds, 1),
            **spread(self.listed),
            "computing_ms_per_turn": ms(self.computing / (len(self.listed) + self.other)),
        }
