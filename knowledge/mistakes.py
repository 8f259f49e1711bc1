"""What is wrong in a file, where, and in whose words.

A `Slip` is found inside one file's text or data; a `Mistake` is a slip with the file it stands in. The
sentences are templates in `messages.yml`, one per code and language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("zh", "en")
MESSAGES = Path(__file__).with_name("messages.yml")


@dataclass(frozen=True)
class Slip:
    code: str
    line: int  # from 1
    column: int  # from 1
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Mistake:
    file: str
    line: int
    column: int
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def say(self, language: str) -> str:
        values = {name: _short(value) for name, value in self.values.items()}
        hint = messages()["did_you_mean"][language].format_map(values) if values.get("suggestion") else ""
        template: str = messages()[self.code][language]
        return template.format_map({**values, "hint": hint})

    @property
    def waits_for_staff(self) -> bool:
        """Only time has made it wrong: staff is told, but users keep the knowledge."""
        return bool(messages()[self.code].get("reminder", False))

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.say('zh')} | {self.say('en')}"


def in_reading_order(mistake: Mistake) -> tuple[str, int, int, str, str]:
    return (mistake.file, mistake.line, mistake.column, mistake.code, str(sorted(mistake.values.items())))


@lru_cache(maxsize=1)
def messages() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(MESSAGES.read_text(encoding="utf-8"))
    return loaded


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else text[:77] + "..."
