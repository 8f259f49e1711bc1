"""What can be pressed under a bubble. A payload is an intent with its entities, as Rasa reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import east_asian_width

WIDEST = 40  # columns: 20 Chinese characters or 40 Latin ones fit on a phone


@dataclass(frozen=True)
class Button:
    title: str
    payload: str

    def as_rasa(self) -> dict[str, str]:
        return {"title": self.title, "payload": self.payload}


def button(title: str, intent: str, entities: Mapping[str, object] | None = None) -> Button:
    said = json.dumps(entities, ensure_ascii=False) if entities else ""
    return Button(shortened(title), f"/{intent}{said}")


def shortened(title: str) -> str:
    if sum(map(_columns, title)) <= WIDEST:
        return title
    kept, room = "", WIDEST - 1
    for character in title:
        room -= _columns(character)
        if room < 0:
            break
        kept += character
    return kept.rstrip() + "…"


def _columns(character: str) -> int:
    return 2 if east_asian_width(character) in "WF" else 1
