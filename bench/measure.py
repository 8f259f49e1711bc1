"""The figures of the assistant, on a machine that does nothing else meanwhile."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.assistant import Home, names_a_carrier, rows_in, running
from bench.load import CONVERSATIONS, Load
from bench.machine import folder_mb, memory_mb
from bench.processes import python
from bot.settings import ROOT

SECONDS = 30.0


def measure(folder: Path) -> dict[str, Any]:
    home = Home(folder)
    return {
        "environment": environment_size(),
        **made(home),
        **turns(home),
        **served(home),
    }


def environment_size() -> dict[str, Any]:
    """The environment at hand only: of the lock that runs the assistant, or of the one that also tests it."""
    made_of = [path.name.removeprefix(".made-") for path in (ROOT / ".venv").glob(".made-*")]
    return {"lock": made_of[0] if made_of else "unknown", "mb": folder_mb(ROOT / ".venv")}


def made(home: Home) -> dict[str, Any]:
    say("training")
    training = python("-m", "bot", "train", environment=home.environment)
    say("loading the sample rows")
    python("-m", "bot", "migrate", environment=home.environment)
    loading = python("-m", "bot", "seed", environment=home.environment)
    again = python("-m", "bot", "seed", environment=home.environment)
    rows = sum(rows_in(home.folder / "var" / f"{name}.db") for name in ("services", "credit"))
    loaded = {"seconds": round(loading, 1), "of_which_starting_python_s": round(again, 1), "rows": rows}
    return {"training_s": round(training, 1), "sample_rows": loaded}


def turns(home: Home) -> dict[str, Any]:
    say("turns in one process")
    done = subprocess.run(
        [sys.executable, "-m", "bench", "turns"],
        cwd=ROOT, env={**os.environ, **home.environment}, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def served(home: Home) -> dict[str, Any]:
    say(f"start, and {CONVERSATIONS} conversations at once")
    with running(home) as (process, start):
        after_start = memory_mb(process.pid)
        load = Load(home.url, names_a_carrier(home.services), (process.pid,))
        asyncio.run(load.run(SECONDS))
        memory = {"after_start": after_start, "after_load": memory_mb(process.pid)}
    return {"start": start, f"conversations_{CONVERSATIONS}": load.figures(), "memory_mb": memory}


def say(what: str) -> None:
    print(f"{what} ...", file=sys.stderr, flush=True)
