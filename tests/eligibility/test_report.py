"""A check as the user reads it, on a phone, in both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.answers.answer import Bubble
from bot.answers.state import OVER
from bot.eligibility.check import check
from bot.eligibility.profile import Profile, unsure_of
from bot.eligibility.report import report
from bot.eligibility.trees import rules_of
from bot.eligibility.words import Words
from bot.phrases import LANGUAGES
from knowledge.snapshot import Snapshot
from tests.eligibility.companies import TODAY, profile_of
from tests.eligibility.test_cases import FILES
from tests.words import occasion, payloads, texts

FUND = "policy.tech-sme-innovation-fund"
LONGEST = 1200  # characters of a bubble, more than three screens of a phone
PHRASES = {"zh": ("符合：", "不符合：", "还不知道："), "en": ("Met: ", "Not met: ", "Not known: ")}


def said(
    entry_id: str, company: dict[str, Any], real: Snapshot, words: Words, language: str = "zh", unsure: str = ""
) -> list[Bubble]:
    profile = profile_of(company, words)
    profile = unsure_of(profile, unsure) if unsure else profile
    found = check(entry_id, profile, real, TODAY, words)
    assert found is not None
    return report(found, profile, occasion(real, language), words)


def company(entry_id: str, **but: Any) -> dict[str, Any]:
    return {**FILES[entry_id]["company"], **but}


def test_a_verdict_comes_with_a_line_for_every_condition(real: Snapshot, words: Words) -> None:
    text = texts(said(FUND, company(FUND), real, words))
    assert text.startswith("就目前所知，符合“上海市科技型中小企业技术创新资金”的条件。")
    assert text.count("· 符合：") == 9
    assert "只供参考，最终由银行或主管部门决定" in text


def test_what_fails_says_the_figure_the_wording_and_what_to_do(real: Snapshot, words: Words) -> None:
    text = texts(said(FUND, company(FUND, rd_spend_cny=300000, revenue_cny=6000000), real, words, "en"))
    assert text.startswith("As far as I can see, you do not meet the conditions of")
    line = (
        "· Not met: R&D last year at least 500,000 yuan (yours: 300,000 yuan). Wording: “at least 500,000 yuan on R&D”"
    )
    assert line in text
    assert "What would make you eligible:" in text
    assert "apply in a later year, once R&D spending has reached the minimum" in text
    assert "Basis: “Shanghai updates innovation fund rules for tech SMEs”" in text


def test_what_fails_stands_first_then_what_is_not_known_then_what_is_met(real: Snapshot, words: Words) -> None:
    text = texts(said(FUND, company(FUND, listed=True, employees="unknown"), real, words))
    assert text.index("· 不符合：") < text.index("· 还不知道：") < text.index("· 符合：")


def test_the_next_question_stands_alone_with_answers_to_press(real: Snapshot, words: Words) -> None:
    *_, question = said(FUND, company(FUND, listed="unknown"), real, words)
    assert question.text == "公司已经上市了吗？"
    assert [each.title for each in question.buttons] == ["是", "否", "不清楚"]
    assert payloads(question.buttons)[1] == '/tell_fact{"fact": "listed", "value": "false"}'


def test_a_question_asked_the_other_way_round_has_fitting_answers(real: Snapshot, words: Words) -> None:
    jingan = "policy.jingan-loan-interest-subsidy-2025"
    known = {"registered_district": "jingan", "tax_district": "jingan", "is_sme": True}
    *_, question = said(jingan, known, real, words)
    assert [(each.title, each.payload.split('"value": ')[1]) for each in question.buttons] == [
        ("没有", '"true"}'), ("有", '"false"}'), ("不清楚", '"unsure"}'),
    ]  # fmt: skip


def test_nothing_is_asked_once_the_verdict_is_clear(real: Snapshot, words: Words) -> None:
    assert len(said(FUND, company(FUND, listed=True, employees="unknown"), real, words)) == 1


def test_what_the_company_does_not_know_is_named_and_not_asked_again(real: Snapshot, words: Words) -> None:
    (bubble,) = said(FUND, company(FUND, rd_staff_pct="unknown"), real, words, unsure="rd_staff_pct")
    assert "还差一项信息" in bubble.text
    assert "您也不清楚的：研发人员占比" in bubble.text


def test_a_failed_condition_leads_on_to_what_helps(real: Snapshot, words: Words) -> None:
    (bubble,) = said("loan_product.credit-subsidised-loan", {"credit_report_valid": False}, real, words)
    assert '/choose_entry{"entry": "service.credit-evaluation"}' in payloads(bubble.buttons)
    assert "/request_person" in payloads(bubble.buttons)


def test_several_sources_are_numbered_and_a_sample_is_marked(real: Snapshot, words: Words) -> None:
    text = texts(said("loan_product.credit-subsidised-loan", {"credit_report_valid": False}, real, words))
    assert text.startswith("【示例】")
    assert "report." in text
    assert "[1]\n" in text
    assert "依据[2]：《示例条款》（示例）" in text


def test_what_must_not_be_is_not_said_as_if_it_should(real: Snapshot, words: Words) -> None:
    clean = texts(said("recognition.tech-sme", company("recognition.tech-sme"), real, words))
    listed = texts(said("recognition.tech-sme", company("recognition.tech-sme", on_abnormal_list=True), real, words))
    assert "· 符合：没有这种情形：被列入经营异常名录" in clean
    assert "· 不符合：被列入经营异常名录" in listed


def test_of_alternatives_only_what_stands_in_the_way_is_shown(real: Snapshot, words: Words) -> None:
    hnte = "recognition.high-tech-enterprise"
    text = texts(said(hnte, company(hnte, revenue_cny=60000000, rd_spend_3y_cny=2000000), real, words))
    assert "· 不符合：近三年研发费用占销售收入不低于4%（您的情况：2.5%）" in text
    assert "不低于5%" not in text


def test_a_share_of_nothing_is_for_a_person(real: Snapshot, words: Words) -> None:
    bubbles = said(FUND, company(FUND, revenue_cny=0), real, words)
    assert "需要人工判断：上年研发投入不低于营业收入的5%" in texts(bubbles)
    assert "/request_person" in payloads(bubbles[-1].buttons)


def test_a_closed_window_is_said(real: Snapshot, words: Words) -> None:
    hnte = "recognition.high-tech-enterprise"
    assert "2026年申报：已于2026年10月10日截止" in texts(said(hnte, company(hnte), real, words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_over_never_fits_without_saying_so(language: str, real: Snapshot, words: Words) -> None:
    over = [name for name in FILES if real.state(name, TODAY) in OVER]
    marks = {"zh": ("【已过期】", "这一项已经不能申请"), "en": ("[Expired]", "you can no longer apply for it")}
    assert len(over) == 2
    for name in over:
        text = texts(said(name, company(name), real, words, language))
        assert [mark for mark in marks[language] if mark not in text] == []
        assert "?" not in text
        assert "？" not in text


def test_an_entry_that_expires_tomorrow_says_so_the_day_after(real: Snapshot, words: Words) -> None:
    last = real.entries[FUND].valid_until
    assert last is not None
    profile = profile_of(company(FUND), words)
    states = [check(FUND, profile, real, day, words).state for day in (last, date(2030, 12, 9))]  # type: ignore[union-attr]
    assert states == ["in_force", "expired"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_can_be_said_of_a_company_that_says_nothing_and_of_one_that_says_all(
    language: str, real: Snapshot, words: Words
) -> None:
    for name in rules_of(real):
        for known in ({}, FILES[name]["company"] if name in FILES else {"employees": 40}):
            bubbles = said(name, known, real, words, language)
            assert max(len(bubble.text) for bubble in bubbles) <= LONGEST, name
            assert "{" not in texts(bubbles)
            assert any(phrase in texts(bubbles) for phrase in PHRASES[language])


def test_an_entry_without_conditions_is_not_checked(real: Snapshot, words: Words) -> None:
    assert check("faq.fortune-500", Profile(), real, TODAY, words) is None
