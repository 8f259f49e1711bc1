"""Where rules register, and what they are given. A new rule: one function, one message in `messages.yml`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from pydantic import BaseModel

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

    @cached_property
    def texts(self) -> list[tuple[Path, dict[str, str]]]:
        """Every pair of zh and en with its path."""
        return list(bilingual_texts(self.entry))


EntryRule = Callable[[Case], Iterator[Found]]
SharedRule = Callable[[ContentFile, Content], Iterator[Found]]
QUOTED_FROM_ELSEWHERE = frozenset({"sources", "source", "basis", "legal_basis"})
ENTRY_RULES: list[EntryRule] = []
SHARED_RULES: list[SharedRule] = []


def entry_rule(rule: EntryRule) -> EntryRule:
    ENTRY_RULES.append(rule)
    return rule


def shared_rule(rule: SharedRule) -> SharedRule:
    SHARED_RULES.append(rule)
    return rule


def bilingual_texts(part: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, str]]]:
    """Every pair of zh and en written here, also deep in lists; not the titles and quotes of documents."""
    if isinstance(part, tuple):
        for at, item in enumerate(part):
            yield from bilingual_texts(item, (*path, at))
    elif isinstance(part, BaseModel):
        zh, en = getattr(part, "zh", None), getattr(part, "en", None)
        if isinstance(zh, str) and isinstance(en, str):
            yield path, {"zh": zh, "en": en}
        for name, field in part.__fields__.items():
            value = getattr(part, name)
            if isinstance(value, (tuple, BaseModel)) and name not in QUOTED_FROM_ELSEWHERE:
                yield from bilingual_texts(value, (*path, field.alias))


def named(what: str, value: str, known: Iterable[str]) -> dict[str, str]:
    """The values of a message about an unknown name; the nearest known one is suggested."""
    near = get_close_matches(value, sorted(known), 1, cutoff=0.7)
    return {what: value, "suggestion": near[0] if near else ""}
