"""The content folder, file by file, each read once per text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePosixPath

from knowledge.entry import TYPES, Entry, Fact, Term, normal, said
from knowledge.located_yaml import Located, read
from knowledge.mistakes import Mistake, Slip
from knowledge.schema import read_as

VOCABULARY = "vocabulary.yml"
FACTS = re.compile(r"facts(?:_[a-z0-9_]+)?\.yml")  # one file, or several by topic: facts_loans.yml
EMPTY = Located(None)


@dataclass(frozen=True)
class ContentFile:
    path: str  # below the content folder, with /
    digest: str
    located: Located
    mistakes: tuple[Mistake, ...]  # what this file alone shows
    entry: Entry | None = None
    facts: Mapping[str, tuple[int, Fact]] = field(default_factory=dict)  # id -> position in the file, fact
    terms: Mapping[tuple[str, str], Term] = field(default_factory=dict)  # kind, code -> term

    def mistake(self, code: str, path: tuple[str | int, ...], values: Mapping[str, object]) -> Mistake:
        return Mistake(self.path, *self.located.place(path), code, values)


@dataclass(frozen=True)
class Content:
    files: Mapping[str, ContentFile]

    @cached_property
    def entries(self) -> dict[str, tuple[ContentFile, Entry]]:
        """By id. An id that differs from its file's name is a mistake of its own, so the name decides."""
        found = ((file, file.entry) for file in self.files.values())
        return {id_of(file.path): (file, entry) for file, entry in found if entry is not None}

    @cached_property
    def entry_ids(self) -> set[str]:
        """Also those of files with mistakes: who refers to them is not to blame."""
        return {id_of(path) for path in self.files if kind_of(path) == "entry"}

    @cached_property
    def said_by(self) -> Mapping[str, list[str]]:
        """A name, alias or question, as `normal` has it -> the ids of the entries that call it theirs."""
        owners: defaultdict[str, list[str]] = defaultdict(list)
        for _, entry in self.entries.values():
            for text in {normal(text) for _, text in said(entry)}:
                owners[text].append(entry.id)
        return owners

    @cached_property
    def facts(self) -> dict[str, Fact]:
        return {name: fact for file in self.files.values() for name, (_, fact) in file.facts.items()}

    @cached_property
    def fact_ids(self) -> set[str]:
        return {name for file in self.files.values() for name in _named(file)}

    @cached_property
    def terms(self) -> dict[tuple[str, str], Term]:
        return {name: term for file in self.files.values() for name, term in file.terms.items()}

    @cached_property
    def codes(self) -> dict[str, set[str]]:
        """kind -> its codes, also those of terms with mistakes."""
        data = self.files[VOCABULARY].located.data if VOCABULARY in self.files else None
        kinds = data if isinstance(data, dict) else {}
        return {kind: set(terms) for kind, terms in kinds.items() if isinstance(terms, dict)}


def id_of(path: str) -> str:
    return f"{PurePosixPath(path).parent}.{PurePosixPath(path).stem}"


def kind_of(path: str) -> str:
    if path == VOCABULARY:
        return "vocabulary"
    if FACTS.fullmatch(path):
        return "facts"
    where = PurePosixPath(path)
    return "entry" if str(where.parent) in TYPES and where.suffix == ".yml" else "unknown"


def paths_of(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.suffix in (".yml", ".yaml") and path.is_file())
    names = (path.relative_to(folder) for path in found)
    return sorted(name.as_posix() for name in names if not _hidden(name))


def _hidden(name: Path) -> bool:
    """What editors leave beside a file while it is open."""
    return any(part.startswith((".", "~", "#")) for part in name.parts)


def read_folder(folder: Path, before: Content | None = None) -> Content:
    """Files whose bytes are those of `before` are taken over from there."""
    files = {}
    for path in paths_of(folder):
        try:
            raw = (folder / path).read_bytes()
        except FileNotFoundError:  # removed since it was listed
            continue
        known = before.files.get(path) if before is not None else None
        digest = sha256(raw).hexdigest()
        files[path] = known if known is not None and known.digest == digest else read_file(path, raw, digest)
    return Content(files)


def read_file(path: str, raw: bytes, digest: str = "") -> ContentFile:
    file = ContentFile(path, digest or sha256(raw).hexdigest(), read(raw), ())
    return READERS[kind_of(path)](file)


def _with(file: ContentFile, slips: list[Slip], **read: object) -> ContentFile:
    once = {(slip.line, slip.column, slip.code): slip for slip in (*file.located.slips, *slips)}
    mistakes = tuple(
        Mistake(file.path, each.line, each.column, each.code, each.values) for each in once.values()
    )
    return ContentFile(file.path, file.digest, file.located, mistakes, **read)  # type: ignore[arg-type]


def _read_entry(file: ContentFile) -> ContentFile:
    if not isinstance(file.located.data, dict):
        return _with(file, [] if file.located.slips else [Slip("want_fields", 1, 1, {"field": file.path})])
    entry, slips = read_as(Entry, file.located)
    return _with(file, slips, entry=entry)


def _read_facts(file: ContentFile) -> ContentFile:
    data, slips = file.located.data, list[Slip]()
    facts: dict[str, tuple[int, Fact]] = {}
    if not isinstance(data, list):
        return _with(file, [] if file.located.slips else [Slip("want_list", 1, 1, {"field": file.path})])
    for at in range(len(data)):
        fact, found = read_as(Fact, file.located, (at,))
        slips += found
        if fact is not None and fact.id in facts:
            place = file.located.place((at, "id"))
            first = file.located.place((facts[fact.id][0],))
            slips.append(Slip("duplicate_fact", *place, {"id": fact.id, "first": first.line}))
        elif fact is not None:
            facts[fact.id] = (at, fact)
    return _with(file, slips, facts=facts)


def _read_vocabulary(file: ContentFile) -> ContentFile:
    data, slips = file.located.data, list[Slip]()
    terms: dict[tuple[str, str], Term] = {}
    if not isinstance(data, dict):
        return _with(file, [] if file.located.slips else [Slip("want_fields", 1, 1, {"field": file.path})])
    for kind, codes in data.items():
        if not isinstance(codes, dict):
            slips.append(Slip("want_fields", *file.located.place((kind,)), {"field": kind}))
            continue
        for code in codes:
            term, found = read_as(Term, file.located, (kind, code))
            slips += found
            if term is not None:
                terms[kind, code] = term
    return _with(file, slips, terms=terms)


def _read_unknown(file: ContentFile) -> ContentFile:
    slip = Slip("unknown_file", 1, 1, {"path": file.path, "types": ", ".join(TYPES)})
    return ContentFile(file.path, file.digest, EMPTY, (Mistake(file.path, 1, 1, slip.code, slip.values),))


def _named(file: ContentFile) -> list[str]:
    if kind_of(file.path) != "facts" or not isinstance(file.located.data, list):
        return []
    return [str(item["id"]) for item in file.located.data if isinstance(item, dict) and item.get("id")]


READERS = {
    "entry": _read_entry,
    "facts": _read_facts,
    "vocabulary": _read_vocabulary,
    "unknown": _read_unknown,
}
