"""The environment of stock Rasa and its trained project, in .tools/stock-rasa: made when missing or no longer what they are made of."""

# ruff: noqa: S603, S607  # it starts programs of this project, by name
from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.stock.project import write_project
from bot.settings import ROOT

FOLDER = ROOT / ".tools" / "stock-rasa"
PYTHON = FOLDER / "venv" / "bin" / "python"
PROJECT = FOLDER / "project"
REQUIREMENTS = Path(__file__).parent / "requirements.txt"
MADE, TRAINED = FOLDER / "made", FOLDER / "trained"
TELEMETRY_OFF = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}


def make_environment() -> None:
    wanted = _hash([REQUIREMENTS])
    if MADE.exists() and MADE.read_text() == wanted:
        return
    print("making the environment of stock Rasa (2.5 GB) ...", file=sys.stderr)
    local = ROOT / ".tools" / "uv" / "bin" / "uv"
    uv = str(local) if local.exists() else shutil.which("uv") or "uv"
    python = Path(sys.base_prefix) / "bin" / "python3.10"
    # Without the project's own configuration, which leaves TensorFlow out.
    run = [uv, "--no-config"]
    subprocess.run([*run, "venv", "--quiet", "--clear", "--python", str(python), str(FOLDER / "venv")], check=True)
    subprocess.run([*run, "pip", "sync", "--quiet", "--python", str(PYTHON), str(REQUIREMENTS)], check=True)
    MADE.write_text(wanted)


def train() -> float | None:
    """Seconds it took; None when the model at hand was trained from the same files."""
    write_project(PROJECT)
    wanted = _hash([REQUIREMENTS, *(PROJECT / "data").glob("*.yml"), PROJECT / "config.yml", PROJECT / "domain.yml"])
    if TRAINED.exists() and TRAINED.read_text() == wanted:
        return None
    print("training stock Rasa (minutes) ...", file=sys.stderr)
    began = time.perf_counter()
    shutil.rmtree(PROJECT / "models", ignore_errors=True)
    subprocess.run(
        ["nice", "-n", "15", str(PYTHON), "-m", "rasa", "train", "--fixed-model-name", "stock"],
        cwd=PROJECT, check=True, stdout=sys.stderr, env={**os.environ, **TELEMETRY_OFF},
    )  # fmt: skip
    TRAINED.write_text(wanted)
    return time.perf_counter() - began


def _hash(paths: list[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(paths))).hexdigest()
