"""What must be true of texts: both languages say the same, in their language, with numbers that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from knowledge.located_yaml import Path
from knowledge.mistakes import LANGUAGES
from knowledge.numbers_in_text import missing_in
from knowledge.rules import Case, Found, entry_rule, named

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
CHINESE = re.compile("[\u3400-\u9fff]")
MOBILE = re.compile(r"(?<![0-9.,])1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9.,])")
QUOTED_FROM_ELSEWHERE = ("sources", "source", "basis", "legal_basis")


@entry_rule
def placeholders_are_facts(case: Case) -> Iterator[Found]:
    for path, texts in bilingual_texts(case.entry):
        used = {language: set(PLACEHOLDER.findall(texts[language])) for language in LANGUAGES}
        for language in LANGUAGES:
            for fact in sorted(used[language] - case.content.fact_ids):
                yield "unknown_fact", (*path, language), named("id", fact, case.content.fact_ids)
            if re.search("[{}]", PLACEHOLDER.sub("", texts[language])):
                yield "lone_brace", (*path, language), {}
        for fact in sorted(used["zh"] ^ used["en"]):
            missing = "en" if fact in used["zh"] else "zh"
            yield "fact_in_one_language", (*path, missing), {"id": fact, "language": missing}


@entry_rule
def both_languages_state_the_same_numbers(case: Case) -> Iterator[Found]:
    for path, texts in bilingual_texts(case.entry):
        if lost := missing_in(texts["zh"], texts["en"]):
            yield "numbers_differ", (*path, "en"), {"numbers": ", ".join(f"{number:f}" for number in lost)}


@entry_rule
def each_text_is_in_its_language(case: Case) -> Iterator[Found]:
    texts = [(path, text) for path, text in bilingual_texts(case.entry) if path[0] in ("summary", "answer")]
    for path, text in texts:
        if not CHINESE.search(text["zh"]):
            yield "not_chinese", (*path, "zh"), {}
        if _mostly_chinese(text["en"]):
            yield "not_english", (*path, "en"), {}
    for at, question in enumerate(case.entry.questions.zh):
        if not CHINESE.search(question):
            yield "not_chinese", ("questions", "zh", at), {}
    for at, question in enumerate(case.entry.questions.en):
        if _mostly_chinese(question):
            yield "not_english", ("questions", "en", at), {}


@entry_rule
def no_persons_telephone(case: Case) -> Iterator[Found]:
    for path, texts in bilingual_texts(case.entry):
        for language in LANGUAGES:
            if (mobile := MOBILE.search(texts[language])) is not None:
                yield "mobile_number", (*path, language), {"value": mobile[0]}


def bilingual_texts(part: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, str]]]:
    """Every pair of zh and en written here, also deep in lists; not the titles and quotes of documents."""
    if isinstance(part, tuple):
        for at, item in enumerate(part):
            yield from bilingual_texts(item, (*path, at))
    elif hasattr(part, "__fields__"):
        if isinstance(getattr(part, "zh", None), str):
            yield path, {"zh": part.zh, "en": part.en}
        for name, field in part.__fields__.items():
            if name not in QUOTED_FROM_ELSEWHERE:
                yield from bilingual_texts(getattr(part, name), (*path, field.alias))


def _mostly_chinese(text: str) -> bool:
    return len(CHINESE.findall(text)) > len(text) / 3
