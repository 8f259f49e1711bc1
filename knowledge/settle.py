"""What can be used of a folder in which something is wrong.

A wrong file is replaced by its last good version; one that never had any is left out. What then still does
not fit together is not published at all: the last good content stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from knowledge.check import check
from knowledge.folder import EMPTY, Content, ContentFile, kind_of
from knowledge.mistakes import Mistake

ROUNDS = 5  # leaving one file out can make another one wrong, which had used it


def settle(content: Content, mistakes: Iterable[Mistake], before: Content | None, today: date) -> Content:
    """`mistakes`: of the content, as checked on that day."""
    for _ in range(ROUNDS):
        wrong = _wrong_files(content, mistakes)
        if not wrong:
            return content
        if before is not None and any(_same(path, content, before) for path in wrong):
            return before
        content = _instead(content, wrong, before)
        mistakes = check(content, today)
    return before or Content({}, frozenset(content.files))


def _wrong_files(content: Content, mistakes: Iterable[Mistake]) -> set[str]:
    found = {mistake.file for mistake in mistakes if not mistake.waits_for_staff}
    return {path for path in found if not _is_what_was_right(content.files[path])}


def _same(path: str, content: Content, before: Content) -> bool:
    return path in before.files and before.files[path].digest == content.files[path].digest


def _instead(content: Content, wrong: set[str], before: Content | None) -> Content:
    files, left_out = dict(content.files), set(content.left_out)
    for path in wrong:
        if before is not None and path in before.files:
            files[path] = before.files[path]
        elif kind_of(path) == "entry" or path not in files:
            del files[path]
            left_out.add(path)
        else:
            files[path] = _what_is_right(files[path])
    return Content(files, frozenset(left_out))


def _what_is_right(file: ContentFile) -> ContentFile:
    """Of facts and vocabulary: each that is right by itself."""
    return replace(file, located=EMPTY, mistakes=())


def _is_what_was_right(file: ContentFile) -> bool:
    return file.located is EMPTY and not file.mistakes
