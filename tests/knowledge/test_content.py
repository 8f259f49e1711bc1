"""The real content: nothing is wrong in it, and what it must hold is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge.check import check_folder
from knowledge.folder import Content, read_folder
from tests.knowledge.conftest import REAL_CONTENT, TODAY


@pytest.fixture(scope="module")
def content() -> Content:
    return read_folder(REAL_CONTENT)


def test_nothing_is_wrong_in_the_content() -> None:
    assert [str(mistake) for mistake in check_folder(REAL_CONTENT, TODAY)] == []


def test_every_park_has_its_entry(content: Content) -> None:
    assert len([name for name in content.entries if name.startswith("park.")]) == 22


def test_the_examples_of_the_readme_are_right(folder: Path) -> None:
    readme = (REAL_CONTENT.parent / "README.md").read_text(encoding="utf-8")
    for shared in ("facts.yml", "vocabulary.yml", "rule_facts.yml"):
        (folder / shared).write_text((REAL_CONTENT / shared).read_text(encoding="utf-8"), encoding="utf-8")
    examples = re.findall(r"`content/([a-z-/]+\.yml)`.*?```yaml\n(.*?)```", readme, re.DOTALL)
    assert [path for path, _ in examples] == ["policy/example-fund.yml", "faq/example-question.yml"]
    for path, text in examples:
        (folder / path).parent.mkdir()
        (folder / path).write_text(text, encoding="utf-8")
    assert [str(mistake) for mistake in check_folder(folder, TODAY)] == []
