from __future__ import annotations

pytest_plugins = ["tests.servers", "tests.houses", "tests.brains", "tests.faults.matrix"]
