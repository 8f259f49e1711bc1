from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

TODAY = date(2026, 11, 22)
REAL_CONTENT = Path(__file__).parents[2] / "knowledge" / "content"

ENTRY = """\
id: {type}.{slug}
type: {type}
sample: false
name: {{zh: {zh}, en: {en}}}
questions:
  zh: [{zh}是什么, 谁可以办{zh}, 怎么申请{zh}]
  en: ["what is {en}?", "who can get {en}?", "how to apply for {en}?"]
{text_field}:
  zh: {zh}面向企业。
  en: For companies, {en}.
status: in_force
jurisdiction: {{level: city, parks: [all]}}
sources:
  - {{title: {{zh: 通知, en: Notice}}, url: "https://example.org/notice", kind: official}}
as_of: 2026-01-15
owner: {{desk: zone-service-desk}}
"""

FACTS = """\
- id: fortune_500
  ref: F01
  name: {zh: 世界500强企业, en: Fortune 500 companies}
  value: 310
  unit: {zh: 家, en: companies}
  as_of: 2017-05-13
  source: {title: {zh: 改革, en: Reform}, kind: seed}
  confused_with: [policies]
- id: policies
  name: {zh: 政策, en: policies}
  value: 70000
  as_of: 2017-05-13
  source: {title: {zh: 改革, en: Reform}, kind: seed}
"""

VOCABULARY = """\
stage:
  beginning: {name: {zh: 初创期, en: beginning}, aliases: {zh: [起步], en: [start-up]}}
audience:
  enterprise: {name: {zh: 企业, en: enterprise}}
"""

Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "facts.yml").write_text(FACTS, encoding="utf-8")
    (tmp_path / "vocabulary.yml").write_text(VOCABULARY, encoding="utf-8")
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Write:
    """write("policy.fund", "创新基金", "innovation fund", replace={"old": "new"}, add="more: lines")"""

    def written(
        entry_id: str = "policy.fund",
        zh: str = "创新基金",
        en: str = "the innovation fund",
        replace: dict[str, str] | None = None,
        add: str = "",
    ) -> Path:
        kind, slug = entry_id.split(".")
        text_field = "answer" if kind == "faq" else "summary"
        text = ENTRY.format(type=kind, slug=slug, zh=zh, en=en, text_field=text_field) + add
        for old, new in (replace or {}).items():
            assert old in text
            text = text.replace(old, new)
        path = folder / kind / f"{slug}.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written
