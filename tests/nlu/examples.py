"""Training examples and expected intents, as the files have them."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from bot.settings import ROOT


def training_examples() -> Iterator[tuple[str, str]]:
    """Pairs of intent and text."""
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                yield block["intent"], line.removeprefix("- ")


def expected_intents() -> Iterator[tuple[str, str]]:
    path = ROOT / "tests" / "nlu" / "intents_expected.yml"
    for intent, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        for text in texts:
            yield intent, text
