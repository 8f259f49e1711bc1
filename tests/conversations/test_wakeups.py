from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator
from statistics import median

import pytest

from bot.conversations.redis_wakeups import RedisWakeups
from bot.conversations.wakeups import LocalWakeups, Wakeups
from tests.servers import RedisServer


async def waiting_for(wakeups: Wakeups, topic: str, timeout: float = 5) -> asyncio.Task[bool]:
    task = asyncio.ensure_future(wakeups.wait(topic, timeout))
    await asyncio.sleep(0.01)
    return task


async def test_who_waits_for_a_topic_is_woken() -> None:
    wakeups = LocalWakeups()
    waiting = await waiting_for(wakeups, "lane:1")
    wakeups.notify("lane:1")
    assert await waiting


async def test_another_topic_wakes_nobody() -> None:
    wakeups = LocalWakeups()
    waiting = await waiting_for(wakeups, "lane:1", timeout=0.1)
    wakeups.notify("lane:2")
    assert not await waiting


async def test_another_thread_can_wake() -> None:
    wakeups = LocalWakeups()
    waiting = await waiting_for(wakeups, "lane:1")
    threading.Thread(target=wakeups.notify, args=("lane:1",)).start()
    assert await waiting


async def test_nobody_is_remembered_who_stopped_waiting() -> None:
    wakeups = LocalWakeups()
    await wakeups.wait("lane:1", 0.01)
    assert not wakeups._waiting


@pytest.fixture
async def pair(redis: RedisServer) -> AsyncIterator[tuple[RedisWakeups, RedisWakeups]]:
    """As two processes would have them."""
    one, other = RedisWakeups(redis.url), RedisWakeups(redis.url)
    for _ in range(100):
        waiting = await waiting_for(other, "ready", timeout=0.2)
        one.notify("ready")
        if await waiting:
            break
    yield one, other
    one.close()
    other.close()


async def test_redis_wakes_another_process_within_milliseconds(pair: tuple[RedisWakeups, RedisWakeups]) -> None:
    one, other = pair
    took = []
    for number in range(20):
        waiting = await waiting_for(other, f"lane:{number}")
        began = time.perf_counter()
        one.notify(f"lane:{number}")
        assert await waiting
        took.append(time.perf_counter() - began)
    assert median(took) < 0.05


async def test_a_redis_that_hangs_holds_nobody_up(pair: tuple[RedisWakeups, RedisWakeups], redis: RedisServer) -> None:
    one, _ = pair
    redis.signal(signal.SIGSTOP)
    began = time.perf_counter()
    for number in range(20_000):
        one.notify(f"lane:{number}")
    took = time.perf_counter() - began
    redis.signal(signal.SIGCONT)
    assert took < 2


async def test_without_redis_the_own_process_is_still_woken(
    pair: tuple[RedisWakeups, RedisWakeups], redis: RedisServer
) -> None:
    one, _ = pair
    redis.stop()
    waiting = await waiting_for(one, "lane:1")
    one.notify("lane:1")
    assert await waiting


async def test_when_redis_is_back_it_wakes_again(pair: tuple[RedisWakeups, RedisWakeups], redis: RedisServer) -> None:
    one, other = pair
    redis.stop()
    one.notify("lost")
    redis.start()
    for _ in range(100):
        waiting = await waiting_for(other, "lane:1", timeout=0.2)
        one.notify("lane:1")
        if await waiting:
            return
    raise AssertionError("never woken")
