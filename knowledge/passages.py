"""What of an entry is compared with a question: its questions, names, aliases, texts; with vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Encoder, Vectors
from knowledge.entry import Entry
from knowledge.lexical import Lexical, build_lexical
from knowledge.mistakes import LANGUAGES
from knowledge.tokens import spelled

KINDS = ("question", "name", "text")
Say = Callable[[Entry, str, str], str]  # entry, field, language -> the text with its figures


@dataclass(frozen=True)
class Passage:
    entry: int  # position in Index.ids
    kind: str
    language: str
    text: str


@dataclass(frozen=True)
class Index:
    """Passages stand entry after entry, so that one `reduceat` gives the best of each entry."""

    ids: tuple[str, ...]
    passages: tuple[Passage, ...]
    vectors: Vectors  # (passages, dimensions)
    lexical: Lexical
    encoder: Encoder

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where each entry's passages begin."""
        owners = np.array([passage.entry for passage in self.passages])
        return np.searchsorted(owners, np.arange(len(self.ids)))

    @cached_property
    def masks(self) -> Mapping[tuple[str, str], NDArray[np.bool_]]:
        """(kind, language) -> which passages are such."""
        kinds = np.array([passage.kind for passage in self.passages])
        languages = np.array([passage.language for passage in self.passages])
        return {(kind, each): (kinds == kind) & (languages == each) for kind in KINDS for each in LANGUAGES}

    @cached_property
    def said(self) -> tuple[str, ...]:
        """All an entry says, as `spelled`."""
        texts: list[list[str]] = [[] for _ in self.ids]
        for passage in self.passages:
            texts[passage.entry].append(spelled(passage.text))
        return tuple("".join(each) for each in texts)

    @cached_property
    def names(self) -> tuple[tuple[str, int, float], ...]:
        """Every name and alias as `spelled`, its entry, and its weight in words."""
        named = [passage for passage in self.passages if passage.kind == "name"]
        return tuple((spelled(each.text), each.entry, self.lexical.mass(each.text)) for each in named)


def build_index(
    entries: Mapping[str, Entry], say: Say, encoder: Encoder, before: Index | None = None
) -> Index:
    ids = tuple(sorted(entries))
    passages = tuple(each for at, name in enumerate(ids) for each in _passages(at, entries[name], say))
    texts = [passage.text for passage in passages]
    lexical = build_lexical(texts, [passage.entry for passage in passages])
    index = Index(ids, passages, _vectors(texts, encoder, before), lexical, encoder)
    _ = index.starts, index.masks, index.names, index.said  # now, not in the first question's time
    return index


def _passages(at: int, entry: Entry, say: Say) -> list[Passage]:
    found = []
    for language in LANGUAGES:
        named = [entry.name.of(language), *entry.aliases.of(language)]
        found += [Passage(at, "question", language, text) for text in entry.questions.of(language)]
        found += [Passage(at, "name", language, text) for text in dict.fromkeys(named)]
        text = say(entry, "answer" if entry.type == "faq" else "summary", language)
        found += [Passage(at, "text", language, text)]
    return found


def _vectors(texts: Sequence[str], encoder: Encoder, before: Index | None) -> Vectors:
    """Only what was not encoded before is encoded now: an edit of one entry costs a few sentences."""
    same_encoder = before is not None and before.encoder.name == encoder.name
    known = (
        {passage.text: at for at, passage in enumerate(before.passages)} if before and same_encoder else {}
    )
    fresh = [text for text in dict.fromkeys(texts) if text not in known]
    encoded = dict(zip(fresh, encoder.encode(fresh), strict=True)) if fresh else {}
    vectors = np.zeros((len(texts), encoder.dimensions), dtype=np.float32)
    for at, text in enumerate(texts):
        vectors[at] = encoded[text] if text in encoded else before.vectors[known[text]]  # type: ignore[union-attr]
    return vectors
