"""The content folder, file by file, each read once per text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from knowledge.eligibility_tree import RuleFact
from knowledge.entry import TYPES, Entry, Fact, Term, normal, said
from knowledge.located_yaml import Located, read
from knowledge.located_yaml import Path as Steps
from knowledge.mistakes import Mistake, Slip
from knowledge.schema import below, read_as

VOCABULARY, RULE_FACTS = "vocabulary.yml", "rule_facts.yml"
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
    rule_facts: Mapping[str, RuleFact] = field(default_factory=dict)  # name -> what is asked of a company

    def mistake(self, code: str, path: tuple[str | int, ...], values: Mapping[str, object]) -> Mistake:
        return Mistake(self.path, *self.located.place(path), code, values)


@dataclass(frozen=True)
class Content:
    files: Mapping[str, ContentFile]
    left_out: frozenset[str] = frozenset()  # paths of files that are there but not used

    @cached_property
    def entries(self) -> dict[str, tuple[ContentFile, Entry]]:
        """By id. An id that differs from its file's name is a mistake of its own, so the name decides."""
        found = ((file, file.entry) for file in self.files.values())
        return {id_of(file.path): (file, entry) for file, entry in found if entry is not None}

    @cached_property
    def entry_ids(self) -> set[str]:
        """Also those of files with mistakes: who refers to them is not to blame."""
        return {id_of(path) for path in (*self.files, *self.left_out) if kind_of(path) == "entry"}

    @cached_property
    def said_by(self) -> Mapping[str, list[str]]:
        """A name, alias or question, as `normal` has it -> the ids of the entries that call it theirs."""
        owners: defaultdict[str, list[str]] = defaultdict(list)
        for name, (_, entry) in self.entries.items():
            for text in {normal(text) for _, text in said(entry)}:
                owners[text].append(name)
        return owners

    @cached_property
    def facts(self) -> dict[str, Fact]:
        return {name: fact for file in self.files.values() for name, (_, fact) in file.facts.items()}

    @cached_property
    def fact_ids(self) -> set[str]:
        return {name for file in self.files.values() for name in (*file.facts, *_named(file))}

    @cached_property
    def terms(self) -> dict[tuple[str, str], Term]:
        return {name: term for file in self.files.values() for name, term in file.terms.items()}

    @cached_property
    def rule_facts(self) -> dict[str, RuleFact]:
        return {name: fact for file in self.files.values() for name, fact in file.rule_facts.items()}

    @cached_property
    def rule_fact_names(self) -> set[str]:
        """Also those with mistakes; empty without the file."""
        data = self.files[RULE_FACTS].located.data if RULE_FACTS in self.files else None
        return set(data) if isinstance(data, dict) else set()

    @cached_property
    def codes(self) -> dict[str, set[str]]:
        """kind -> its codes, also those of terms with mistakes."""
        data = self.files[VOCABULARY].located.data if VOCABULARY in self.files else None
        kinds = data if isinstance(data, dict) else {}
        return {kind: set(terms) for kind, terms in kinds.items() if isinstance(terms, dict)}


def id_of(path: str) -> str:
    return path.rpartition(".")[0].replace("/", ".")


def kind_of(path: str) -> str:
    if path in (VOCABULARY, RULE_FACTS):
        return path.removesuffix(".yml")
    if FACTS.fullmatch(path):
        return "facts"
    return "entry" if path.rpartition("/")[0] in TYPES and path.endswith(".yml") else "unknown"


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
        except OSError as error:
            files[path] = _wrong(path, "cannot_open", {"reason": error.strerror or error})
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
    terms: dict[tuple[str, str], Term] = {}
    slips: list[Slip] = []
    for kind in _fields(file, (), slips):
        for code in _fields(file, (kind,), slips):
            term, found = read_as(Term, file.located, (kind, code))
            slips += found
            if term is not None:
                terms[kind, code] = term
    return _with(file, slips, terms=terms)


def _read_rule_facts(file: ContentFile) -> ContentFile:
    facts: dict[str, RuleFact] = {}
    slips: list[Slip] = []
    for name in _fields(file, (), slips):
        fact, found = read_as(RuleFact, file.located, (name,))
        slips += found
        if fact is not None:
            facts[name] = fact
    return _with(file, slips, rule_facts=facts)


def _fields(file: ContentFile, path: Steps, slips: list[Slip]) -> list[str]:
    """The names below a path, or a slip when there are none."""
    data = below(file.located.data, path)
    if isinstance(data, dict):
        return list(data)
    if path or not file.located.slips:
        slips.append(
            Slip("want_fields", *file.located.place(path), {"field": path[-1] if path else file.path})
        )
    return []


def _read_unknown(file: ContentFile) -> ContentFile:
    return _wrong(file.path, "unknown_file", {"types": " ".join(TYPES)}, file.digest)


def _wrong(path: str, code: str, values: Mapping[str, object], digest: str = "") -> ContentFile:
    return ContentFile(path, digest, EMPTY, (Mistake(path, 1, 1, code, values),))


def _named(file: ContentFile) -> list[str]:
    if kind_of(file.path) != "facts" or not isinstance(file.located.data, list):
        return []
    return [str(item["id"]) for item in file.located.data if isinstance(item, dict) and item.get("id")]


READERS = {
    "entry": _read_entry,
    "facts": _read_facts,
    "vocabulary": _read_vocabulary,
    "rule_facts": _read_rule_facts,
    "unknown": _read_unknown,
}
