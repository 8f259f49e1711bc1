"""Staff save a file: what users then hear."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from knowledge.encoder import HashedNgrams
from knowledge.live import LiveKnowledge
from tests.knowledge.conftest import TODAY, Write

Begin = Callable[[], LiveKnowledge]


@pytest.fixture
def begin(folder: Path) -> Iterator[Begin]:
    begun: list[LiveKnowledge] = []

    def started() -> LiveKnowledge:
        begun.append(LiveKnowledge(folder, HashedNgrams(), today=lambda: TODAY))
        return begun[-1]

    yield started
    for live in begun:
        live.stop()


def test_a_saved_edit_is_live_after_a_refresh(write: Write, begin: Begin) -> None:
    write()
    live = begin()
    write(replace={"For companies, the innovation fund": "Now for everyone"})
    assert live.refresh()
    assert live.current.text("policy.fund", "summary", "en") == "Now for everyone."


def test_nothing_changed_means_the_same_snapshot(write: Write, begin: Begin) -> None:
    write()
    live = begin()
    before = live.current
    write()
    assert not live.refresh()
    assert live.current is before


def test_an_edit_of_the_same_length_and_time_is_seen(write: Write, begin: Begin) -> None:
    path = write()
    live = begin()
    path.write_text(
        path.read_text(encoding="utf-8").replace("For companies", "For everybody"[:13]), encoding="utf-8"
    )
    assert live.refresh()


def test_a_broken_file_leaves_its_last_good_version_live_and_says_so(write: Write, begin: Begin) -> None:
    write()
    live = begin()
    write(replace={"status: in_force": "status: maybe", "For companies": "For everyone"})
    assert not live.refresh()
    assert live.current.text("policy.fund", "summary", "en").startswith("For companies")
    assert [(each.file, each.code) for each in live.problems] == [("policy/fund.yml", "not_one_of")]


def test_a_mended_file_is_live_and_no_longer_a_problem(write: Write, begin: Begin) -> None:
    write()
    live = begin()
    write(replace={"status: in_force": "status: maybe"})
    live.refresh()
    write(replace={"For companies": "For everyone"})
    assert live.refresh()
    assert live.current.text("policy.fund", "summary", "en").startswith("For everyone")
    assert live.problems == ()


def test_a_good_new_file_is_found_while_another_is_broken(write: Write, begin: Begin) -> None:
    write()
    live = begin()
    write(replace={"status: in_force": "status: maybe"})
    write("faq.visa", "人才签证", "talent visa")
    assert live.refresh()
    assert set(live.current.entries) == {"policy.fund", "faq.visa"}
    top = live.current.search("怎么申请人才签证", "zh", today=TODAY).top
    assert top is not None
    assert top.entry_id == "faq.visa"


def test_a_deleted_file_is_gone(write: Write, begin: Begin) -> None:
    write().rename(write("faq.visa", "人才签证", "talent visa").with_name("x.txt"))
    live = begin()
    assert set(live.current.entries) == {"faq.visa"}


def test_a_deletion_others_refer_to_waits_until_they_are_mended(write: Write, begin: Begin) -> None:
    path = write("policy.old", "旧基金", "old fund")
    write(add="related: [policy.old]\n")
    live = begin()
    path.unlink()
    assert not live.refresh()
    assert "policy.old" in live.current.entries
    assert [each.code for each in live.problems] == ["unknown_entry"]
    write()
    assert live.refresh()
    assert set(live.current.entries) == {"policy.fund"}


def test_at_the_start_broken_files_are_left_out_and_named(write: Write, begin: Begin) -> None:
    write(replace={"status: in_force": "status: maybe"})
    write("faq.visa", "人才签证", "talent visa", add="related: [policy.fund]\n")
    live = begin()
    assert set(live.current.entries) == {"faq.visa"}
    assert live.left_out == ("policy/fund.yml",)
    assert live.current.related("faq.visa") == ()


def test_at_the_start_who_needs_a_broken_fact_is_left_out_too(
    write: Write, folder: Path, begin: Begin
) -> None:
    facts = folder / "facts.yml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("value: 310", "value: many"), encoding="utf-8")
    figures = {"面向企业": "有{fortune_500}家", "For companies": "There are {fortune_500}"}
    write("policy.five-hundred", "五百强", "five hundred", replace=figures)
    write()
    live = begin()
    assert set(live.current.entries) == {"policy.fund"}
    assert set(live.current.facts) == {"policies"}


def test_a_broken_facts_file_changes_no_figure(write: Write, folder: Path, begin: Begin) -> None:
    write(replace={"面向企业": "有{fortune_500}家", "For companies": "There are {fortune_500}"})
    live = begin()
    facts = folder / "facts.yml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("value: 310", "value: many"), encoding="utf-8")
    assert not live.refresh()
    assert "310" in live.current.text("policy.fund", "summary", "en")


def test_a_changed_figure_changes_every_answer(write: Write, folder: Path, begin: Begin) -> None:
    write(replace={"面向企业": "有{fortune_500}家", "For companies": "There are {fortune_500}"})
    live = begin()
    facts = folder / "facts.yml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("value: 310", "value: 320"), encoding="utf-8")
    assert live.refresh()
    assert "320" in live.current.text("policy.fund", "summary", "zh")


def test_an_empty_or_missing_folder_knows_nothing(tmp_path: Path) -> None:
    live = LiveKnowledge(tmp_path / "nowhere", HashedNgrams(), today=lambda: TODAY)
    assert live.current.search("创新基金", "zh", today=TODAY).band == "decline"


def test_a_watched_edit_is_live_in_a_second(write: Write, begin: Begin) -> None:
    write()
    live = begin()
    live.start_watching()
    time.sleep(0.3)
    took = []
    for slug in ("visa", "housing", "school"):
        begun = time.monotonic()
        write(f"faq.{slug}", f"人才{slug}", f"talent {slug}")
        assert _soon(lambda: f"faq.{slug}" in live.current.entries, seconds=10.0)  # noqa: B023
        took.append(time.monotonic() - begun)
    assert min(took) < 1.0


def test_the_watch_survives_what_is_broken(write: Write, begin: Begin) -> None:
    path = write()
    live = begin()
    live.start_watching()
    path.write_bytes(b"\xff\xfe\x00")
    assert _soon(lambda: bool(live.problems), seconds=10.0)
    write(replace={"For companies": "For everyone"})
    assert _soon(
        lambda: live.current.text("policy.fund", "summary", "en").startswith("For every"), seconds=10.0
    )


def test_searching_while_files_change_never_fails(write: Write, begin: Begin) -> None:
    write()
    live = begin()
    failed: list[Exception] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                assert live.current.search("创新基金是什么", "zh", today=TODAY).hits
            except Exception as error:
                failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    for number in range(10):
        write(f"faq.visa-{number}", f"第{number}种签证", f"visa {number}")
        live.refresh()
    done.set()
    asking.join()
    assert failed == []
    assert len(live.current.entries) == 11


def _soon(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return condition()
