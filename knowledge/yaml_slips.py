"""The slips people make who write YAML by hand, found line by line before the parser sees them.

Each is mended in a copy, so that the parser can go on and the rest of the file is checked in the same run; a
file with a slip is never accepted. Mending keeps the number of lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from knowledge.mistakes import Slip

FIELD = r"[A-Za-z_][A-Za-z0-9_-]*"
START = rf"(?P<start> *(?:- +)*(?:{FIELD}: +)?)"
BLOCK_HEADER = re.compile(r"(?:^|[ :-])[|>][+-]?[1-9]?[+-]? *(?:#.*)?$")
INVISIBLE_INDENT = re.compile("^[ ]*[\t\u3000\u00a0]+[ \t\u3000\u00a0]*")
FULL_WIDTH_COLON = re.compile(rf"^(?P<start> *(?:- +)*{FIELD}) *：[ \u3000\u00a0]*")
NO_SPACE_AFTER_COLON = re.compile(rf"^(?P<start> *(?:- +)*{FIELD}):(?!//)(?![ ]|$)[\t\u3000\u00a0]*")
NO_SPACE_AFTER_DASH = re.compile(r"^(?P<start> *)-(?![ -]|$|\d)")
COLON_IN_TEXT = re.compile(rf"^(?P<start> *(?:- +)*{FIELD}: +)(?P<text>[^ \"'\[{{|>&*!%@`#].*)$")
SPECIAL_START = re.compile(rf"^{START}(?P<text>[*&!@%`].*)$")
BRACKET_THEN_TEXT = re.compile(rf"^{START}(?P<text>(?:\[[^\]]*\]|\{{[^}}]*\}}) *[^ ,\]}}#].*)$")
QUOTE_THEN_TEXT = re.compile(rf"^{START}(?P<text>(?:\"[^\"\\]*\"|'[^']*') *[^ ,\]}}#:'\"].*)$")
COMMA_BEFORE_FIELD = re.compile(rf"[，、；] *(?={FIELD}: )")
COMMENT = re.compile(r"(?:^| )#.*$")
DEEPEST = 50  # brackets; what is deeper is refused anyway

# A line -> the mended line and the column (from 0) of the slip.
Mend = Callable[[str], tuple[str, int] | None]


def mend(text: str) -> tuple[str, list[Slip]]:
    lines, slips = text.split("\n"), []
    for number in _lines_of_structure(lines):
        for code, mended in MENDS.items():
            found = mended(lines[number])
            if found is not None:
                lines[number], column = found
                slips.append(Slip(code, number + 1, column + 1))
    return "\n".join(lines), slips


def _lines_of_structure(lines: list[str]) -> Iterator[int]:
    """Where a line begins a field or a list item: not inside a block text, quotes or brackets."""
    block_indent: int | None = None
    still_open = ""
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        if block_indent is not None and (not line.strip() or indent > block_indent):
            continue
        block_indent = None
        if still_open:
            still_open = _open_at_end(line, still_open)
            continue
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        yield number
        line = lines[number]  # as mended
        if BLOCK_HEADER.search(line):
            block_indent = len(line) - len(line.lstrip(" "))
        elif (value := re.match(rf"^{START}(?P<value>[\"'\[{{].*)$", line)) is not None:
            still_open = _open_at_end(value["value"], "")


def _open_at_end(line: str, opened: str) -> str:
    """The quotes and brackets that are still open behind a line, innermost last."""
    stack, escaped = list(opened), False
    before = " "
    for sign in line:
        inside = stack[-1] if stack else ""
        if escaped:
            escaped = False
        elif inside == '"' and sign == "\\":
            escaped = True
        elif inside in {'"', "'"}:
            if sign == inside:
                stack.pop()
        elif sign in "[{" or (sign in "\"'" and before in " [{,:"):
            stack.append(sign)
        elif sign in "]}" and stack:
            stack.pop()
        elif sign == "#" and before == " ":
            break
        before = sign
    return "".join(stack[:DEEPEST])


def _indent(line: str) -> tuple[str, int] | None:
    found = INVISIBLE_INDENT.match(line)
    if found is None:
        return None
    spaces = found[0].replace("\t", "  ").replace("\u3000", "  ").replace("\u00a0", " ")
    return spaces + line[found.end() :], re.search("[^ ]", line).start()  # type: ignore[union-attr]


def _colon(pattern: re.Pattern[str]) -> Mend:
    def mended(line: str) -> tuple[str, int] | None:
        found = pattern.match(line)
        return found and (f"{found['start']}: {line[found.end() :]}", found.end("start"))

    return mended


def _dash(line: str) -> tuple[str, int] | None:
    found = NO_SPACE_AFTER_DASH.match(line)
    return found and (f"{found['start']}- {line[found.end() :]}", found.end("start"))


def _comma(line: str) -> tuple[str, int] | None:
    opened, begin = "", 0
    for found in COMMA_BEFORE_FIELD.finditer(line):
        opened, begin = _open_at_end(line[begin : found.start()], opened), found.start()
        if opened.endswith("{"):
            return COMMA_BEFORE_FIELD.sub(", ", line), begin
    return None


def _colon_in_text(line: str) -> tuple[str, int] | None:
    found = COLON_IN_TEXT.match(line)
    text = COMMENT.sub("", found["text"]).rstrip() if found else ""
    if found is None or not (": " in text or text.endswith(":")):
        return None
    return found["start"] + _quoted(text), found.start("text") + text.index(":")


def _unquoted(pattern: re.Pattern[str]) -> Mend:
    def mended(line: str) -> tuple[str, int] | None:
        found = pattern.match(line)
        return found and (found["start"] + _quoted(found["text"]), found.start("text"))

    return mended


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


MENDS: dict[str, Mend] = {
    "indent": _indent,
    "full_width_colon": _colon(FULL_WIDTH_COLON),
    "space_after_colon": _colon(NO_SPACE_AFTER_COLON),
    "space_after_dash": _dash,
    "special_start": _unquoted(SPECIAL_START),
    "bracket_then_text": _unquoted(BRACKET_THEN_TEXT),
    "quote_then_text": _unquoted(QUOTE_THEN_TEXT),
    "full_width_comma": _comma,
    "colon_in_text": _colon_in_text,
}
