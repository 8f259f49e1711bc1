"""Rasa's own command line works on the project as a Rasa developer knows it."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.model import MODEL
from bot.settings import ROOT

PATIENCE = 300  # seconds, for a machine that has other things to do
pytestmark = pytest.mark.xdist_group("rasa commands")


@pytest.fixture
def environment(tmp_path: Path, trained_model: Path) -> dict[str, str]:
    own = {
        "STATE_FOLDER": str(tmp_path),
        "FIXED_TODAY": "2026-11-22",
        "RASA_CACHE_DIRECTORY": str(trained_model / "cache"),
    }
    return {**os.environ, **own, "PYTHONWARNINGS": "ignore"}


def rasa(environment: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "rasa", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE)


def test_data_validate_finds_no_error(environment: dict[str, str]) -> None:
    run = rasa(environment, "data", "validate")
    assert run.returncode == 0, run.stderr[-2000:]
    assert "No story structure conflicts found" in run.stdout + run.stderr
    complaints = re.findall(r"UserWarning: (.*)", run.stderr)
    # Responses that actions say stand in no rule, and choose_entry comes from buttons only.
    others = [
        each for each in complaints if "is not used in any story or rule" not in each and "choose_entry" not in each
    ]
    assert others == []


def test_train_makes_a_model(environment: dict[str, str], tmp_path: Path) -> None:
    run = rasa(environment, "train", "--out", tmp_path, "--fixed-model-name", "mine")
    assert run.returncode == 0, run.stderr[-2000:]
    assert (tmp_path / "mine.tar.gz").is_file()


def test_test_nlu_reports_on_intents(environment: dict[str, str], trained_model: Path, tmp_path: Path) -> None:
    (tmp_path / "said.yml").write_text(
        'version: "3.1"\nnlu:\n'
        "  - intent: greet\n    examples: |\n      - 你好\n      - hello\n"
        "  - intent: find_loan\n    examples: |\n      - 有哪些贷款\n      - what loans are there for start-ups\n"
    )
    model, out = trained_model / MODEL, tmp_path / "results"
    run = rasa(environment, "test", "nlu", "--nlu", tmp_path / "said.yml", "--model", model, "--out", out, "--no-plot")
    assert run.returncode == 0, run.stderr[-2000:]
    assert json.loads((out / "intent_report.json").read_text())["accuracy"] == 1.0


def test_shell_answers(environment: dict[str, str], trained_model: Path) -> None:
    terminal, other_end = pty.openpty()
    command = [sys.executable, "-m", "bot", "rasa", "shell", "--model", str(trained_model / MODEL)]
    shell = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=other_end, stdout=other_end, stderr=other_end)
    os.close(other_end)
    try:
        read_until(terminal, "Your input")
        os.write(terminal, "张江银行开了吗\r".encode())
        assert "筹备中" in read_until(terminal, "新政策改革打通学术与金融渠道")
    finally:
        shell.kill()
        shell.wait()
        os.close(terminal)


def read_until(terminal: int, wanted: str) -> str:
    """What the terminal shows up to `wanted`."""
    seen, deadline = b"", time.monotonic() + PATIENCE
    while wanted not in (text := seen.decode(errors="ignore")):
        ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.monotonic()))
        assert ready, f"waited for {wanted!r}, saw {text[-2000:]}"
        seen += os.read(terminal, 4096)
    return text
