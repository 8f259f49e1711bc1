"""The examples under the greeting lead somewhere, in both languages."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from bot.answers.buttons import shortened
from bot.searches.search import FILTERS, INTENTS
from bot.settings import ROOT
from knowledge.snapshot import Snapshot
from tests.words import domain

BUTTONS = [
    (f"{name}: {button['title']}", button)
    for name, variations in domain()["responses"].items()
    for variation in variations
    for button in variation.get("buttons", [])
]
INTENTS_DECLARED = yaml.safe_load((ROOT / "bot/domain/intents.yml").read_text(encoding="utf-8"))["intents"]


def read(button: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Rasa takes doubled braces for braces."""
    intent, _, values = button["payload"].replace("{{", "{").replace("}}", "}").removeprefix("/").partition("{")
    return intent, json.loads("{" + values) if values else {}


@pytest.mark.parametrize("button", [button for _, button in BUTTONS], ids=[name for name, _ in BUTTONS])
def test_a_button_asks_for_something_that_exists(button: dict[str, Any], real: Snapshot) -> None:
    intent, values = read(button)
    kinds = {asked: kind for kind, asked in INTENTS.items()}
    assert intent in INTENTS_DECLARED
    assert values.get("entry", "faq.fortune-500") in real.entries
    assert values.get("park", "park.caohejing") in real.entries
    assert intent not in kinds or values.keys() <= set(FILTERS[kinds[intent]])


@pytest.mark.parametrize("title", [button["title"] for _, button in BUTTONS])
def test_its_title_fits_on_a_phone(title: str) -> None:
    assert shortened(title) == title
