"""Who waits for news is woken at once; nothing depends on it, because everybody also looks now and then."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from typing import Protocol

MAILBOX = "mailbox"
OUTBOX = "outbox"


def lane_topic(lane_id: str) -> str:
    return f"lane:{lane_id}"


class Wakeups(Protocol):
    def notify(self, topic: str) -> None: ...

    async def wait(self, topic: str, timeout: float) -> bool:
        """True when woken, False after `timeout` seconds."""


class LocalWakeups:
    """Within one process, across its threads and event loops."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, set[asyncio.Future[bool]]] = defaultdict(set)

    def notify(self, topic: str) -> None:
        with self._lock:
            futures = self._waiting.pop(topic, set())
        for future in futures:
            try:
                future.get_loop().call_soon_threadsafe(_wake, future)
            except RuntimeError:  # its loop has ended
                continue

    def notify_all(self) -> None:
        with self._lock:
            topics = list(self._waiting)
        for topic in topics:
            self.notify(topic)

    async def wait(self, topic: str, timeout: float) -> bool:
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._waiting[topic].add(future)
        try:
            return await asyncio.wait_for(future, timeout)
        except asyncio.TimeoutError:
            return False
        finally:
            with self._lock:
                self._forget(topic, future)

    def _forget(self, topic: str, future: asyncio.Future[bool]) -> None:
        waiting = self._waiting.get(topic)
        if waiting is not None:
            waiting.discard(future)
            if not waiting:
                del self._waiting[topic]


def _wake(future: asyncio.Future[bool]) -> None:
    if not future.done():
        future.set_result(True)
