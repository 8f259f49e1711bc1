from __future__ import annotations

from pathlib import Path

import pytest

from bot.eligibility.words import Words, read_words
from bot.settings import ROOT
from knowledge.encoder import HashedNgrams
from knowledge.folder import read_folder
from knowledge.snapshot import Snapshot, build_from
from tests.words import Content


@pytest.fixture(scope="session")
def real() -> Snapshot:
    """What the zone's staff wrote. The encoder is the small one: nothing is looked up by meaning here."""
    return build_from(read_folder(ROOT / "knowledge" / "content"), HashedNgrams())


@pytest.fixture(scope="session")
def words() -> Words:
    return read_words()


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return Content(tmp_path / "content")
