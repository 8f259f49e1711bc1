"""Mistyped Latin words, put right by the words the knowledge itself uses."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from functools import partial

from knowledge.tokens import plain

SHORTEST = 5  # in shorter words one letter makes another word
WORD = re.compile(f"[a-z]{{{SHORTEST},}}")
ALIKE = 0.75


def variants(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """A word with one letter left out -> the words it may be. Two words that share one differ by a slip."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        for variant in _one_left_out(word) if WORD.fullmatch(word) else ():
            found[variant].add(word)
    return {variant: tuple(sorted(those)) for variant, those in found.items()}


def corrected(text: str, known: Collection[str], likely: dict[str, tuple[str, ...]]) -> str:
    return WORD.sub(partial(_corrected_word, known=known, likely=likely), plain(text))


def _corrected_word(found: re.Match[str], known: Collection[str], likely: dict[str, tuple[str, ...]]) -> str:
    word = found[0]
    if (
        word in known
        or word.removesuffix("s") in known
        or (word.endswith("ies") and word[:-3] + "y" in known)
    ):
        return word
    near = {each for variant in _one_left_out(word) for each in likely.get(variant, ())}
    best = max(near, key=lambda each: (SequenceMatcher(None, word, each).ratio(), each), default=word)
    return best if SequenceMatcher(None, word, best).ratio() >= ALIKE else word


def _one_left_out(word: str) -> list[str]:
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]
