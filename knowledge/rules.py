"""Where rules register, and what they are given. A new rule: one function, one message in `messages.yml`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from knowledge.entry import Entry
from knowledge.folder import Content, ContentFile, id_of
from knowledge.located_yaml import Path

Found = tuple[str, Path, dict[str, Any]]  # code of the message, where, values for the message


@dataclass(frozen=True)
class Case:
    entry: Entry
    path: str
    content: Content
    today: date

    @property
    def id(self) -> str:
        """By the file's place, like everywhere: an entry that calls itself otherwise is told so."""
        return id_of(self.path)


EntryRule = Callable[[Case], Iterator[Found]]
SharedRule = Callable[[ContentFile, Content], Iterator[Found]]
ENTRY_RULES: list[EntryRule] = []
SHARED_RULES: list[SharedRule] = []


def entry_rule(rule: EntryRule) -> EntryRule:
    ENTRY_RULES.append(rule)
    return rule


def shared_rule(rule: SharedRule) -> SharedRule:
    SHARED_RULES.append(rule)
    return rule


def named(what: str, value: str, known: Iterable[str]) -> dict[str, str]:
    """The values of a message about an unknown name; the nearest known one is suggested."""
    near = get_close_matches(value, sorted(known), 1, cutoff=0.7)
    return {what: value, "suggestion": near[0] if near else ""}
