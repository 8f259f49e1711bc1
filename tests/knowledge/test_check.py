"""What the check says of entries, facts and how they hang together."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.check import check_folder
from knowledge.mistakes import messages
from tests.knowledge.conftest import REAL_CONTENT, TODAY, Write

CASES = [
    ({"as_of: 2026-01-15": "as_of: 2026-02-30"}, "no_such_date", "as_of"),
    ({"as_of: 2026-01-15": "as_of: 2026/1/15"}, "date_shape", "as_of"),
    ({"as_of: 2026-01-15": "as_of: 2026"}, "want_date", "as_of"),
    ({"status: in_force": "status: in_fource"}, "not_one_of", "status"),
    ({"sample: false": "sample: 0"}, "want_yes_no", "sample"),
    ({"https://example.org/notice": "www.example.org"}, "want_link", "url"),
    ({"https://example.org/notice": "javascript:alert(1)"}, "want_link", "url"),
    ({"owner: {desk: zone-service-desk}": ""}, "missing_field", "id"),
    ({"status: in_force": "statuss: in_force"}, "unknown_field", "statuss"),
    ({"id: policy.fund": "id: policy.found"}, "id_and_file_differ", "id"),
    ({"type: policy": "type: programme"}, "type_and_folder_differ", "type"),
    ({", 怎么申请创新基金": ""}, "few_questions", "zh: [创新"),
    ({', url: "https://example.org/notice"': ""}, "no_url_or_doc_no", "- {title"),
    ({"sample: false": "sample: true"}, "sample_mark_missing", "name"),
    ({"创新基金面向企业": "创新基金面向50家企业"}, "numbers_differ", "en: For companies"),
    ({"创新基金面向企业": "创新基金面向{fortune_50}家企业"}, "unknown_fact", "面向{"),
    ({"创新基金面向企业": "创新基金面向{fortune_500}家企业"}, "fact_in_one_language", "en: For companies"),
    ({"创新基金面向企业。": "创新基金面向企业}。"}, "lone_brace", "面向企业}"),
    ({"创新基金面向企业。": "For companies."}, "not_chinese", "zh: For companies."),
    ({"创新基金面向企业。": "请拨打13812345678。"}, "mobile_number", "1381"),
    ({"parks: [all]": "parks: [park.moon]"}, "unknown_entry", "park.moon"),
]
RULE_FACTS = """\
employees:
  {type: number, unit: null, label: {zh: 职工人数, en: employees}, question: {zh: 有多少人？, en: How many?}}
listed:
  {type: boolean, label: {zh: 上市, en: listed}, question: {zh: 上市了吗？, en: Is it listed?}}
