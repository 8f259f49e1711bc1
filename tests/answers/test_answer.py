from __future__ import annotations

from datetime import date

import pytest

from bot.answers.answer import LONGEST, answer
from tests.words import NOTICE, SEED, Content, both, occasion, payloads, texts


def said(content: Content, entry: str, language: str = "zh", **options: object) -> str:
    snapshot = content.snapshot()
    return texts(answer(snapshot.entries[entry], occasion(snapshot, language, **options)))  # type: ignore[arg-type]


def test_a_figure_of_the_founding_article_is_dated_by_its_month(content: Content) -> None:
    content.add("faq.firms", "企业数量", "Number of firms", as_of="2017-05-13", sources=[SEED])
    assert "截至2017年5月，" in said(content, "faq.firms", "zh")
    assert "As of May 2017." in said(content, "faq.firms", "en")


def test_any_other_entry_is_dated_by_its_day(content: Content) -> None:
    content.add("faq.firms", "企业数量", "Number of firms")
    assert said(content, "faq.firms", "zh").endswith("截至2026年1月15日。")
    assert said(content, "faq.firms", "en").endswith("As of 15 January 2026.")


@pytest.mark.parametrize(("as_of", "old"), [("2025-11-21", True), ("2025-11-22", False)])
def test_an_entry_older_than_a_year_carries_a_remark(content: Content, as_of: str, old: bool) -> None:
    content.add("faq.firms", "企业数量", "Number of firms", as_of=as_of)
    assert ("已过一年以上" in said(content, "faq.firms")) is old
    assert ("more than a year ago" in said(content, "faq.firms", "en")) is old


def test_a_source_is_said_with_title_issuer_number_and_link(content: Content) -> None:
    source = {**NOTICE, "doc_no": "沪科〔2025〕212号", "url": "https://example.org/a", "published": "2025-12-30"}
    content.add("faq.firms", "企业数量", "Number of firms", sources=[source])
    assert "来源：《通知》，市科委，沪科〔2025〕212号 https://example.org/a" in said(content, "faq.firms")


@pytest.mark.parametrize(("kind", "zh", "en"), [("media", "媒体报道", "media report"), ("repost", "转载", "repost")])
def test_a_source_that_is_not_official_is_called_what_it_is(content: Content, kind: str, zh: str, en: str) -> None:
    content.add("faq.firms", "企业数量", "Number of firms", sources=[{**NOTICE, "kind": kind}])
    assert f"，市科委（{zh}）" in said(content, "faq.firms", "zh")
    assert f", City commission ({en})" in said(content, "faq.firms", "en")


def test_a_sample_says_so_before_anything_else(content: Content) -> None:
    content.add("loan_product.x", "贷款（示例）", "Loan (sample)", sample=True, sources=[{**NOTICE, "kind": "sample"}])
    assert said(content, "loan_product.x", "zh").startswith("【示例】")
    assert said(content, "loan_product.x", "en").startswith("[Sample]")


def test_remarks_of_staff_are_said(content: Content) -> None:
    content.add("faq.firms", "企业数量", "Number of firms", remarks=both("转载，待核实。", "A repost, to be verified."))
    assert "注意：转载，待核实。" in said(content, "faq.firms", "zh")
    assert "Note: A repost, to be verified." in said(content, "faq.firms", "en")


def test_another_account_is_told_with_its_date_and_its_source(content: Content) -> None:
    content.add("faq.other", "另一个数", "Another figure", answer=both("有1400家。还有别的。", "There are 1,400. And more."),
                sources=[{**NOTICE, "published": "2017-05-05"}])  # fmt: skip
    content.add("faq.firms", "企业数量", "Number of firms", contradicts=["faq.other"])
    assert "另一种说法（2017年5月5日，通知）：有1400家。" in said(content, "faq.firms", "zh")
    assert "Another account (5 May 2017, Notice): There are 1,400.\n" in said(content, "faq.firms", "en")


