"""What must be true of one entry among the others: names, days, references, sources, marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.condition_rules import conditions
from knowledge.entry import Entry, normal, said
from knowledge.located_yaml import Path
from knowledge.mistakes import LANGUAGES
from knowledge.rules import Case, Found, entry_rule, named

LEAST_QUESTIONS, MOST_RELATED = 3, 3
KINDS = {"stages": "stage", "audience": "audience", "aims": "aim", "fields": "field"}


@entry_rule
def the_id_is_the_files_place(case: Case) -> Iterator[Found]:
    folder = case.id.partition(".")[0]
    if case.entry.id != case.id:
        yield "id_and_file_differ", ("id",), {"id": case.entry.id, "expected": case.id}
    if case.entry.type != folder:
        yield "type_and_folder_differ", ("type",), {"type": case.entry.type, "folder": folder}


@entry_rule
def three_questions_in_each_language(case: Case) -> Iterator[Found]:
    for language in LANGUAGES:
        count = len({normal(question) for question in case.entry.questions.of(language)})
        if count < LEAST_QUESTIONS:
            values = {"language": language, "count": count, "least": LEAST_QUESTIONS}
            yield "few_questions", ("questions", language), values


@entry_rule
def a_faq_has_an_answer_and_the_others_a_summary(case: Case) -> Iterator[Found]:
    wanted = "answer" if case.entry.type == "faq" else "summary"
    if getattr(case.entry, wanted) is None:
        yield "missing_field", (), {"field": wanted}
    if case.entry.type != "faq" and case.entry.answer is not None:
        yield "only_for_faq", ("answer",), {"field": "answer"}


@entry_rule
def days_follow_each_other(case: Case) -> Iterator[Found]:
    begins, ends = case.entry.valid_from, case.entry.valid_until
    if begins and ends and ends < begins:
        yield "ends_before_it_begins", ("valid_until",), {"from": begins, "until": ends}
    elif case.entry.status == "in_force" and ends and ends < case.today:
        yield "in_force_but_over", ("valid_until",), {"until": ends}
    if case.entry.as_of > case.today:
        yield "as_of_in_future", ("as_of",), {"as_of": case.entry.as_of}
    for at, call in enumerate(case.entry.calls):
        if call.opens and call.last_day and call.last_day < call.opens:
            yield "ends_before_it_begins", ("calls", at), {"from": call.opens, "until": call.last_day}


@entry_rule
def what_is_referred_to_exists(case: Case) -> Iterator[Found]:
    for path, other in _references(case.entry):
        if other == case.id:
            yield "refers_to_itself", path, {"id": other}
        elif other not in case.content.entry_ids:
            yield "unknown_entry", path, named("id", other, case.content.entry_ids)
    for at, fact in enumerate(case.entry.facts):
        if fact not in case.content.fact_ids:
            yield "unknown_fact", ("facts", at), named("id", fact, case.content.fact_ids)


@entry_rule
def no_edition_supersedes_itself_in_the_end(case: Case) -> Iterator[Found]:
    entries, waiting, seen = case.content.entries, list(map(str, case.entry.supersedes)), set[str]()
    while waiting:
        older = waiting.pop()
        if older in entries and older not in seen:
            seen.add(older)
            waiting += map(str, entries[older][1].supersedes)
    if case.id in seen and case.id not in case.entry.supersedes:
        yield "supersedes_in_a_circle", ("supersedes",), {"id": case.id}


@entry_rule
def no_more_buttons_than_fit(case: Case) -> Iterator[Found]:
    if len(case.entry.related) > MOST_RELATED:
        yield "too_many_related", ("related", MOST_RELATED), {"most": MOST_RELATED}


@entry_rule
def codes_are_in_the_vocabulary(case: Case) -> Iterator[Found]:
    for path, kind, code in _codes(case.entry):
        known = case.content.codes.get(kind, set())
        if case.content.codes and code not in known:
            yield "unknown_code", path, {**named("code", code, known), "kind": kind}


@entry_rule
def a_policy_in_force_names_its_source(case: Case) -> Iterator[Found]:
    binding = case.entry.type == "policy" and case.entry.status == "in_force" and not case.entry.sample
    if not case.entry.sources:
        yield "no_source", ("sources",), {}
    elif binding and not any(source.url or source.doc_no for source in case.entry.sources):
        yield "no_url_or_doc_no", ("sources",), {}


@entry_rule
def samples_are_marked_in_both_names(case: Case) -> Iterator[Found]:
    name = case.entry.name
    marked = {"zh": ("（示例）", "示例" in name.zh), "en": ("(sample)", "sample" in name.en.lower())}
    for language, (mark, there) in marked.items():
        if case.entry.sample and not there:
            yield "sample_mark_missing", ("name", language), {"mark": mark}
        elif there and not case.entry.sample:
            yield "sample_mark_too_much", ("name", language), {"mark": mark}


@entry_rule
def what_people_say_means_one_entry(case: Case) -> Iterator[Found]:
    for path, text in said(case.entry):
        others = [other for other in case.content.said_by[normal(text)] if other != case.id]
        if others and not _editions(case, others[0]):
            code = "question_of_two" if path[0] == "questions" else "alias_of_two"
            yield code, path, {"text": text, "other": others[0]}
        if path[0] == "aliases" and re.search("[，、；]", text):
            yield "list_in_one_item", path, {"text": text}


def _editions(case: Case, other: str) -> bool:
    """Two editions of one rule may share their names."""
    return other in case.entry.supersedes or case.id in case.content.entries[other][1].supersedes


def _references(entry: Entry) -> Iterator[tuple[Path, str]]:
    for field in ("supersedes", "contradicts", "related"):
        yield from (((field, at), other) for at, other in enumerate(getattr(entry, field)))
    for at, park in enumerate(entry.jurisdiction.parks):
        if park not in ("all", str(entry.id)):
            yield ("jurisdiction", "parks", at), park
    for path, leaf in conditions(entry):
        if leaf.next is not None:
            yield (*path, "next"), leaf.next


def _codes(entry: Entry) -> Iterator[tuple[Path, str, str]]:
    for field, kind in KINDS.items():
        yield from (((field, at), kind, code) for at, code in enumerate(getattr(entry, field)))
    if entry.district is not None:
        yield ("district",), "district", entry.district
    if entry.jurisdiction.district is not None:
        yield ("jurisdiction", "district"), "district", entry.jurisdiction.district
