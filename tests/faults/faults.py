"""What can happen to an assistant, each with how it begins and how it ends."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from redis import Redis

from bot.conversations.lease import LEASE
from tests.faults.processes import Process
from tests.faults.sites import Site

HOUR = 3600


def nothing(site: Site, dice: Random) -> None:
    """It has passed by itself."""


@dataclass(frozen=True)
class Fault:
    name: str
    begin: Callable[[Site, Random], None]
    end: Callable[[Site, Random], None] = nothing
    lasts: tuple[float, float] = (0.5, 2.0)  # seconds
    ends_turns: bool = False  # a turn may be cut off; twice in the same entry makes it a dead letter


def kill(processes: Callable[[Site], list[Process]]) -> Callable[[Site, Random], None]:
    def begin(site: Site, dice: Random) -> None:
        killed = dice.choice(processes(site))
        killed.kill()
        site.held.append(killed)

    return begin


def start_again(site: Site, dice: Random) -> None:
    site.held.pop().start()


def freeze(site: Site, dice: Random) -> None:
    frozen = dice.choice(site.house.workers)
    frozen.signal(signal.SIGSTOP)
    site.held.append(frozen)


def thaw(site: Site, dice: Random) -> None:
    site.held.pop().signal(signal.SIGCONT)


def switched(**faults: object) -> Callable[[Site, Random], None]:
    return lambda site, _: site.house.switch(**faults)


def move_clocks(site: Site, dice: Random) -> None:
    """Of all processes, or of some of them, forwards or back: whatever it is, it is moved the other way when it ends."""
    for process in dice.sample(site.house.processes, dice.randint(1, len(site.house.processes))):
        process.switch(clock=dice.choice((-HOUR, HOUR)))


def lock_file(site: Site, dice: Random) -> None:
    assert site.conversations.url.database
    holder = sqlite3.connect(site.conversations.url.database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    site.held.append(holder)


def unlock_file(site: Site, dice: Random) -> None:
    site.held.pop().close()


def fill_disk(site: Site, dice: Random) -> None:
    if site.disk.mounted:
        site.disk.fill()
    else:
        site.house.switch(full=True)


def empty_disk(site: Site, dice: Random) -> None:
    if site.disk.mounted:
        site.disk.empty()
    else:
        site.house.switch()


def postgresql(method: str, *arguments: object) -> Callable[[Site, Random], None]:
    return lambda site, _: getattr(site.postgresql, method)(*arguments)


def redis(method: str, *arguments: object) -> Callable[[Site, Random], None]:
    return lambda site, _: getattr(site.redis, method)(*arguments)


def empty_redis(site: Site, dice: Random) -> None:
    """All it holds, and everybody who listens to it."""
    assert site.redis
    with Redis.from_url(site.redis.url) as client:
        client.flushall()
        client.execute_command("CLIENT KILL TYPE pubsub")


BEYOND_LEASE = (LEASE.total_seconds() + 0.5, LEASE.total_seconds() + 1.5)

ON_SQLITE = (
    Fault("assistant killed", kill(lambda site: site.house.workers), start_again, (0.0, 0.5), ends_turns=True),
    Fault("assistant frozen beyond its lease", freeze, thaw, BEYOND_LEASE, ends_turns=True),
    Fault("database locked by another process", lock_file, unlock_file),
    Fault("database read-only", switched(read_only=True), switched()),
    Fault("connection pool exhausted", switched(pool=True), switched()),
    Fault("disk full", fill_disk, empty_disk),
    Fault("clock moved by an hour", move_clocks, switched(), ends_turns=True),
)
ON_POSTGRESQL = (
    Fault("worker killed", kill(lambda site: site.house.workers), start_again, (7.0, 8.0), ends_turns=True),
    Fault("gateway killed", kill(lambda site: site.house.gateways), start_again),
    Fault("worker frozen beyond its lease", freeze, thaw, BEYOND_LEASE, ends_turns=True),
    Fault("database gone", postgresql("stop"), postgresql("start")),
    Fault("database read-only", postgresql("forbid_writing", True), postgresql("forbid_writing", False)),
    Fault("connection pool exhausted", switched(pool=True), switched()),
    Fault("disk full", postgresql("fill_disk"), postgresql("empty_disk")),
    Fault("clock moved by an hour", move_clocks, switched(), ends_turns=True),
    Fault("Redis gone", redis("stop"), redis("start")),
    Fault("Redis emptied", empty_redis),
    Fault("Redis hung", redis("signal", signal.SIGSTOP), redis("signal", signal.SIGCONT)),
)