def test_at_most_two_look_alike_figures_are_told_apart(content: Content) -> None:
    content.fact(
        "firms",
        310,
        "500强企业",
        "Fortune 500 firms",
        unit=both("家", "firms"),
        confused_with=["parks", "built", "pilot"],
    )
    content.fact("parks", 22, "分园", "parks", unit=both("个", "parks"))
    content.fact("built", 220, "众创空间", "makerspaces", qualifier="more_than")
    content.fact("pilot", 12, "试点园区", "pilot parks")
    content.add(
        "faq.firms", "企业数量", "Number of firms", answer=both("有{firms}家。", "There are {firms}."), facts=["firms"]
    )
    assert "有310家。" in said(content, "faq.firms")
    assert "请勿混淆：分园（22个）；众创空间（超过220）" in said(content, "faq.firms")
    assert "Not to be confused with: parks (22 parks); makerspaces (more than 220)" in said(content, "faq.firms", "en")


def test_conditions_are_said_as_labels_and_never_as_rules(content: Content) -> None:
    leaf = {"rule": "listed == false", "if_false": both("不行", "no")}
    tree = {
        "all": [
            {"id": "unlisted", "label": both("未上市", "not listed"), **leaf},
            {
                "any": [
                    {"id": "a", "label": both("在园区", "in a park"), **leaf},
                    {"id": "b", "label": both("被推荐", "recommended"), **leaf},
                ]
            },
            {"not": {"id": "c", "label": both("失信", "dishonest"), **leaf}},
        ]
    }
    content.add("policy.fund", "创新资金", "Innovation fund", eligibility=tree)
    zh, en = said(content, "policy.fund", "zh"), said(content, "policy.fund", "en")
    assert "条件：\n· 未上市\n· 满足其一：在园区；被推荐\n· 没有这种情形：失信\n" in zh
    assert "Conditions:\n· not listed\n· one of: in a park; recommended\n· not: dishonest\n" in en
    assert "listed ==" not in zh + en


@pytest.mark.parametrize(
    ("today", "zh", "en"),
    [
        (date(2026, 11, 30), "2026年申报：2026年12月1日开始", "2026 call: opens on 1 December 2026"),
        (date(2026, 12, 1), "2026年申报：正在受理，2026年12月20日截止", "2026 call: open until 20 December 2026"),
        (date(2026, 12, 20), "2026年申报：正在受理，2026年12月20日截止", "2026 call: open until 20 December 2026"),
        (date(2026, 12, 21), "2026年申报：已于2026年12月20日截止", "2026 call: closed on 20 December 2026"),
    ],
)
def test_a_call_says_whether_one_can_apply_today(content: Content, today: date, zh: str, en: str) -> None:
    content.add(
        "policy.fund",
        "创新资金",
        "Innovation fund",
        calls=[{"year": 2026, "opens": "2026-12-01", "closes": "2026-12-20"}],
    )
    assert zh in said(content, "policy.fund", "zh", today=today)
    assert en in said(content, "policy.fund", "en", today=today)


def test_a_deadline_that_was_moved_names_both_days(content: Content) -> None:
    call = {"year": 2026, "opens": "2026-10-01", "closes": "2026-11-01", "extended_to": "2026-12-01"}
    content.add("policy.fund", "创新资金", "Innovation fund", calls=[call])
    assert "正在受理，2026年12月1日截止（原定2026年11月1日，已延期）" in said(content, "policy.fund")


def test_the_terms_of_a_loan_are_said_in_money_as_the_language_writes_it(content: Content) -> None:
    terms = {
        "amount": {"min": 100000, "max": 5000000},
        "term_months": {"max": 12},
        "rate": {"basis": "LPR", "spread_bp": 50},
        "collateral": "none",
    }
    content.add("loan_product.x", "科技贷", "Tech loan", terms=terms)
    assert "额度：10万元至500万元\n期限：最长12个月\n利率：LPR加50个基点\n担保：不需要抵押" in said(
        content, "loan_product.x", "zh"
    )
    assert "Amount: 100,000 to 5 million yuan\nTerm: up to 12 months\nInterest: LPR plus 50 basis points" in said(
        content, "loan_product.x", "en"
    )


