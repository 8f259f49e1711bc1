"""The words of the pages. Babel's catalogues are read as they are: nothing is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from babel.messages.pofile import read_po

from bot.phrases import LANGUAGES

LOCALE = Path(__file__).parent / "locale"

Words = Mapping[str, str]


def catalogues() -> dict[str, Words]:
    return {language: _catalogue(language) for language in LANGUAGES}


def _catalogue(language: str) -> Words:
    with (LOCALE / f"{language}.po").open("rb") as file:
        messages = read_po(file, locale=language)
    return {str(message.id): str(message.string) for message in messages if message.id}


def preferred_language(accept_language: str) -> str:
    """Of an Accept-Language header; who reads neither gets English, who says nothing Chinese."""
    wishes = [wish.strip().lower() for wish in accept_language.split(",") if wish.strip()]
    known = [language for wish in sorted(wishes, key=_weight) for language in LANGUAGES if wish.startswith(language)]
    return known[0] if known else "en" if wishes and wishes != ["*"] else "zh"


def _weight(wish: str) -> float:
    quality = wish.partition(";q=")[2]
    try:
        return -float(quality or 1)
    except ValueError:
        return 0.0
