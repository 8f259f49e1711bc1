"""One fault at a time, at random moments under a steady stream of messages, seeded: SEEDS times (once unless set), the first with SEED.

Nothing that was acknowledged may be lost, answered twice or answered out of order, whatever happened.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.faults.checker import Verdict, judge, wait_until_answered
from tests.faults.faults import ON_POSTGRESQL, ON_SQLITE, Fault
from tests.faults.sites import Postgresql, Site, embedded, grown
from tests.faults.stream import Stream

SEEDS = int(os.environ.get("SEEDS", "1"))
SEED = int(os.environ.get("SEED", "1"))
BEFORE = (0.3, 1.0)  # seconds of peace
AN_AGE = 600  # seconds: where clocks were moved, they say nothing
SERVED_AGAIN = 10.0  # seconds after a worker was killed

pytestmark = pytest.mark.xdist_group("faults")
Record = Any


@pytest.mark.parametrize("fault", ON_SQLITE, ids=lambda fault: fault.name)
async def test_on_sqlite_nothing_acknowledged_is_lost_doubled_or_disordered(
    fault: Fault, tmp_path: Path, forks: subprocess.Popen[str], record_property: Record
) -> None:
    with embedded(tmp_path, forks) as site:
        await endure(site, fault, record_property)


@pytest.mark.parametrize("fault", ON_POSTGRESQL, ids=lambda fault: fault.name)
async def test_on_postgresql_nothing_acknowledged_is_lost_doubled_or_disordered(
    fault: Fault, tmp_path: Path, forks: subprocess.Popen[str], own_postgresql: Postgresql, record_property: Record
) -> None:
    with grown(tmp_path, forks, own_postgresql) as site:
        verdict = await endure(site, fault, record_property)
    if fault.name == "worker killed":
        assert verdict.stalled < SERVED_AGAIN


async def endure(site: Site, fault: Fault, record_property: Record) -> Verdict:
    stream = Stream([each.url for each in site.house.gateways], site.folder / "history.jsonl", Random(SEED))
    async with stream:
        for seed in range(SEED, SEED + SEEDS):
            dice = Random(seed)
            await asyncio.sleep(dice.uniform(*BEFORE))
            await asyncio.to_thread(fault.begin, site, dice)
            await asyncio.sleep(dice.uniform(*fault.lasts))
            await asyncio.to_thread(fault.end, site, dice)
            await peace(stream)
    await asyncio.to_thread(wait_until_answered, site.conversations)
    verdict = judge(site.conversations, stream.history)
    row = {"fault": fault.name, "database": site.database, "times": SEEDS, **asdict(verdict)}
    durations = {name: f"{row[name]:.1f} s" if row[name] < AN_AGE else "-" for name in ("slowest", "stalled")}
    record_property("fault", row | durations)
    assert stream.surprises == []
    assert verdict.acknowledged > 5 * SEEDS
    assert verdict.kept, verdict
    assert fault.ends_turns or verdict.apologies == 0
    return verdict


async def peace(stream: Stream) -> None:
    """Until every phone has got something acknowledged again."""
    before, deadline = stream.acknowledged.copy(), time.monotonic() + 60
    while any(stream.acknowledged[phone] == before[phone] for phone in stream.phones):
        assert time.monotonic() < deadline, "a phone gets nothing acknowledged any more"
        await asyncio.sleep(0.05)
