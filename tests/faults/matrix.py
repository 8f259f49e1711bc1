"""The lines of the fault matrix, printed at the end of a test run."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

WIDTHS = {
    "fault": -36, "database": -11, "times": 5, "invoked": 8, "acknowledged": 13, "lost": 5, "doubled": 8, "disordered": 11,
    "apologies": 10, "slowest": 8, "stalled": 8,
}  # fmt: skip


def line(row: Mapping[str, object]) -> str:
    return "".join(f"{row[name]!s:{'<' if width < 0 else '>'}{abs(width)}} " for name, width in WIDTHS.items())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    rows = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "call"
        for name, value in report.user_properties
        if name == "fault"
    ]
    if rows:
        terminalreporter.section("faults")
        terminalreporter.write_line(line({title: title for title in WIDTHS}))
        for row in sorted(rows, key=lambda row: row["database"], reverse=True):
            terminalreporter.write_line(line(row))
