"""The responses of bot/domain as an action receives them, and small knowledge to answer from."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.answers.occasion import Occasion
from bot.phrases import Phrases
from bot.settings import ROOT
from knowledge.encoder import HashedNgrams
from knowledge.snapshot import Snapshot, build

TODAY = date(2026, 11, 22)
NOTICE = {
    "title": {"zh": "通知", "en": "Notice"},
    "issuer": {"zh": "市科委", "en": "City commission"},
    "url": "https://example.org/notice",
    "kind": "official",
}
SEED = {"title": {"zh": "新政", "en": "Reforms"}, "published": "2017-05-13", "kind": "seed"}
TERMS = {
    "stage": {"beginning": ("初创期", "beginning stage"), "maturing": ("成熟期", "maturing stage")},
    "carrier_kind": {"makerspace": ("众创空间", "makerspace"), "incubator": ("孵化器", "incubator")},
    "aim": {"finance": ("金融支持", "financial support")},
    "audience": {"enterprise": ("企业", "enterprise"), "bank": ("银行", "bank")},
    "field": {"biomedicine": ("生物医药", "biomedicine"), "fintech": ("金融科技", "fintech")},
    "service_category": {"patent": ("专利服务", "patent services")},
    "district": {"xuhui": ("徐汇区", "Xuhui District")},
}

AddEntry = Callable[..., str]


@cache
def domain() -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for path in sorted((ROOT / "bot" / "domain").glob("*.yml")):
        responses |= yaml.safe_load(path.read_text(encoding="utf-8")).get("responses", {})
    return {"responses": responses}


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


class Content:
    """A content folder that is filled entry by entry."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        vocabulary = {
            kind: {code: {"name": both(*names)} for code, names in codes.items()} for kind, codes in TERMS.items()
        }
        self._write("vocabulary.yml", vocabulary)
        self.facts: list[dict[str, Any]] = []

    def add(self, entry_id: str, zh: str, en: str, **fields: Any) -> str:
        kind, slug = entry_id.split(".", 1)
        text = {"answer" if kind == "faq" else "summary": both(f"{zh}的内容。", f"What {en} says.")}
        common = {
            "id": entry_id,
            "type": kind,
            "sample": False,
            "name": both(zh, en),
            "questions": {
                "zh": [f"{zh}是什么", f"谁可以办{zh}", f"怎么申请{zh}"],
                "en": [f"what is {en}?", f"who can get {en}?", f"how to apply for {en}?"],
            },
            "status": "in_force",
            "jurisdiction": {"level": "city", "parks": ["all"]},
            "sources": [NOTICE],
            "as_of": "2026-01-15",
            "owner": {"desk": "zone-service-desk"},
        }
        self._write(f"{kind}/{slug}.yml", {**common, **text, **fields})
        return entry_id

    def fact(self, fact_id: str, value: int, zh: str, en: str, **fields: Any) -> None:
        common = {"name": both(zh, en), "as_of": "2017-05-13", "source": SEED}
        self.facts.append({"id": fact_id, "value": value, **common, **fields})
        self._write("facts.yml", self.facts)

    def snapshot(self) -> Snapshot:
        return build(self.folder, HashedNgrams(), today=TODAY)

    def _write(self, path: str, value: Any) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")  # JSON is YAML


def occasion(snapshot: Snapshot, language: str = "zh", *, show_samples: bool = True, today: date = TODAY) -> Occasion:
    return Occasion(snapshot, Phrases(domain(), language), today, show_samples)


def texts(bubbles: list[Any]) -> str:
    return "\n".join(bubble.text for bubble in bubbles)


def payloads(buttons: Any) -> list[str]:
    return [each["payload"] if isinstance(each, Mapping) else each.payload for each in buttons]
