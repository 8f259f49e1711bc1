"""What someone asks of a makerspace beside its kind and place: evaluated or not, free seats."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.found import Found

_ASSESSED = "(?:评估|评价)"
_BY = "(?:科委|政府|官方|科技(?:主管|管理)?部门|科技主管)?"
_UNEVALUATED = re.compile(
    rf"(?:未|(?<!有)没有?|还没|尚未|没有经过|不需要|无需)(?:经|经过|被|通过|参加|做)?过?{_BY}(?:的)?{_ASSESSED}过?"
    r"|\b(?:un|non)-?\s?evaluated\b|\b(?:not|never|n't|without)\s+(?:yet\s+)?(?:been\s+|being\s+)?(?:officially\s+|formally\s+)?(?:evaluat(?:ed|ion)|assessed)\b",
    re.I,
)
_EVALUATED = re.compile(
    rf"(?<!信用)(?:已|已经|经|经过|通过|被|获得?|有)过?了?{_BY}的?{_ASSESSED}(?!报告)过?|(?<!信用){_ASSESSED}(?:过|通过|合格)的?|{_BY}(?<=[府委方门管]){_ASSESSED}过?的"
    r"|(?<!credit )(?<!credit-)\b(?:evaluated|assessed)\b",
    re.I,
)
_FREE_SEATS = re.compile(
    r"(?:有|还有|剩|余|空)[^,。?!没]{0,4}(?:空位|空余工位|空工位|空闲工位|工位|座位|席位|位置|位子|名额)|空位|空余工位|空闲工位|空余座位|余位"
    r"|\b(?:free|available|vacant|empty|open|spare|remaining)\s+(?:seats?|desks?|places?|workstations?|spots?|space)\b|\bvacanc(?:y|ies)\b"
    r"|\b(?:seats?|desks?|places|spots)\s+(?:are\s+|is\s+|still\s+)*(?:free|available|left|open)\b",
    re.I,
)


def attributes(text: str) -> Iterator[Found]:
    """Finds of `evaluated` and `free_seats`. A negation is longer than what it negates, so it wins."""
    for pattern, entity, value in (
        (_UNEVALUATED, "evaluated", False),
        (_EVALUATED, "evaluated", True),
        (_FREE_SEATS, "free_seats", True),
    ):
        for match in pattern.finditer(text):
            yield Found(entity, value, *match.span(), match[0])
