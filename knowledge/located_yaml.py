"""Staff's YAML, read with every position kept.

Scalars stay text: what is a number, a date or a yes is for the schema to say, so that `18:00`, `012345` or
`no` are never turned into something else on the way. Read from the parser's events, not its objects: a file
that is too deep, or multiplies itself by aliases, is left at the first event that shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from knowledge.mistakes import Slip
from knowledge.yaml_slips import mend

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MOST_SLIPS = 200
Path = tuple[str | int, ...]

# Control, bidirectional and zero-width characters, line breaks only YAML knows: invisible, so never meant.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
NULLS = {"", "~", "null", "Null", "NULL"}
KEY_WORDS = re.compile(r"(?i)^(?:yes|no|on|off)$")
TIME = re.compile(r"^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$")
CODE = re.compile(
    r"^[-+]?(?:0[0-9_]+|0[xob][0-9a-fA-F_]+|[0-9]{16,}|[0-9]+_[0-9_]*|[0-9.]+[eE][-+]?[0-9]+|\.(?i:inf|nan))$"
)
COLON_IN_KEY = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*[:：]")


class Place(NamedTuple):
    line: int  # from 1
    column: int  # from 1


START = Place(1, 1)


@dataclass(frozen=True)
class Located:
    data: Any  # dict, list, str or None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    slips: tuple[Slip, ...] = ()

    def place(self, path: Path) -> Place:
        """Where the value of a path stands, or the nearest thing around it that is there."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.values:
                return self.values[path[:length]]
        return START

    def place_of_key(self, path: Path) -> Place:
        return self.keys.get(path) or self.place(path)


class _StopError(Exception):
    def __init__(self, slip: Slip) -> None:
        self.slip = slip


def read(raw: bytes) -> Located:
    if len(raw) > MAX_BYTES:
        return Located(None, slips=(Slip("too_large", 1, 1, {"size": len(raw), "limit": MAX_BYTES}),))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Located(None, slips=(Slip("not_utf8", raw.count(b"\n", 0, error.start) + 1, 1),))
    return read_text(text)


def read_text(text: str) -> Located:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    slips = _unwanted(text)
    mended, more = mend(UNSEEN.sub(" ", text))
    slips += more
    reader = _Reader(mended.split("\n"))
    try:
        reader.read(mended)
    except _StopError as stop:
        return Located(None, slips=(*slips, *reader.slips, stop.slip))
    except yaml.YAMLError as error:
        found = _explained(error, reader.lines)
        seen = {slip.line for slip in slips}
        return Located(None, slips=(*slips, *reader.slips, *([] if found.line in seen else [found])))
    return Located(reader.root, reader.values, reader.keys, (*slips, *reader.slips))


def _unwanted(text: str) -> list[Slip]:
    slips = []
    for number, line in enumerate(text.split("\n"), start=1):
        if (unseen := UNSEEN.search(line)) is not None:
            slips.append(
                Slip("unseen_character", number, unseen.start() + 1, {"code": f"U+{ord(unseen[0]):04X}"})
            )
        if (at := line.find("${")) >= 0:
            slips.append(Slip("placeholder", number, at + 1))
    return slips


class _Reader:
    """One pass over the events; `open` holds the collections that are not finished, outermost first."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.root: Any = None
        self.values: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self.slips: list[Slip] = []
        self.open: list[Any] = []
        self.path: list[Any] = []  # None: the mapping waits for its next key
        self.documents = 0

    def read(self, text: str) -> None:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            mark: Any = event.start_mark
            place = Place(min(mark.line + 1, len(self.lines)), mark.column + 1)
            if len(self.slips) > MOST_SLIPS:
                raise _StopError(Slip("too_many_mistakes", *place))
            if isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    raise _StopError(Slip("second_document", *place))
            elif isinstance(event, yaml.AliasEvent):
                raise _StopError(Slip("anchor_or_tag", *place))
            elif isinstance(event, yaml.CollectionEndEvent):
                self.open.pop()
                self.path.pop()
                self._move_on()
            elif isinstance(event, yaml.NodeEvent):
                self._node(event, place)

    def _node(self, event: Any, place: Place) -> None:
        if event.anchor is not None or event.tag not in (None, "!"):
            raise _StopError(Slip("anchor_or_tag", *place))
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, place)
            return
        if self._waits_for_key():
            raise _StopError(Slip("key_not_text", *place))
        if len(self.open) >= MAX_DEPTH:
            raise _StopError(Slip("too_deep", *place, {"limit": MAX_DEPTH}))
        collection: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._put(collection, place)
        self.open.append(collection)
        self.path.append(None if isinstance(collection, dict) else 0)

    def _scalar(self, event: Any, place: Place) -> None:
        plain = event.style is None or event.style == ""
        if self._waits_for_key():
            self._key(event.value, plain, place)
            return
        if plain:
            self._lint_plain(event, place)
        elif event.style == '"' and (unseen := UNSEEN.search(event.value)) is not None:
            self.slips.append(Slip("unseen_character", *place, {"code": f"U+{ord(unseen[0]):04X}"}))
        self._put(None if plain and event.value in NULLS else event.value, place)
        self._move_on()

    def _key(self, key: str, plain: bool, place: Place) -> None:
        mapping = self.open[-1]
        if plain and KEY_WORDS.match(key):
            self.slips.append(Slip("key_word_as_field", *place, {"key": key}))
        if plain and COLON_IN_KEY.match(key):
            self.slips.append(Slip("full_width_colon" if "：" in key else "space_after_colon", *place))
        if key in mapping:
            before: Path = (*self.path[:-1], key)
            first = self.keys[before]
            self.slips.append(Slip("duplicate_field", *place, {"key": key, "first": first.line}))
        self.path[-1] = key
        self.keys[tuple(self.path)] = place

    def _lint_plain(self, event: Any, place: Place) -> None:
        text = event.value
        ends = event.end_mark
        rest = self.lines[ends.line][ends.column :] if text else ""
        if re.match(r" +#[^ #]", rest):
            self.slips.append(Slip("text_lost", ends.line + 1, ends.column + 1, {"lost": rest}))
        if KEY_WORDS.match(text):
            self.slips.append(Slip("key_word", *place, {"value": text}))
        elif TIME.match(text):
            self.slips.append(Slip("quote_time", *place, {"value": text}))
        elif CODE.match(text):
            self.slips.append(Slip("quote_code", *place, {"value": text}))

    def _put(self, value: Any, place: Place) -> None:
        self.values[tuple(self.path)] = place
        if not self.open:
            self.root = value
        elif isinstance(self.open[-1], dict):
            self.open[-1][self.path[-1]] = value
        else:
            self.open[-1].append(value)

    def _move_on(self) -> None:
        if self.open:
            self.path[-1] = None if isinstance(self.open[-1], dict) else len(self.open[-1])

    def _waits_for_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1], dict) and self.path[-1] is None


def _explained(error: yaml.YAMLError, lines: list[str]) -> Slip:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Slip("cannot_read", 1, 1)
    line, column = min(mark.line, len(lines) - 1), mark.column
    text, problem = lines[line], str(getattr(error, "problem", ""))
    if re.search("[，、]", re.sub(r"^[^\[{]*", "", text)):
        code = "full_width_comma"
    elif "mapping values are not allowed" in problem:
        code = "colon_in_text"
    elif "expected ',' or" in problem or "while parsing a flow" in str(getattr(error, "context", "")):
        code = "bracket_not_closed"
    elif "quoted scalar" in str(getattr(error, "context", "")):
        code = "quote_not_closed"
    else:
        code = "cannot_read"
    return Slip(code, line + 1, column + 1)
