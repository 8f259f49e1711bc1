from __future__ import annotations

import subprocess
import sys

from bot.settings import ROOT

IMPORT_ALL = """
import importlib, pkgutil, sys, actions
for module in pkgutil.iter_modules(actions.__path__):
    importlib.import_module(f"actions.{module.name}")
print(sorted(name for name in sys.modules if name == "rasa" or name.startswith("rasa.")))
"""


def test_actions_run_where_rasa_itself_is_not_imported() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
