"""Programs that are started to be measured, and that end with whoever started them."""

# ruff: noqa: S603  # it starts programs of this project, by name
from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.settings import ROOT

PATIENCE = 300.0  # seconds


@contextmanager
def started(
    command: Sequence[str], environment: Mapping[str, str], folder: Path = ROOT
) -> Iterator[subprocess.Popen[bytes]]:
    """In a process group of its own, so that nothing of it is left. What it says goes to standard error."""
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, **environment}, stdout=sys.stderr, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.poll() is not None:
            print(f"{process.args!r} ended by itself with {process.returncode}", file=sys.stderr)
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for number, patience in ((signal.SIGTERM, 20), (signal.SIGKILL, 20)):
        try:
            os.killpg(process.pid, number)
            process.wait(patience)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def poll(process: subprocess.Popen[bytes], since: float) -> Iterator[float]:
    """Seconds since `since`, every 20 ms, for as long as the process lives and it takes no longer than PATIENCE."""
    while (waited := time.perf_counter() - since) < PATIENCE:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        yield waited
        time.sleep(0.02)
    raise RuntimeError(f"{process.args!r} did not answer within {PATIENCE:.0f} s")


def python(*arguments: str, environment: Mapping[str, str]) -> float:
    """Runs the project's own Python to its end. Seconds it took."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, **environment}, stdout=sys.stderr, check=True
    )
    return time.perf_counter() - began
