"""What the components of the pipeline found in a message, as an action receives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.search import NOTHING, Finding, Hit

NEARLY_ALL = 0.8  # of the characters of a message


@dataclass(frozen=True)
class Heard:
    """`named`: entity -> its values as text, in the order of the message. `alone`: entries whose name is all that was said."""

    intent: str | None
    named: Mapping[str, tuple[str, ...]]
    alone: frozenset[str]
    finding: Finding

    def entries(self) -> tuple[str, ...]:
        return self.named.get("entry", ())

    def parks(self) -> tuple[str, ...]:
        return self.named.get("park", ())


def heard(message: Mapping[str, Any]) -> Heard:
    named: dict[str, tuple[str, ...]] = {}
    for entity in message.get("entities", []):
        name = entity["entity"]
        named[name] = tuple(dict.fromkeys((*named.get(name, ()), *_values(entity["value"]))))
    intent = (message.get("intent") or {}).get("name")
    return Heard(intent, named, _alone(message), finding_of(message.get("finding")))


def finding_of(found: Mapping[str, Any] | None) -> Finding:
    """A pressed button has none."""
    if not found:
        return NOTHING
    hits = tuple(Hit(hit["entry_id"], hit["score"], hit["matched_text"]) for hit in found["hits"])
    return Finding(found["band"], found["confidence"], hits)


def _values(value: Any) -> tuple[str, ...]:
    """A button may carry several values at once, and true or false."""
    values = value if isinstance(value, list) else [value]
    return tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in values)


def _alone(message: Mapping[str, Any]) -> frozenset[str]:
    length = len((message.get("text") or "").strip())
    spans = (entity for entity in message.get("entities", []) if entity["entity"] in ("entry", "park"))
    return frozenset(
        str(entity["value"])
        for entity in spans
        if "start" in entity and entity["end"] - entity["start"] >= NEARLY_ALL * length
    )
