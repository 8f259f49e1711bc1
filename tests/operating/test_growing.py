"""docs/growing.md, followed line by line: what stands there as a command is run, and does what the page says."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.databases import connect
from bot.settings import ROOT, Settings
from tests.houses import Clock, House

PAGE = (ROOT / "docs" / "growing.md").read_text()
SCRIPT = "\n".join(re.findall(r"^```sh\n(.*?)^```", PAGE, re.M | re.S))
LINKED = (".venv", "actions", "bot", "connectors", "data", "knowledge", "models", "config.yml", "endpoints.yml")


@pytest.fixture
def laptop(trained_model: Path) -> Iterator[Path]:
    """The project's folder after `make run`: a trained model, migrated databases, and something said."""
    with tempfile.TemporaryDirectory(prefix="growing-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL started as root runs as somebody else
        for each in LINKED:
            (folder / each).symlink_to(ROOT / each)
        settings = Settings(_env_file=None, state_folder=folder / "var")
        subprocess.run([folder / ".venv/bin/python", "-m", "bot", "migrate"], cwd=folder, check=True)
        databases = connect(settings.database_urls)
        House(databases, Clock()).say("said on the laptop")
        databases.dispose()
        yield folder
        end(folder / "var")


def end(var: Path) -> None:
    """What a page that was not followed to its end has left running."""
    for file in [*var.glob("*.pid"), var / "postgresql" / "postmaster.pid"]:
        with contextlib.suppress(OSError, ValueError, IndexError):
            os.kill(int(file.read_text().split()[0]), signal.SIGKILL)


def free(*candidates: int) -> bool:
    for port in candidates:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return False
    return True


def with_free_ports(script: str) -> str:
    """The page's ports may be taken on the machine that runs the tests."""
    dice = random.Random()
    one, two, redis = (
        next(p for p in iter(lambda: dice.randrange(2000, 9000), 0) if free(p, 10_000 + p)) for _ in range(3)
    )
    workers = next(p for p in iter(lambda: dice.randrange(2000, 3000), 0) if free(*(p * 10 + n for n in (1, 2, 3))))
    for written, port in (("1900", workers), ("8000", one), ("8010", two), ("6390", redis)):
        script = script.replace(written, str(port))
    return script


@pytest.mark.xdist_group("kill")
def test_the_page_can_be_followed_line_by_line(laptop: Path) -> None:
    done = subprocess.run(
        ["bash", "-e", "-u", "-o", "pipefail", "-c", with_free_ports(SCRIPT)],
        cwd=laptop, capture_output=True, text=True, timeout=600, check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(laptop), "LANG": "C.UTF-8", "FIXED_TODAY": "2026-11-22"},
    )  # fmt: skip
    logs = "".join(path.read_text() for path in (laptop / "var").glob("*.log"))
    assert done.returncode == 0, done.stdout + done.stderr + logs
    answers = [line for line in done.stdout.splitlines() if line.startswith('[{"recipient_id"')]
    assert len(answers) == 5
    assert all("310" in answer for answer in answers)
    assert "All is well" in done.stdout
    assert "Not sent again: 0 replies that were on their way, 1 entries" in done.stdout
    assert logs.count('"event": "worker ready"') == 3
    assert '"runbook": "redis-down"' in logs
    (backup,) = (laptop / "var").glob("backup-*")
    assert {path.name for path in backup.iterdir()} >= {"manifest.json", "secret"}