PROCEDURE = {
    "documents": [
        {"id": "licence", "zh": "营业执照", "en": "Business licence", "required": True},
        {"id": "plan", "zh": "计划书", "en": "Business plan", "required": False},
        {
            "id": "value",
            "zh": "评估报告",
            "en": "Valuation",
            "required": "conditional",
            "when": both("有评估时", "if valued"),
        },
    ],
    "steps": [
        {"n": 1, "zh": "网上提交", "en": "File online", "channel": "online", "url": "https://example.org/apply"},
        {"n": 2, "zh": "审查", "en": "Examination", "time_limit": {"days": 3, "unit": "working_day"}},
    ],
    "time_limit": {"promised": {"days": 1, "unit": "working_day"}},
    "fees": {"charged": False},
    "contact": {"phone": "021-12345678"},
}


def test_documents_steps_time_fees_and_contact_are_said(content: Content) -> None:
    content.add("approval.pledge", "质押登记", "Pledge registration", **PROCEDURE)
    zh, en = said(content, "approval.pledge", "zh"), said(content, "approval.pledge", "en")
    assert (
        "材料：\n· 营业执照\n· 计划书（可选）\n· 评估报告（有评估时）\n步骤：\n1. 网上提交 https://example.org/apply\n2. 审查（3个工作日）"
        in zh
    )
    assert "承诺时限：1个工作日\n收费：不收费\n咨询：021-12345678" in zh
    assert "Promised time: 1 working day\nFees: free of charge\nContact: 021-12345678" in en


def test_a_short_answer_is_one_bubble(content: Content) -> None:
    content.add("approval.pledge", "质押登记", "Pledge registration", **PROCEDURE)
    snapshot = content.snapshot()
    assert len(answer(snapshot.entries["approval.pledge"], occasion(snapshot))) == 1


def test_how_it_is_done_has_a_bubble_of_its_own_when_one_would_be_too_long(content: Content) -> None:
    content.add(
        "approval.pledge", "质押登记", "Pledge registration", summary=both("长" * LONGEST, "long " * 200), **PROCEDURE
    )
    snapshot = content.snapshot()
    first, second = answer(snapshot.entries["approval.pledge"], occasion(snapshot))
    assert "来源" in first.text
    assert second.text.startswith("质押登记：条件与办理\n材料：")


def test_up_to_three_related_entries_can_be_pressed(content: Content) -> None:
    others = [content.add(f"policy.p{n}", f"政策{n}", f"Policy {n}") for n in "abc"]
    content.add("policy.fund", "创新资金", "Innovation fund", related=others)
    snapshot = content.snapshot()
    buttons = answer(snapshot.entries["policy.fund"], occasion(snapshot, "en"))[-1].buttons
    assert [each.title for each in buttons] == ["Policy a", "Policy b", "Policy c"]


def test_what_is_over_is_not_offered_as_a_next_step(content: Content) -> None:
    content.add("policy.old", "旧政策", "Old policy", status="repealed")
    content.add("policy.fund", "创新资金", "Innovation fund", related=["policy.old"])
    snapshot = content.snapshot()
    assert answer(snapshot.entries["policy.fund"], occasion(snapshot))[-1].buttons == ()


def test_a_hidden_sample_is_not_offered_as_a_next_step(content: Content) -> None:
    content.add("loan_product.x", "贷款（示例）", "Loan (sample)", sample=True, sources=[{**NOTICE, "kind": "sample"}])
    content.add("policy.fund", "创新资金", "Innovation fund", related=["loan_product.x"])
    snapshot = content.snapshot()
    assert answer(snapshot.entries["policy.fund"], occasion(snapshot, show_samples=False))[-1].buttons == ()


def test_an_answer_that_is_not_certain_offers_a_person(content: Content) -> None:
    content.add("policy.fund", "创新资金", "Innovation fund")
    snapshot = content.snapshot()
    entry = snapshot.entries["policy.fund"]
    assert payloads(answer(entry, occasion(snapshot), certain=False)[-1].buttons) == ["/request_person"]
    assert answer(entry, occasion(snapshot), certain=True)[-1].buttons == ()
