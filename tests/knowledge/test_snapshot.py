"""What a snapshot knows: states on a day, figures in texts, look-alikes, editions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge.encoder import HashedNgrams, Vectors
from knowledge.snapshot import KnowledgeBrokenError, Snapshot, build
from tests.knowledge.conftest import TODAY, Write

FIGURES = {
    "面向企业": "有{fortune_500}家、{policies}项",
    "For companies": "It has {fortune_500} of {policies}",
}


class Counting(HashedNgrams):
    """Counts what it is asked to encode."""

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        return super().encode(texts)


def snapshot(folder: Path) -> Snapshot:
    return build(folder, HashedNgrams(), today=TODAY)


@pytest.mark.parametrize(
    ("lines", "today", "state"),
    [
        ("", TODAY, "in_force"),
        ("valid_until: 2026-11-22", TODAY, "in_force"),
        ("valid_until: 2026-11-22", date(2026, 11, 23), "expired"),
        ("valid_from: 2026-11-23", TODAY, "planned"),
        ("valid_from: 2026-11-23", date(2026, 11, 23), "in_force"),
    ],
)
def test_the_state_is_that_of_the_day(
    write: Write, folder: Path, lines: str, today: date, state: str
) -> None:
    write(add=lines + "\n")
    assert snapshot(folder).state("policy.fund", today) == state


@pytest.mark.parametrize(
    "status", ["planned", "in_preparation", "under_construction", "suspended", "repealed"]
)
def test_other_states_are_said_as_they_are_written(write: Write, folder: Path, status: str) -> None:
    write(replace={"status: in_force": f"status: {status}"}, add="valid_until: 2020-01-01\n")
    assert snapshot(folder).state("policy.fund", TODAY) == status


def test_a_successor_supersedes_from_its_first_day(write: Write, folder: Path) -> None:
    write("policy.old", "旧基金", "old fund")
    write("policy.new", "新基金", "new fund", add="supersedes: [policy.old]\nvalid_from: 2026-11-22\n")
    known = snapshot(folder)
    assert known.state("policy.old", date(2026, 11, 21)) == "in_force"
    assert known.successor("policy.old", date(2026, 11, 21)) is None
    assert known.state("policy.old", TODAY) == "superseded"
    successor = known.successor("policy.old", TODAY)
    assert successor is not None
    assert successor.id == "policy.new"


def test_the_newest_of_three_editions_is_the_successor(write: Write, folder: Path) -> None:
    write("policy.a", "甲基金", "fund A")
    write("policy.b", "乙基金", "fund B", add="supersedes: [policy.a]\n")
    write("policy.c", "丙基金", "fund C", add="supersedes: [policy.b]\n")
    successor = snapshot(folder).successor("policy.a", TODAY)
    assert successor is not None
    assert successor.id == "policy.c"


def test_figures_are_said_as_each_language_says_them(write: Write, folder: Path) -> None:
    write(replace=FIGURES)
    known = snapshot(folder)
    assert known.text("policy.fund", "summary", "zh") == "创新基金有310家、7万项。"
    assert known.text("policy.fund", "summary", "en") == "It has 310 of 70,000, the innovation fund."
    assert known.text("policy.fund", "remarks", "en") == ""


def test_look_alikes_are_figures_the_entry_does_not_use_itself(write: Write, folder: Path) -> None:
    one = {"甲基金面向": "有{fortune_500}家", "For": "For {fortune_500}"}
    write("policy.a", "甲基金", "fund A", replace=one)
    write("policy.b", "乙基金", "fund B", add="facts: [policies]\n")
    write(replace=FIGURES)
    known = snapshot(folder)
    assert [fact.id for fact in known.look_alikes("policy.a")] == ["policies"]
    assert [fact.id for fact in known.look_alikes("policy.b")] == ["fortune_500"]
    assert known.look_alikes("policy.fund") == ()


def test_samples_can_be_hidden(write: Write, folder: Path) -> None:
    write("policy.sample", "贷款（示例）", "loan (sample)", replace={"sample: false": "sample: true"})
    known = snapshot(folder)
    assert set(known.visible(True)) == {"policy.sample"}
    assert set(known.visible(False)) == set()
    assert known.search("贷款（示例）是什么", "zh", today=TODAY, show_samples=False).hits == ()


def test_the_same_files_make_the_same_snapshot(write: Write, folder: Path) -> None:
    write()
    first = snapshot(folder)
    assert snapshot(folder).id == first.id
    write(replace={"For companies": "For everyone"})
    assert snapshot(folder).id != first.id


def test_a_snapshot_cannot_be_changed(write: Write, folder: Path) -> None:
    write()
    known = snapshot(folder)
    with pytest.raises(TypeError):
        known.entries["policy.fund"] = known.entries["policy.fund"]  # type: ignore[index]
    with pytest.raises(TypeError, match="immutable"):
        known.entries["policy.fund"].status = "repealed"


def test_only_changed_texts_are_encoded_again(write: Write, folder: Path) -> None:
    write()
    encoder = Counting()
    before = build(folder, encoder, today=TODAY)
    encoder.encoded.clear()
    write(replace={"For companies": "For everyone"})
    after = build(folder, encoder, before, today=TODAY)
    assert encoder.encoded == ["For everyone, the innovation fund."]
    fresh = build(folder, HashedNgrams(), today=TODAY)
    assert np.allclose(after.index.vectors, fresh.index.vectors)


def test_a_broken_folder_builds_nothing_and_says_everything(write: Write, folder: Path) -> None:
    write(replace={"status: in_force": "status: maybe", "as_of: 2026-01-15": "as_of: 2026-13-01"})
    with pytest.raises(KnowledgeBrokenError) as broken:
        build(folder, HashedNgrams(), today=TODAY)
    assert [mistake.code for mistake in broken.value.mistakes] == ["not_one_of", "no_such_date"]
