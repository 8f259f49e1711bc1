"""Everything that is wrong in the content folder, at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from knowledge import condition_rules, entry_rules, shared_rules, text_rules
from knowledge.folder import Content, read_folder
from knowledge.mistakes import Mistake, in_reading_order
from knowledge.rules import ENTRY_RULES, SHARED_RULES, Case

RULES = (condition_rules, entry_rules, shared_rules, text_rules)  # imported here, they are registered


def check_folder(folder: Path, today: date) -> tuple[Mistake, ...]:
    return check(read_folder(folder), today)


def check(content: Content, today: date) -> tuple[Mistake, ...]:
    found = [mistake for file in content.files.values() for mistake in file.mistakes]
    found += _together(content, today)
    once = {(each.file, each.line, each.column, each.code): each for each in found}
    return tuple(sorted(once.values(), key=in_reading_order))


def _together(content: Content, today: date) -> Iterator[Mistake]:
    for file, entry in content.entries.values():
        case = Case(entry, file.path, content, today)
        for rule in ENTRY_RULES:
            yield from (file.mistake(*found) for found in rule(case))
    for file in content.files.values():
        for shared_rule in SHARED_RULES:
            yield from (file.mistake(*found) for found in shared_rule(file, content))