"""
ADDED = [
    ("valid_from: 2026-02-01\nvalid_until: 2026-01-31", "ends_before_it_begins", "valid_until"),
    ("valid_until: 2026-01-31", "in_force_but_over", "valid_until"),
    ("related: [policy.fond]", "unknown_entry", "related"),
    ("supersedes: [policy.fund]", "refers_to_itself", "supersedes"),
    ("stages: [begining]", "unknown_code", "stages"),
    ("facts: [fortune_50]", "unknown_fact", "facts"),
    ("aliases: {zh: [甲，乙], en: [ab]}", "list_in_one_item", "aliases"),
    ('contact: {phone: "13812345678"}', "mobile_number", "contact"),
    ('contact: {phone: "call us"}', "want_phone", "contact"),
    ("support: {kind: grant, amount: 500元钱}", "want_number", "support"),
    (
        "eligibility: {all: [{id: a, rule: x <= 5 人, label: {zh: 甲, en: a}}]}",
        "rule_unreadable",
        "eligibility",
    ),
    (
        "eligibility: {all: [{id: a, rule: x < 5 and y, label: {zh: 甲, en: a}}]}",
        "rule_not_one_comparison",
        "eligib",
    ),
    ("eligibility: {any: []}", "want_condition", "eligibility"),
    ("eligibility: {all: [{id: a, label: {zh: 甲, en: a}}]}", "missing_field", "eligibility"),
]


@pytest.mark.parametrize(("replace", "code", "line"), CASES, ids=[case[1] for case in CASES])
def test_a_wrong_value_is_told_where_it_stands(
    write: Write, replace: dict[str, str], code: str, line: str
) -> None:
    assert code in found_at(write(replace=replace), line)


@pytest.mark.parametrize(("added", "code", "line"), ADDED, ids=[case[1] for case in ADDED])
def test_a_wrong_line_is_told_where_it_stands(write: Write, added: str, code: str, line: str) -> None:
    assert code in found_at(write(add=added + "\n"), line)


def test_a_right_folder_has_no_mistakes(write: Write, folder: Path) -> None:
    condition = "{id: a, rule: employees <= 500, label: {zh: 甲, en: a}}"
    write(add=f"facts: [fortune_500]\neligibility: {{all: [{condition}]}}\n")
    assert check_folder(folder, TODAY) == ()


def test_one_alias_on_two_entries_is_told_at_both(write: Write, folder: Path) -> None:
    write("policy.a", "甲基金", "fund A", add="aliases: {zh: [创新资金], en: [grant]}\n")
    write("policy.b", "乙基金", "fund B", add="aliases: {zh: [「创新资金」], en: [other]}\n")
    found = [(mistake.file, mistake.code) for mistake in check_folder(folder, TODAY)]
    assert found == [("policy/a.yml", "alias_of_two"), ("policy/b.yml", "alias_of_two")]


def test_two_editions_may_share_their_names(write: Write, folder: Path) -> None:
    write("policy.fund-2021", replace={"status: in_force": "status: expired"})
    write("policy.fund", add="supersedes: [policy.fund-2021]\n")
    assert check_folder(folder, TODAY) == ()


def test_editions_that_supersede_each_other_are_told(write: Write, folder: Path) -> None:
    write("policy.a", "甲基金", "fund A", add="supersedes: [policy.b]\n")
    write("policy.b", "乙基金", "fund B", add="supersedes: [policy.a]\n")
    assert {mistake.code for mistake in check_folder(folder, TODAY)} == {"supersedes_in_a_circle"}


def test_who_refers_to_a_broken_file_is_not_to_blame(write: Write, folder: Path) -> None:
    write("policy.a", "甲基金", "fund A", replace={"status: in_force": "status: maybe"})
    write("policy.b", "乙基金", "fund B", add="related: [policy.a]\n")
    assert [mistake.file for mistake in check_folder(folder, TODAY)] == ["policy/a.yml"]


def test_company_facts_are_checked_once_they_are_listed(write: Write, folder: Path) -> None:
    write(add="eligibility: {all: [{id: a, rule: employes <= 500, label: {zh: 甲, en: a}}]}\n")
    assert check_folder(folder, TODAY) == ()
    (folder / "rule_facts.yml").write_text(RULE_FACTS, encoding="utf-8")
    (mistake,) = check_folder(folder, TODAY)
    assert (mistake.code, mistake.values["suggestion"]) == ("unknown_company_fact", "employees")


def test_a_rule_compares_what_can_be_compared(write: Write, folder: Path) -> None:
    (folder / "rule_facts.yml").write_text(RULE_FACTS, encoding="utf-8")
    write(add="eligibility: {all: [{id: a, rule: listed <= 5, label: {zh: 甲, en: a}}]}\n")
    assert [mistake.code for mistake in check_folder(folder, TODAY)] == ["rule_types_differ"]


def test_a_fact_in_two_files_is_told(folder: Path) -> None:
    (folder / "facts_loans.yml").write_text(
        (folder / "facts.yml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    found = {(mistake.file, mistake.code) for mistake in check_folder(folder, TODAY)}
    assert found == {("facts_loans.yml", "fact_in_two_files")}


def test_a_file_that_is_not_read_is_told(folder: Path) -> None:
    (folder / "policies").mkdir()
    (folder / "policies" / "a.yml").write_text("id: a", encoding="utf-8")
    assert [mistake.code for mistake in check_folder(folder, TODAY)] == ["unknown_file"]


def test_only_time_makes_an_entry_end(write: Write, folder: Path) -> None:
    write(add="valid_until: 2026-11-22\n")
    assert check_folder(folder, TODAY) == ()
    (mistake,) = check_folder(folder, date(2026, 11, 23))
    assert mistake.waits_for_staff


def test_the_command_prints_places_and_both_languages(
    write: Write, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(replace={"as_of: 2026-01-15": "as_of: 2026-02-30"})
    write("policy.other", "别的基金", "another fund", replace={"status: in_force": "status: maybe"})
    assert main(["check", str(path), "--folder", str(folder), "--today", "2026-11-22"]) == 1
    printed = capsys.readouterr().out
    assert "policy/fund.yml:15:8: " in printed
    assert "日期“2026-02-30”不存在" in printed
    assert "There is no day `2026-02-30`" in printed
    assert "other.yml" not in printed


def test_the_command_prints_json(write: Write, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(replace={"as_of: 2026-01-15": "as_of: 2026-02-30"})
    assert main(["check", "--json", "--folder", str(folder), "--today", "2026-11-22"]) == 1
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["file"], row["line"], row["column"], row["code"]) == (
        "policy/fund.yml",
        15,
        8,
        "no_such_date",
    )


def test_the_command_is_content_with_a_right_folder(write: Write, folder: Path) -> None:
    write()
    assert main(["check", "--folder", str(folder), "--today", "2026-11-22"]) == 0


def test_every_message_speaks_both_languages_and_is_used() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in REAL_CONTENT.parent.glob("*.py"))
    for code, message in messages().items():
        assert message["zh"], code
        assert message["en"], code
        assert f'"{code}"' in sources, code


def found_at(path: Path, text: str) -> set[str]:
    """The codes of the mistakes in the line with a text."""
    lines = path.read_text(encoding="utf-8").split("\n")
    found = check_folder(path.parents[1], TODAY)
    assert found
    return {mistake.code for mistake in found if text in lines[mistake.line - 1]}
