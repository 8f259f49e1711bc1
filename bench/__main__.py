"""python -m bench [stock]: one JSON object on standard output, what is being done on standard error."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from bench.machine import machine

USAGE = "usage: python -m bench [stock]"


def main(arguments: list[str]) -> int:
    # Ended from outside, it ends what it started.
    signal.signal(signal.SIGTERM, _leave)
    where = machine()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        match arguments:
            case []:
                from bench.measure import measure

                figures = measure(Path(folder))
            case ["stock"]:
                from bench.stock.measure import measure as measure_against_stock

                figures = measure_against_stock(Path(folder))
            case ["turns"]:
                from bench.turns import measure as measure_turns

                print(json.dumps(measure_turns()))
                return 0
            case _:
                print(USAGE, file=sys.stderr)
                return 2
    print(json.dumps({"machine": where, **figures}, ensure_ascii=False, indent=2))
    return 0


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
