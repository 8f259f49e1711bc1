"""What was found in a text, and how finds that overlap are settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message


@dataclass(frozen=True)
class Found:
    """`entity` None marks a stretch that is understood, but is none of our entities: it hides what lies inside it."""

    entity: str | None
    value: Any
    start: int
    end: int
    text: str
    valid: bool | None = None

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


def longest(finds: Iterable[Found]) -> list[Found]:
    """Of overlapping finds the longest, then the first; finds of the very same stretch all stay. In order of the text."""
    kept: list[Found] = []
    for find in sorted(finds, key=lambda each: (each.start - each.end, each.start, each.entity is not None)):
        if all(_beside(find, other) for other in kept):
            kept.append(find)
    return sorted((find for find in kept if find.entity), key=lambda each: each.start)


def _beside(find: Found, other: Found) -> bool:
    if find.span == other.span:
        return other.entity is not None and find != other
    return find.end <= other.start or other.end <= find.start


def add_entities(message: Message, finds: Iterable[Found], extractor: str) -> None:
    """Appends to the message's entities. `start` and `end` count in the normalised text."""
    entities = list(message.get(ENTITIES, []))
    for find in finds:
        entity = {
            "entity": find.entity,
            "value": find.value,
            "start": find.start,
            "end": find.end,
            "extractor": extractor,
        }
        if find.valid is not None:
            entity["valid"] = find.valid
        entities.append(entity)
    message.set(ENTITIES, entities, add_to_output=True)
