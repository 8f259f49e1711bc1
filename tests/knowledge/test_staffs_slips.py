"""Each slip of hand-written YAML is told at its line, with what to write instead."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.located_yaml import MAX_BYTES, MAX_DEPTH, read, read_text

SLIPS = [
    ("name： 科技履约贷", "full_width_colon", 1),
    ("a: 1\nb:2", "space_after_colon", 2),
    ("a: 1\nb:\u00a02", "space_after_colon", 2),
    ("a: {zh:甲, en: B}", "space_after_colon", 1),
    ("a: {zh：甲, en: B}", "full_width_colon", 1),
    ("a: {zh: 甲， en: B}", "full_width_comma", 1),
    ("a:\n\tb: 1", "indent", 2),
    ("a:\n　　b: 1", "indent", 2),
    ("note: 受理时间: 9:00", "colon_in_text", 1),
    ("title: C# 培训 #1", "text_lost", 1),
    ("title: [征求意见] 办法", "bracket_then_text", 1),
    ('title: "张江"是什么', "quote_then_text", 1),
    ("title: *必填", "special_start", 1),
    ("title: @办公室", "special_start", 1),
    ("title: %50", "special_start", 1),
    ("title: `代码`", "special_start", 1),
    ("title: !!python/object:os.system x", "special_start", 1),
    ("a:\n  -一\n  - 二", "space_after_dash", 2),
    ("sample: no", "key_word", 1),
    ("no: 1", "key_word_as_field", 1),
    ("closes: 18:00", "quote_time", 1),
    ("code: 012345", "quote_code", 1),
    ("code: 910000001234500030", "quote_code", 1),
    ("a: 1\nb: 2\na: 3", "duplicate_field", 3),
    ("a: ${HOME}", "placeholder", 1),
    ("a: 甲\u202e乙", "unseen_character", 1),
    ('a: "\\u202e"', "unseen_character", 1),
    ("a: 甲\u200b乙", "unseen_character", 1),
    ("a: x\x07y", "unseen_character", 1),
    ("a: 1\n---\nb: 2", "second_document", 2),
    ("- {a: &x 1, b: *x}", "anchor_or_tag", 1),
    ("a: [1, 2", "bracket_not_closed", 1),
    ('a: "x', "quote_not_closed", 1),
]


@pytest.mark.parametrize(
    ("text", "code", "line"), SLIPS, ids=[f"{code}-{text[:12]!r}" for text, code, _ in SLIPS]
)
def test_a_slip_is_found_at_its_line(text: str, code: str, line: int) -> None:
    assert (code, line) in [(slip.code, slip.line) for slip in read_text(text).slips]


RIGHT = [
    "zh: 张江：创新",
    "text: |\n  注意：见下\n  zh：不是字段\n  -不是列表\n  \tx: y\n  时间: 9:00\nb: 2",
    "url: https://example.org/a#b",
    "a: 1 # 说明",
    "type: policy   # policy | loan: one of these",
    "phone: '021-12345678'",
    "closes: '18:00'",
    "a: [一, 二]\nb: {zh: 甲, en: b}",
    "a:\n  - zh: 甲\n    en: b\n  - -5",
    "a: \"受理时间: 9:00 # [x] *\"\nb: 'C# #1'",
    'a: ["一: 二",\n  "三：四"]\nb: 1',
    'a: "多行\n  zh：文字\n  完"\nb: 1',
    "value: 40000000000",
    "note: 50%",
    "a: {zh: “张江”是什么, en: it's}",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert read_text(text).slips == ()


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    found = read_text("name： 甲\nnote: 时间: 9:00\ncloses: 18:00\nsample: no\n").slips
    assert {slip.line for slip in found} == {1, 2, 3, 4}


def test_text_stays_text() -> None:
    assert read_text("a: 2024-01-02\nb: true\nc: 12\nd:\n").data == {
        "a": "2024-01-02",
        "b": "true",
        "c": "12",
        "d": None,
    }


def test_positions_are_those_of_the_values() -> None:
    located = read_text("a:\n  - b: 甲\n    c: 乙\n")
    assert located.place(("a", 0, "c")) == (3, 8)
    assert located.place_of_key(("a", 0, "c")) == (3, 5)
    assert located.place(("a", 0, "missing", "deeper")) == (2, 5)


def test_too_deep_and_too_large_files_are_refused() -> None:
    assert [slip.code for slip in read_text("[" * 100_000).slips] == ["too_deep"]
    assert read_text("[" * MAX_DEPTH + "]" * MAX_DEPTH).slips == ()
    assert [slip.code for slip in read(b"a" * (MAX_BYTES + 1)).slips] == ["too_large"]


def test_a_file_in_another_encoding_is_told_so() -> None:
    assert [slip.code for slip in read("名称: 张江".encode("gb18030")).slips] == ["not_utf8"]


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    assert read("\ufeffa: 1\r\nb: 2\r\n".encode()).data == {"a": "1", "b": "2"}


YAML_LIKE = st.text(
    st.sampled_from(list("ab:：-– \n\t　#'\"[]{}，,*&!|>%@`?0$~/\\甲\u202e\x07")), max_size=60
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(YAML_LIKE, st.text(max_size=60)))
def test_no_text_crashes_the_reader_and_every_slip_has_a_place(text: str) -> None:
    lines = text.count("\n") + text.count("\r") + 1
    for slip in read_text(text).slips:
        assert 1 <= slip.line <= lines
        assert slip.column >= 1


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_no_bytes_crash_the_reader(raw: bytes) -> None:
    assert all(slip.line >= 1 for slip in read(raw).slips)


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "{",
        "- ",
        "a: ",
        "? ",
        "，a: ",
        "[x] ",
        "'x' ",
        " #",
        "　",
        "&a ",
        "a: {，a: ",
        "1,",
        'a: "\\',
        "a:\n ",
        "[\n",
    ],
)
def test_a_hostile_file_is_refused_or_read_fast(text: str) -> None:
    begin = time.process_time()
    read((text * MAX_BYTES).encode()[:MAX_BYTES].decode("utf-8", "ignore").encode())
    assert time.process_time() - begin < 3


def test_a_file_full_of_mistakes_is_left_after_the_first_hundreds() -> None:
    found = read_text("a: 1\n" * 10_000).slips
    assert found[-1].code == "too_many_mistakes"
    assert len(found) < 300
