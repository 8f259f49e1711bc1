"""What must be true of texts: both languages say the same, in their language, with numbers that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.mistakes import LANGUAGES
from knowledge.numbers_in_text import missing_in
from knowledge.rules import Case, Found, entry_rule, named

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
CHINESE = re.compile("[\u3400-\u9fff]")
MOBILE = re.compile(r"(?<![0-9.,])1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9.,])")


@entry_rule
def placeholders_are_facts(case: Case) -> Iterator[Found]:
    for path, texts in case.texts:
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
    for path, texts in case.texts:
        if lost := missing_in(texts["zh"], texts["en"]):
            yield "numbers_differ", (*path, "en"), {"numbers": ", ".join(f"{number:f}" for number in lost)}


@entry_rule
def each_text_is_in_its_language(case: Case) -> Iterator[Found]:
    texts = [(path, text) for path, text in case.texts if path[0] in ("summary", "answer")]
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
    for path, texts in case.texts:
        for language in LANGUAGES:
            if (mobile := MOBILE.search(texts[language])) is not None:
                yield "mobile_number", (*path, language), {"value": mobile[0]}


def _mostly_chinese(text: str) -> bool:
    return len(CHINESE.findall(text)) > len(text) / 3
