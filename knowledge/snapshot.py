"""All the assistant knows at one moment: checked, indexed, never changed. An edit makes another one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from knowledge.amounts import show_number
from knowledge.check import check
from knowledge.confidence import calibration_for
from knowledge.eligibility_tree import RuleFact
from knowledge.encoder import Encoder, Vectors
from knowledge.entry import Entry, Fact, State, Term
from knowledge.fields import Bilingual
from knowledge.folder import Content, read_folder
from knowledge.mistakes import Mistake
from knowledge.passages import Index, build_index
from knowledge.search import Allowed, Finding, find

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
Vocabulary = Mapping[str, Mapping[str, Term]]  # kind -> code -> term


class KnowledgeBrokenError(Exception):
    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Snapshot:
    id: str  # sha256 of the files it was made from
    entries: Mapping[str, Entry]
    facts: Mapping[str, Fact]
    vocabulary: Vocabulary
    rule_facts: Mapping[str, RuleFact]  # what conditions ask about a company
    content: Content = field(repr=False)
    index: Index = field(repr=False)
    built_at: datetime

    def search(
        self,
        text: str,
        language: str,
        *,
        today: date,
        vector: Vectors | None = None,
        encoder: Encoder | None = None,
        show_samples: bool = True,
        types: Collection[str] | None = None,
    ) -> Finding:
        """`vector`: of the text, when the caller has encoded it already, with the encoder of the snapshot."""
        if vector is None and encoder is not None and encoder.name == self.index.encoder.name:
            vector = encoder.encode([text])[0]
        calibration = calibration_for(self.index.encoder.name)
        return find(self.index, calibration, text, language, vector, self.allowed(today, show_samples, types))

    def text(self, entry: Entry | str, field: str, language: str) -> str:
        """A field's words (`summary`, `answer`, `remarks`, `name` ...) with its figures; "" without any."""
        words = getattr(self.entries[entry] if isinstance(entry, str) else entry, field)
        return self.render(words.of(language), language) if isinstance(words, Bilingual) else ""

    def render(self, text: str, language: str) -> str:
        return render(text, language, self.facts)

    def state(self, entry: Entry | str, today: date) -> State:
        entry = self.entries[entry] if isinstance(entry, str) else entry
        return entry.state(today, self.successor(entry, today) is not None)

    def successor(self, entry: Entry | str, today: date) -> Entry | None:
        """The newest edition in force, when that is not the entry itself."""
        newest, seen = None, {entry if isinstance(entry, str) else str(entry.id)}
        waiting = list(seen)
        while waiting:
            for other in self.superseded_by.get(waiting.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
                    if self.entries[other].state(today) == "in_force":
                        newest = self.entries[other]
        return newest

    def look_alikes(self, entry_id: str) -> tuple[Fact, ...]:
        """Figures people take for those of this entry."""
        entry = self.entries[entry_id]
        texts = [
            words.of("en") for words in (entry.answer, entry.summary, entry.remarks) if words is not None
        ]
        own = {
            *entry.facts,
            *(name for text in texts for name in PLACEHOLDER.findall(text)),
        } & self.facts.keys()
        theirs = [str(other) for name in sorted(own) for other in self.facts[name].confused_with]
        theirs += [name for name, fact in self.facts.items() if own & set(fact.confused_with)]
        others = [other for other in dict.fromkeys(theirs) if other in self.facts and other not in own]
        return tuple(self.facts[other] for other in others)

    def visible(self, show_samples: bool) -> Mapping[str, Entry]:
        return {name: entry for name, entry in self.entries.items() if show_samples or not entry.sample}

    def related(self, entry_id: str, show_samples: bool = True) -> tuple[Entry, ...]:
        others = (self.entries.get(other) for other in self.entries[entry_id].related)
        return tuple(other for other in others if other is not None and (show_samples or not other.sample))

    @cached_property
    def superseded_by(self) -> Mapping[str, tuple[str, ...]]:
        pairs = [(str(old), name) for name, entry in self.entries.items() for old in entry.supersedes]
        return {old: tuple(new for other, new in pairs if other == old) for old, _ in pairs}

    def allowed(
        self, today: date, show_samples: bool = True, types: Collection[str] | None = None
    ) -> Allowed:
        at = {name: position for position, name in enumerate(self.index.ids)}
        visible = self.visible(show_samples).items()
        seen = [at[name] for name, entry in visible if types is None or entry.type in types]
        newer = {old: self.successor(old, today) for old in self.superseded_by if old in at}
        outdated = {at[old]: at[str(new.id)] for old, new in newer.items() if new is not None}
        return Allowed(seen, outdated)


def build(folder: Path, encoder: Encoder, previous: Snapshot | None = None, *, today: date) -> Snapshot:
    """Raises KnowledgeBrokenError with every mistake; what only time has made wrong is none."""
    content = read_folder(folder, previous.content if previous else None)
    mistakes = tuple(each for each in check(content, today) if not each.waits_for_staff)
    if mistakes:
        raise KnowledgeBrokenError(mistakes)
    return build_from(content, encoder, previous)


def build_from(content: Content, encoder: Encoder, previous: Snapshot | None = None) -> Snapshot:
    """Of content that was checked."""
    entries = {name: entry for name, (_, entry) in sorted(content.entries.items())}
    facts = content.facts

    def say(entry: Entry, name: str, language: str) -> str:
        words: Bilingual = getattr(entry, name)
        return render(words.of(language), language, facts)

    vocabulary: dict[str, dict[str, Term]] = {}
    for (kind, code), term in content.terms.items():
        vocabulary.setdefault(kind, {})[code] = term
    return Snapshot(
        id=identity(content),
        entries=MappingProxyType(entries),
        facts=MappingProxyType(facts),
        vocabulary=MappingProxyType({kind: MappingProxyType(terms) for kind, terms in vocabulary.items()}),
        rule_facts=MappingProxyType(content.rule_facts),
        content=content,
        index=build_index(entries, say, encoder, previous.index if previous else None),
        built_at=datetime.now(timezone.utc),
    )


def identity(content: Content) -> str:
    lines = (f"{path}\0{file.digest}\n" for path, file in sorted(content.files.items()))
    return sha256("".join(lines).encode()).hexdigest()


def render(text: str, language: str, facts: Mapping[str, Fact]) -> str:
    def figure(found: re.Match[str]) -> str:
        fact = facts.get(found[1])
        return show_number(fact.value, language) if fact is not None else found[0]

    return PLACEHOLDER.sub(figure, text)
