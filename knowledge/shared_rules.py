"""What must be true of the facts and the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.entry import normal
from knowledge.folder import Content, ContentFile
from knowledge.mistakes import LANGUAGES
from knowledge.rules import Found, named, shared_rule


@shared_rule
def look_alikes_exist(file: ContentFile, content: Content) -> Iterator[Found]:
    for at, fact in file.facts.values():
        for number, other in enumerate(fact.confused_with):
            path = (at, "confused_with", number)
            if other == fact.id:
                yield "refers_to_itself", path, {"id": other}
            elif other not in content.fact_ids:
                yield "unknown_fact", path, named("id", other, content.fact_ids)


@shared_rule
def a_fact_stands_in_one_file(file: ContentFile, content: Content) -> Iterator[Found]:
    for name, (at, _) in file.facts.items():
        for other in content.files.values():
            if other.path < file.path and name in other.facts:
                yield "fact_in_two_files", (at, "id"), {"id": name, "other": other.path}


@shared_rule
def a_word_means_one_code(file: ContentFile, _: Content) -> Iterator[Found]:
    meaning: dict[tuple[str, str], str] = {}
    for (kind, code), term in file.terms.items():
        for language in LANGUAGES:
            for at, text in enumerate(term.aliases.of(language)):
                other = meaning.setdefault((kind, normal(text)), code)
                if other != code:
                    path = (kind, code, "aliases", language, at)
                    yield "alias_of_two", path, {"text": text, "other": other}
