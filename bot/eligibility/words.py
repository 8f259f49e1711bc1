"""`fact_words.yml`, read once: which words and kinds of value belong to which fact of a company."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

Kind = Literal[
    "amount", "count", "percent", "months", "founded", "yes_no", "place", "district", "park", "field", "stage", "grade"
]
FILE = Path(__file__).with_name("fact_words.yml")
_HAN = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True)
class FactWords:
    name: str
    kind: Kind
    words: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    only_with: tuple[str, ...] = ()
    so: tuple[str, ...] = ()
    not_so: tuple[str, ...] = ()
    reply_so: tuple[str, ...] = ()
    reply_not_so: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    implies: Mapping[str, Any] = field(default_factory=dict)
    label: Mapping[str, str] = field(default_factory=dict)
    answers: str = ""
    never_none: bool = False


@dataclass(frozen=True, eq=False)
class Words:
    facts: Mapping[str, FactWords]
    derived: Mapping[str, str]
    places: Mapping[str, str]  # what people write, in small letters -> the spelling of conditions
    place_labels: Mapping[str, Mapping[str, str]]  # code -> language -> name
    place_implies: Mapping[str, Mapping[str, Any]]
    named_like_districts: frozenset[str]
    marks_of_a_park: tuple[str, ...]
    grades: tuple[str, ...]
    replies: Mapping[str, tuple[str, ...]]
    around: Mapping[str, tuple[str, ...]]

    @cached_property
    def answering(self) -> Mapping[str, str]:
        """The fact that a question asks for -> the one that is kept: when a company was founded, not its age."""
        return {each.answers: name for name, each in self.facts.items() if each.answers}

    @cached_property
    def of_values(self) -> Mapping[str, tuple[FactWords, ...]]:
        return self._by_word("words", "beside")

    @cached_property
    def of_phrases(self) -> Mapping[str, tuple[FactWords, ...]]:
        return self._by_word("so", "not_so")

    @cached_property
    def value_words(self) -> re.Pattern[str]:
        return one_of(self.of_values)

    @cached_property
    def phrases(self) -> re.Pattern[str]:
        return one_of(self.of_phrases)

    @cached_property
    def place_names(self) -> re.Pattern[str]:
        return one_of(self.places)

    def _by_word(self, *fields: str) -> dict[str, tuple[FactWords, ...]]:
        found: dict[str, tuple[FactWords, ...]] = {}
        for fact in self.facts.values():
            for word in dict.fromkeys(word for name in fields for word in getattr(fact, name)):
                found[word] = (*found.get(word, ()), fact)
        return found


@lru_cache(maxsize=512)
def around(words: Words, name: str, place: Literal["before", "after", "anywhere"]) -> re.Pattern[str]:
    """Before: the text ends with one of the words. After: it begins with one."""
    pattern = f"(?:{one_of(words.around[name]).pattern})"
    return re.compile({"before": rf"{pattern}\s*\Z", "after": rf"\A\s*{pattern}", "anywhere": pattern}[place], re.I)


def one_of(words: Iterable[str]) -> re.Pattern[str]:
    """The longest first; Latin words only whole."""
    longest = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(_whole, longest)) if longest else r"(?!)", re.I)


def _whole(word: str) -> str:
    text = re.escape(word)
    return text if _HAN.search(word) else rf"(?<![a-z]){text}(?![a-z])"


@lru_cache(maxsize=2)
def read_words(file: Path = FILE) -> Words:
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Words(
        facts={name: _fact(name, data["facts"]) for name in data["facts"]},
        derived=data["derived"],
        places={each.lower(): code for code, place in data["places"].items() for each in both(place)},
        place_labels={
            code: {language: place[language][0] for language in ("zh", "en")} for code, place in data["places"].items()
        },
        place_implies={code: place.get("implies", {}) for code, place in data["places"].items()},
        named_like_districts=frozenset(data["named_like_districts"]),
        marks_of_a_park=both(data["marks_of_a_park"]),
        grades=tuple(data["grades"]),
        replies={name: both(said) for name, said in data["replies"].items()},
        around={name: both(said) for name, said in data["around"].items()},
    )


def _fact(name: str, facts: Mapping[str, Any]) -> FactWords:
    given = dict(facts[name])
    like = facts[given.pop("same_words_as")] if "same_words_as" in given else {}
    lists = ("words", "beside", "only_with", "so", "not_so", "reply_so", "reply_not_so")
    said: dict[str, Any] = {key: both(given.pop(key, like.get(key, {}))) for key in lists}
    return FactWords(name, **said, instead_of=tuple(given.pop("instead_of", ())), **given)


def both(said: Mapping[str, list[str]]) -> tuple[str, ...]:
    return tuple(word.lower() for language in ("zh", "en") for word in said.get(language, ()))
