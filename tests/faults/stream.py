"""A steady stream of messages over HTTP, as phones send them, and the history of what was sent and what was acknowledged."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

COME_BACK_LATER = (429, 503)  # its mailbox is full, or nothing can be stored
PATIENCE = 4.0  # seconds a phone waits for an acknowledgement before it tries again, perhaps at another gateway
AGAIN = 0.1


@dataclass
class Stream:
    """One message after the other per conversation; the same id is sent again until it is acknowledged."""

    urls: Sequence[str]
    history: Path
    dice: random.Random
    conversations: int = 6
    pause: tuple[float, float] = (0.02, 0.25)
    surprises: list[str] = field(
        default_factory=list
    )  # answers that are neither an acknowledgement nor "come back later"
    acknowledged: Counter[str] = field(default_factory=Counter)
    stopped: bool = False

    @property
    def phones(self) -> list[str]:
        return [f"phone {number}" for number in range(self.conversations)]

    async def __aenter__(self) -> Stream:
        self.client = httpx.AsyncClient(timeout=PATIENCE, trust_env=False)
        self.talking = [asyncio.ensure_future(self._talk(phone)) for phone in self.phones]
        return self

    async def __aexit__(self, failed: object, *_: object) -> None:
        self.stopped = True
        if failed:
            for talking in self.talking:
                talking.cancel()
        await asyncio.gather(*self.talking, return_exceptions=bool(failed))
        await self.client.aclose()

    async def _talk(self, phone: str) -> None:
        token = (await self._until(201, "/chat/session", {}, {}))["token"]
        while not self.stopped:
            message = {"id": str(uuid4()), "text": f"{phone}: {self.dice.random()}"}
            self._note("invoked", phone, message)
            await self._until(202, "/chat/messages", message, {"Authorization": f"Bearer {token}"})
            self._note("acknowledged", phone, message)
            self.acknowledged[phone] += 1
            await asyncio.sleep(self.dice.uniform(*self.pause))

    async def _until(self, status: int, path: str, body: dict[str, str], headers: dict[str, str]) -> dict[str, Any]:
        while True:
            try:
                answer = await self.client.post(f"{self.dice.choice(self.urls)}{path}", json=body, headers=headers)
            except httpx.TransportError:  # acknowledged or not: nobody knows
                await asyncio.sleep(AGAIN)
                continue
            if answer.status_code == status:
                return dict(answer.json())
            if answer.status_code not in COME_BACK_LATER or "retry-after" not in answer.headers:
                self.surprises.append(f"{answer.status_code} {answer.text[:200]}")
            await asyncio.sleep(AGAIN)

    def _note(self, what: str, phone: str, message: dict[str, str]) -> None:
        with self.history.open("a") as file:
            file.write(json.dumps({"what": what, "phone": phone, **message}) + "\n")
