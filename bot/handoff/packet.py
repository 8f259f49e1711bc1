"""What a colleague is told about a conversation in which a person was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LAST_SAID = 5


def reason(slots: Mapping[str, Any]) -> str:
    return "not_answered" if (slots.get("failures") or 0) > 0 else "asked"


def packet(events: Sequence[Mapping[str, Any]], slots: Mapping[str, Any], channel: str) -> dict[str, Any]:
    said = [event for event in events if event.get("event") == "user"]
    return {
        "language": slots.get("language"),
        "channel": channel,
        "said": [event.get("text") for event in said][-LAST_SAID:],
        "entries": _entries(said),
        "last_search": slots.get("last_search"),
        "declined": int(slots.get("failures") or 0),
    }


def _entries(said: Sequence[Mapping[str, Any]]) -> list[str]:
    """Those that were chosen or found for what was said lately, the latest first."""
    found: list[str] = []
    for event in reversed(said[-LAST_SAID:]):
        parse = event.get("parse_data") or {}
        found += [str(entity["value"]) for entity in parse.get("entities", []) if entity["entity"] == "entry"]
        finding = parse.get("finding") or {}
        found += [hit["entry_id"] for hit in finding.get("hits", [])[:1] if finding["band"] != "decline"]
    return list(dict.fromkeys(found))
