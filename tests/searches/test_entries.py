"""Policies, approvals and loans by who they are for and what they are about."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.searches.entries import fitting
from bot.searches.search import asked
from tests.words import NOTICE, Content, occasion


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return Content(tmp_path / "content")


def found(content: Content, kind: str, *, show_samples: bool = True, **named: str) -> list[str]:
    search = asked(kind, {name: (code,) for name, code in named.items()})
    return [str(entry.id) for entry in fitting(search, occasion(content.snapshot(), show_samples=show_samples)).entries]


def test_those_in_force_come_before_those_that_are_planned(content: Content) -> None:
    content.add("policy.plan", "计划", "Plan", status="planned", as_of="2026-11-01")
    content.add("policy.fund", "资金", "Fund", as_of="2020-01-01")
    assert found(content, "policies") == ["policy.fund", "policy.plan"]


@pytest.mark.parametrize("status", ["expired", "repealed"])
def test_what_is_over_is_never_listed_but_counted(content: Content, status: str) -> None:
    content.add("policy.fund", "资金", "Fund")
    content.add("policy.old", "旧政策", "Old policy", status=status)
    result = fitting(asked("policies", {}), occasion(content.snapshot()))
    assert ([str(each.id) for each in result.entries], result.over) == (["policy.fund"], 1)


def test_a_superseded_edition_is_not_listed(content: Content) -> None:
    content.add("policy.old", "旧办法", "Old measures")
    content.add("policy.new", "新办法", "New measures", supersedes=["policy.old"])
    assert found(content, "policies") == ["policy.new"]


def test_a_policy_is_found_by_its_aim(content: Content) -> None:
    content.add("policy.money", "资助", "Grant", aims=["finance"])
    content.add("policy.other", "其他", "Other")
    assert found(content, "policies", aim="finance") == ["policy.money"]


def test_a_policy_is_found_by_whom_it_is_for(content: Content) -> None:
    content.add("policy.banks", "银行政策", "Policy for banks", audience=["bank"])
    content.add("policy.firms", "企业政策", "Policy for firms", audience=["enterprise"])
    assert found(content, "policies", audience="bank") == ["policy.banks"]


def test_a_loan_for_every_stage_is_listed_behind_one_for_the_stage_asked_for(content: Content) -> None:
    content.add("loan_product.all", "通用贷", "Loan for all", as_of="2026-10-01")
    content.add("loan_product.young", "初创贷", "Loan for the young", stages=["beginning"], as_of="2026-01-01")
    content.add("loan_product.old", "成熟贷", "Loan for the mature", stages=["maturing"])
    assert found(content, "loans", stage="beginning") == ["loan_product.young", "loan_product.all"]


def test_a_policy_of_one_park_is_not_listed_for_another(content: Content) -> None:
    for park in ("songjiang", "jingan"):
        content.add(f"park.{park}", f"{park}园", f"{park} Park")
    content.add("policy.city", "市政策", "City policy")
    content.add("policy.jingan", "静安政策", "Jing'an policy", jurisdiction={"level": "park", "parks": ["park.jingan"]})
    assert found(content, "policies", park="park.songjiang") == ["policy.city"]
    assert found(content, "policies", park="park.jingan") == ["policy.jingan", "policy.city"]


def test_samples_stand_last_and_can_be_hidden(content: Content) -> None:
    content.add(
        "loan_product.demo",
        "贷款（示例）",
        "Loan (sample)",
        sample=True,
        as_of="2026-11-01",
        sources=[{**NOTICE, "kind": "sample"}],
    )
    content.add("loan_product.real", "真贷款", "Real loan", as_of="2020-01-01")
    assert found(content, "loans") == ["loan_product.real", "loan_product.demo"]
    assert found(content, "loans", show_samples=False) == ["loan_product.real"]


def test_each_list_has_its_own_types(content: Content) -> None:
    content.add("policy.a", "政策甲", "Policy A")
    content.add("approval.b", "审批乙", "Approval B")
    content.add("loan_product.c", "贷款丙", "Loan C")
    content.add("financial_product.d", "产品丁", "Product D")
    assert found(content, "approvals") == ["approval.b"]
    assert sorted(found(content, "loans")) == ["financial_product.d", "loan_product.c"]
