"""Stock Rasa against this assistant: the same machine, messages, database and load program, taking turns."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bench.assistant import Home, names_a_carrier, running
from bench.load import CONVERSATIONS, SEARCHES, Load
from bench.machine import folder_mb, memory_mb
from bench.measure import made, say
from bench.processes import free_port, poll, started
from bench.stock.environment import FOLDER, PROJECT, PYTHON, TELEMETRY_OFF, make_environment, train
from bot.settings import ROOT

ROUNDS = 3
SECONDS = 20.0
MODEL = "models/stock.tar.gz"


def measure(folder: Path) -> dict[str, Any]:
    make_environment()
    training = train()
    home = Home(folder)
    ours = made(home)
    with running(home) as (process, start), stock_running(home) as (stock_pids, stock_start):
        is_listed = names_a_carrier(home.services)
        assistant = Load(home.url, is_listed, (process.pid,))
        stock = Load(stock_start.pop("url"), is_listed, tuple(stock_pids))
        before = memory_mb(process.pid), memory_mb(*stock_pids)
        for number in range(ROUNDS):
            say(f"{CONVERSATIONS} conversations at once, round {number + 1} of {ROUNDS}")
            asyncio.run(assistant.run(SECONDS))
            asyncio.run(stock.run(SECONDS))
        after = memory_mb(process.pid), memory_mb(*stock_pids)
    return {
        "assistant": {**start, "training_s": ours["training_s"], **_figures(assistant, before[0], after[0])},
        "stock": {
            **stock_start,
            "training_s": training and round(training, 1),
            "training": "few epochs (bench/stock/config.yml); null: the model at hand was used",
            "environment_mb": folder_mb(FOLDER / "venv"),
            **_figures(stock, before[1], after[1]),
        },
        "ratio": {
            "action_turns_per_second": round(
                len(assistant.listed) / assistant.seconds / (len(stock.listed) / stock.seconds), 2
            ),
            "computing_per_turn": round(_computing(stock) / _computing(assistant), 2) if assistant.computing else None,
        },
    }


def _computing(load: Load) -> float:
    return load.computing / (len(load.listed) + load.other)


def _figures(load: Load, before: int | None, after: int | None) -> dict[str, Any]:
    return {f"conversations_{CONVERSATIONS}": load.figures(), "memory_mb": {"after_start": before, "after_load": after}}


@contextmanager
def stock_running(home: Home) -> Iterator[tuple[list[int], dict[str, Any]]]:
    """`rasa run` and its action server, once they have listed something."""
    say("starting stock Rasa")
    port, action_port = str(free_port()), str(free_port())
    environment = {**TELEMETRY_OFF, "ACTION_PORT": action_port, "SERVICES_DATABASE_URL": f"sqlite:///{home.services}"}
    actions = [str(PYTHON), "-m", "rasa_sdk", "--actions", "bench.stock.actions", "--port", action_port]
    rasa = [str(PYTHON), "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", port, "--model", MODEL]
    url = f"http://127.0.0.1:{port}"
    began = time.perf_counter()
    with started(actions, environment, ROOT) as action_server, started(rasa, environment, PROJECT) as server:
        seconds = _first_list(server, url, home.services, began)
        yield [server.pid, action_server.pid], {"url": url, "first_answer_s": round(seconds, 2)}


def _first_list(server: subprocess.Popen[bytes], url: str, services: Path, began: float) -> float:
    is_listed = names_a_carrier(services)
    said = {"sender": "first", "message": SEARCHES[0]}
    for waited in poll(server, began):
        try:
            replies = httpx.post(f"{url}/webhooks/rest/webhook", json=said, timeout=60, trust_env=False)
        except httpx.TransportError:
            continue
        if replies.status_code == 200 and is_listed(replies.json()):
            return waited
    raise AssertionError("poll ends by itself")
