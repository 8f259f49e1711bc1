"""Wake-ups across processes. Redis holds nothing: what it loses or delays is found by the slow polls.

Redis is spoken to by two threads only, so that a Redis that hangs never holds up an event loop.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import structlog
from redis import Redis
from redis.exceptions import RedisError

from bot.conversations.wakeups import LocalWakeups
from bot.metrics import REDIS_FAILURES, WAKEUPS_DROPPED

CHANNEL = "assistant:wakeups"
TIMEOUT = 1.0  # seconds
MOST_WAITING = 10_000

log = structlog.get_logger(__name__)


class RedisWakeups:
    def __init__(self, url: str) -> None:
        self.local = LocalWakeups()
        self._closed = threading.Event()
        self._outgoing: queue.Queue[str] = queue.Queue(MOST_WAITING)
        self._client: Redis[str] = Redis.from_url(
            url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, decode_responses=True
        )
        for work in (self._publish, self._listen):
            threading.Thread(target=self._again_and_again, args=(work,), name=work.__name__, daemon=True).start()

    def notify(self, topic: str) -> None:
        self.local.notify(topic)
        try:
            self._outgoing.put_nowait(topic)
        except queue.Full:  # Redis is away for long: the others find it by looking
            WAKEUPS_DROPPED.inc()

    async def wait(self, topic: str, timeout: float) -> bool:
        return await self.local.wait(topic, timeout)

    def close(self) -> None:
        self._closed.set()

    def _again_and_again(self, work: Callable[[], None]) -> None:
        while not self._closed.is_set():
            try:
                work()
            except (RedisError, OSError) as error:
                REDIS_FAILURES.inc()
                log.warning("redis does not answer", runbook="redis-down", error=type(error).__name__)
                self._closed.wait(TIMEOUT)

    def _publish(self) -> None:
        while not self._closed.is_set():
            try:
                topics = {self._outgoing.get(timeout=TIMEOUT)}
            except queue.Empty:
                continue
            while not self._outgoing.empty() and len(topics) < 100:
                topics.add(self._outgoing.get_nowait())
            with self._client.pipeline(transaction=False) as pipeline:
                for topic in topics:
                    pipeline.publish(CHANNEL, topic)
                pipeline.execute()

    def _listen(self) -> None:
        with self._client.pubsub(ignore_subscribe_messages=True) as subscription:
            subscription.subscribe(CHANNEL)
            self.local.notify_all()  # what was said while nobody listened
            while not self._closed.is_set():
                message = subscription.get_message(timeout=TIMEOUT / 2)
                if message is not None:
                    self.local.notify(message["data"])
