"""Where and when something was measured."""

# ruff: noqa: S603, S607  # it starts programs of this project, by name
from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from statistics import median, quantiles

from bot.settings import ROOT

MB = 1_000_000


def machine() -> dict[str, object]:
    return {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "--short", "HEAD"),
        "uncommitted_changes": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "cores": os.cpu_count(),
        "load_average_before": [round(load, 2) for load in os.getloadavg()],
    }


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def memory_mb(*pids: int) -> int | None:
    """Resident memory of processes; None where there is no /proc."""
    try:
        lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    except FileNotFoundError:
        return None
    return round(sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")) / MB)


def computed(*pids: int) -> float:
    """Seconds for which processes have used a core so far: neighbours on the machine do not count. 0 where there is no /proc."""
    try:
        after_names = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    except FileNotFoundError:
        return 0.0
    return sum(int(user) + int(system) for user, system in (fields[11:13] for fields in after_names)) / os.sysconf(
        "SC_CLK_TCK"
    )


def folder_mb(folder: Path) -> int:
    """What the files take on disk; a file with two names counts once."""
    found = {
        (status.st_dev, status.st_ino): status.st_blocks * 512 for path in folder.rglob("*") if (status := path.lstat())
    }
    return round(sum(found.values()) / MB)


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Milliseconds."""
    return {"p50_ms": ms(median(seconds)), "p95_ms": ms(quantiles(seconds, n=20)[-1])}


def ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
