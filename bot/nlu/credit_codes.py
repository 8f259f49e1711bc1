"""Unified social credit codes (GB 32100-2015) in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum.cn import ric, uscc

from bot.nlu.found import Found

_GAP = "[ -]?"
_CODE = re.compile(
    rf"(?<![0-9A-Za-z])[1-9ANY]{_GAP}[0-9](?:{_GAP}[0-9OI]){{6}}(?:{_GAP}[0-9A-Z]){{10}}(?![0-9A-Za-z])", re.I
)


def credit_codes(text: str) -> Iterator[Found]:
    """Finds of entity `uscc`, compact and in capitals; `valid` says whether form and check character are right.

    An identity card has 18 characters too, and is nobody's credit code: it is hidden, so that it goes no further.
    """
    for match in _CODE.finditer(text):
        code = re.sub(_GAP, "", match[0]).upper()
        if ric.is_valid(code) and not uscc.is_valid(code):
            yield Found(None, None, *match.span(), match[0])
        elif sum(character.isdigit() for character in code) >= 8:
            yield Found("uscc", code, *match.span(), match[0], valid=uscc.is_valid(code))
