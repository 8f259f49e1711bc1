"""SIGTERM while the model is still being loaded."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from bot.databases import Databases
from bot.settings import ROOT
from tests.servers import free_port


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_worker_that_is_told_to_end_while_it_loads_its_model_ends_with_0(
    databases: Databases, trained_model: Path, tmp_path: Path
) -> None:
    ops_port = free_port()
    environment = {**os.environ, "STATE_FOLDER": str(tmp_path), "MODELS_FOLDER": str(trained_model), "OPS_PORT": str(ops_port)}
    with subprocess.Popen([sys.executable, "-m", "bot", "worker"], cwd=ROOT, env=environment) as worker:
        assert answers(f"http://127.0.0.1:{ops_port}/metrics"), worker.poll()
        assert httpx.get(f"http://127.0.0.1:{ops_port}/readyz", trust_env=False).json()["model"] is False
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=20) == 0


def answers(url: str, patience: float = 60) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            return httpx.get(url, trust_env=False).status_code == 200
        time.sleep(0.05)
    return False
