"""Gateways and workers as processes of their own that can be started, killed, frozen and spoilt."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.settings import ROOT
from tests.servers import free_port

UNLIMITED = {"limit_per_sender": "", "limit_per_address": "", "limit_of_sessions": ""}


@dataclass
class Process:
    zygote: subprocess.Popen[str]
    order: dict[str, Any]
    pid: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.order['settings']['port']}"

    @property
    def switches(self) -> Path:
        return Path(self.order["switches"])

    def start(self) -> None:
        assert self.zygote.stdin
        assert self.zygote.stdout
        self.zygote.stdin.write(json.dumps(self.order) + "\n")
        self.zygote.stdin.flush()
        self.pid = int(self.zygote.stdout.readline())

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.signal(signal.SIGCONT)

    def switch(self, **faults: Any) -> None:
        draft = self.switches.with_suffix(".new")
        draft.write_text(json.dumps(faults))
        draft.replace(self.switches)

    def exit_code(self, patience: float = 20) -> int | None:
        """Once it has ended; None when it does not."""
        for _ in range(int(patience / 0.05)):
            with suppress(OSError, ValueError):
                return int(self.switches.with_suffix(".exit").read_text())
            time.sleep(0.05)
        return None


@dataclass
class House:
    """One assistant: the embedded process, or gateways and workers."""

    folder: Path
    urls: dict[str, str]  # of the databases
    redis_url: str
    zygote: subprocess.Popen[str]
    gateways: list[Process] = field(default_factory=list)
    workers: list[Process] = field(default_factory=list)

    def add(
        self, role: str, name: str, model: Path | None = None, thought: float | None = None, **settings: Any
    ) -> Process:
        common = {
            "state_folder": str(self.folder),
            "secret_key": "of the faults",
            "redis_url": self.redis_url,
            "port": free_port(),
            "ops_port": free_port(),
            **{f"{kind}_database_url": url for kind, url in self.urls.items()},
            **UNLIMITED,
            **settings,
        }
        order = {"role": role, "name": name, "switches": str(self.folder / f"{name}.json"), "settings": common}
        wishes = {"model": None if model is None else str(model), "thought": thought}
        process = Process(self.zygote, order | {wish: value for wish, value in wishes.items() if value is not None})
        process.start()
        if role != "worker":
            self.gateways.append(process)
        if role != "gateway":
            self.workers.append(process)
        return process

    @property
    def processes(self) -> list[Process]:
        return list({process.order["name"]: process for process in [*self.gateways, *self.workers]}.values())

    def switch(self, **faults: Any) -> None:
        for process in self.processes:
            process.switch(**faults)

    def wait_until_up(self) -> None:
        for process in self.gateways:
            for _ in range(600):
                with suppress(httpx.TransportError):
                    if httpx.get(f"{process.url}/livez", timeout=2, trust_env=False).status_code == 200:
                        break
                time.sleep(0.05)
            else:
                raise TimeoutError(process.switches.with_suffix(".log").read_text()[-3000:])

    def end(self) -> None:
        for process in self.processes:
            process.kill()


@contextmanager
def zygote() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.zygote"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as started:
        assert started.stdout
        assert started.stdout.readline() == "ready\n"
        yield started
        started.kill()
