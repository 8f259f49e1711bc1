"""Words for exact matching: Chinese in characters and pairs, Latin in words without plural and hyphen."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import yaml

REMEMBERED = 20_000  # texts: an edit indexes everything again, and most texts are what they were
WORDS = Path(__file__).with_name("words.yml")
PARTS = re.compile("[a-z0-9]+(?:[-'&.][a-z0-9]+)*|[\u3400-\u9fff]+")
CHINESE = re.compile("[\u3400-\u9fff]")


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace("’", "'")


@lru_cache(maxsize=REMEMBERED)
def tokens(text: str) -> tuple[str, ...]:
    """张江 bank -> 张 江 张江 bank; start-ups -> start up startup."""
    found: list[str] = []
    for part in PARTS.findall(plain(text)):
        if CHINESE.match(part):
            found += [*part, *(part[at : at + 2] for at in range(len(part) - 1))]
        else:
            words = [singular(word) for word in re.split("[-'&.]", part) if word]
            found += words if len(words) == 1 else [*words, "".join(words)]
    return tuple(found)


def topic(text: str) -> str:
    """A question without the words that only ask."""
    chinese, latin = _idle()
    return latin.sub(" ", chinese.sub(" ", plain(text)))


def places_elsewhere(text: str) -> list[str]:
    """Places outside Shanghai that a text names, as `spelled`."""
    return _elsewhere().findall(spelled(text))


@lru_cache(maxsize=REMEMBERED)
def spelled(text: str) -> str:
    """For finding one text inside another without cutting a word: ` 张 江 bank `."""
    parts = re.findall("[a-z0-9]+|[\u3400-\u9fff]", plain(text))
    return f" {' '.join(part if CHINESE.match(part) else singular(part) for part in parts)} "


def singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=1)
def _idle() -> tuple[re.Pattern[str], re.Pattern[str]]:
    idle = _words()["idle"]
    longest_first = sorted(idle["zh"], key=len, reverse=True)
    return re.compile("|".join(longest_first)), re.compile(
        rf"(?<![a-z0-9])(?:{'|'.join(idle['en'])})(?![a-z0-9])"
    )


@lru_cache(maxsize=1)
def _elsewhere() -> re.Pattern[str]:
    places = [spelled(place).strip() for names in _words()["elsewhere"].values() for place in names]
    return re.compile(rf" (?:{'|'.join(places)})(?= )")


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, list[str]]]:
    words: dict[str, dict[str, list[str]]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return words
