"""What operators are told stands in words.yml: a sentence each, and the runbook that says what to do."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from bot.logs import ForOperators

HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load((HERE / "words.yml").read_text())
    return found


def say(code: str, **values: object) -> str:
    word = words()[code]
    said = word["says"].format(**values)
    return f"{said} (docs/runbooks/{word['runbook']}.md)" if "runbook" in word else said


class CannotDo(ForOperators):
    """What an operator asked for is refused; `code` is the sentence in words.yml."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(say(code, **values))
        self.code = code
