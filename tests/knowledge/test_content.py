"""The real content: nothing is wrong in it, and what it must hold is there."""

from __future__ import annotations

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
