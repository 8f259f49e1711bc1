"""A new model while people talk: its worker joins, the old one is told to end, and nobody waits or is turned away."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from bot.conversations.roster import models_held
from bot.conversations.tables import lanes
from bot.databases import reading
from bot.model import MODEL, RECORD, Record
from bot.settings import SHANGHAI
from tests.faults.checker import judge, wait_until_answered
from tests.faults.processes import Process
from tests.faults.sites import Postgresql, Site, grown
from tests.faults.stream import Stream

LONGEST_WAIT = 5.0  # seconds

pytestmark = pytest.mark.xdist_group("faults")


def model_in(folder: Path, content: bytes) -> tuple[Path, str]:
    """A folder as training leaves it, and what a worker that holds its model reports."""
    folder.mkdir()
    (folder / MODEL).write_bytes(content)
    record = Record(fingerprint="of its sources", sha256=sha256(content).hexdigest())
    (folder / RECORD).write_text(json.dumps(asdict(record)))
    return folder, record.sha256


def held(site: Site) -> set[str]:
    with reading(site.conversations) as session:
        return models_held(session, datetime.now(SHANGHAI))


async def until_held(site: Site, model: str) -> None:
    for _ in range(400):
        if model in held(site):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("no worker reports the model")


def leases_of(site: Site, worker: Process) -> list[Any]:
    with reading(site.conversations) as session:
        return session.execute(select(lanes).where(lanes.c.lease_holder == worker.order["name"])).all()


async def test_a_rolling_change_makes_no_message_wait_and_none_fail(
    tmp_path: Path, forks: subprocess.Popen[str], own_postgresql: Postgresql
) -> None:
    old_model, old = model_in(tmp_path / "old", b"the old model")
    new_model, new = model_in(tmp_path / "new", b"the new model")
    with grown(tmp_path, forks, own_postgresql, model=old_model) as site:
        stream = Stream([each.url for each in site.house.gateways], site.folder / "history.jsonl", Random(1))
        async with stream:
            await until_held(site, old)
            for number, leaving in enumerate(site.house.workers.copy()):
                joining = site.house.add("worker", f"new worker {number}", model=new_model)
                await until_held(site, new)
                await asyncio.sleep(0.5)
                leaving.signal(signal.SIGTERM)
                assert await asyncio.to_thread(leaving.exit_code) == 0
                assert leases_of(site, leaving) == []
                assert joining.exit_code(patience=0) is None
            await asyncio.sleep(0.5)
            assert held(site) == {new}
        await asyncio.to_thread(wait_until_answered, site.conversations)
        verdict = judge(site.conversations, stream.history)
    assert stream.surprises == []
    assert verdict.acknowledged > 50
    assert verdict.kept
    assert verdict.apologies == 0
    assert verdict.slowest < LONGEST_WAIT


async def test_a_model_with_a_changed_byte_is_refused_while_the_old_one_goes_on(
    tmp_path: Path, forks: subprocess.Popen[str], own_postgresql: Postgresql
) -> None:
    old_model, old = model_in(tmp_path / "old", b"the old model")
    changed, _ = model_in(tmp_path / "changed", b"the new model")
    (changed / MODEL).write_bytes(b"the new mode1")
    with grown(tmp_path, forks, own_postgresql, model=old_model) as site:
        stream = Stream([each.url for each in site.house.gateways], site.folder / "history.jsonl", Random(1))
        async with stream:
            await until_held(site, old)
            refused = site.house.add("worker", "refused", model=changed)
            assert await asyncio.to_thread(refused.exit_code) == 1
            await asyncio.sleep(0.5)
        await asyncio.to_thread(wait_until_answered, site.conversations)
        assert held(site) == {old}
        assert judge(site.conversations, stream.history).kept
    assert "ModelNotTrustedError" in refused.switches.with_suffix(".log").read_text()


async def test_a_worker_that_is_told_to_end_finishes_its_turn_and_gives_its_leases_back(
    tmp_path: Path, forks: subprocess.Popen[str], own_postgresql: Postgresql
) -> None:
    """Its successor has the same name as in a restart, or another; in neither case does anybody wait for the end of a lease."""
    with grown(tmp_path, forks, own_postgresql) as site:
        stream = Stream([each.url for each in site.house.gateways], site.folder / "history.jsonl", Random(1))
        async with stream:
            for worker in site.house.workers * 2:
                await asyncio.sleep(0.5)
                worker.signal(signal.SIGTERM)
                assert await asyncio.to_thread(worker.exit_code) == 0
                worker.start()
        await asyncio.to_thread(wait_until_answered, site.conversations)
        verdict = judge(site.conversations, stream.history)
    assert verdict.kept
    assert verdict.slowest < LONGEST_WAIT
