"""Every rule on companies written down beside it: the verdict and its reasons, against the real content."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.eligibility.check import check
from bot.eligibility.rules import reads
from bot.eligibility.trees import rules_of
from bot.eligibility.words import Words
from bot.settings import ROOT
from knowledge.snapshot import Snapshot
from tests.eligibility.companies import TODAY, profile_of

FOLDER = ROOT / "tests" / "eligibility" / "cases"
FILES = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yml"))}
CASES = [
    pytest.param(name, case, id=f"{name}: {case['case']}") for name, file in FILES.items() for case in file["cases"]
]


@pytest.mark.parametrize(("entry_id", "case"), CASES)
def test_a_company_gets_the_verdict_and_the_reasons_that_are_written_down(
    entry_id: str, case: dict[str, Any], real: Snapshot, words: Words
) -> None:
    company = FILES[entry_id]["company"] | case["but"]
    found = check(entry_id, profile_of(company, words), real, TODAY, words)
    assert found is not None
    met = found.judgement.met
    assert (found.verdict, found.state) == (case["verdict"], case.get("state", "in_force"))
    assert {name for name, value in met.items() if value is False} == set(case.get("not_met", []))
    assert {name for name, value in met.items() if value is None} == set(case.get("not_known", []))
    assert [each.condition.id for each in found.to_change] == case.get("change", [])
    assert list(found.asks) == case.get("asks", [])


@pytest.mark.parametrize("entry_id", FILES)
def test_each_condition_fails_somewhere_and_each_fact_is_unknown_somewhere(entry_id: str, real: Snapshot) -> None:
    rule, cases = rules_of(real)[entry_id].rule, FILES[entry_id]["cases"]
    failing = {name for case in cases for name in case.get("not_met", [])}
    unknown = {name for case in cases for name, value in case["but"].items() if value == "unknown"}
    base = {name for condition in rule.conditions for name in condition.reads} - rule.derived.keys()
    parts = {name for formula in rule.derived.values() for name in reads(formula)}
    assert {condition.id for condition in rule.conditions} - failing == set()
    assert {"founded" if name == "months_since_registration" else name for name in base | parts} - unknown == set()


def test_every_file_of_cases_belongs_to_an_entry_with_conditions(real: Snapshot) -> None:
    assert FILES.keys() <= rules_of(real).keys()
    assert len(FILES) >= 8
