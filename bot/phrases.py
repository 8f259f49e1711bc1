"""Words for code that composes a bubble out of several phrases.

Every phrase is a Rasa response of bot/domain/*.yml with one variation per language. Values are data: a brace inside
a value stays a brace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

LANGUAGES = ("zh", "en")


class PhraseError(LookupError):
    """For developers: a phrase, a variation or a value is missing."""


@dataclass(frozen=True)
class Phrases:
    domain: Mapping[str, Any]
    language: str

    def __call__(self, name: str, /, **values: object) -> str:
        template = variation(self.domain, name, self.language)
        wanted = placeholders(template)
        if wanted != values.keys():
            raise PhraseError(f"{name} ({self.language}) takes {sorted(wanted)}, but was given {sorted(values)}")
        return template.format_map(values)


def variation(domain: Mapping[str, Any], name: str, language: str) -> str:
    """The text of response `name` whose condition asks for this language."""
    variations = domain.get("responses", {}).get(name)
    if variations is None:
        raise PhraseError(f"no response {name} in the domain")
    for candidate in variations:
        if language_of(candidate) == language:
            return str(candidate["text"])
    raise PhraseError(f"response {name} has no variation for language {language}")


def language_of(candidate: Mapping[str, Any]) -> str | None:
    for condition in candidate.get("condition", []):
        if condition.get("type") == "slot" and condition.get("name") == "language":
            return str(condition["value"])
    return None


def placeholders(template: str) -> frozenset[str]:
    return frozenset(field for _, field, _, _ in Formatter().parse(template) if field is not None)
