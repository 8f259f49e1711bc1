"""50,000 sample companies. Organisation parts MA0DEM900 to MA0DEM999 are never given out: their codes find nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from stdnum.cn.uscc import calc_check_digit

from bot.credit import tables as t
from bot.seeding import Dice, Rows

COMPANIES = 50_000
FIRST_UNASSIGNED = 900
AS_OF = date(2026, 10, 31)
LAST_ISSUE = date(2026, 11, 15)
VALIDITY = timedelta(days=365)
STAGES = ("beginning", "beginning", "developing", "developing", "maturing")
GRADES = ("AAA", "AA", "AA", "A", "A", "A", "BBB", "BBB", "BBB", "BB", "BB", "B", "CCC", "CC", "C")
UNITS = {
    "beginning": 1,
    "developing": 8,
    "maturing": 60,
    None: 3,
}  # how much larger the figures of a later stage are


def sample_uscc(n: int) -> str:
    part = f"MA0DEM{n:03}" if n < FIRST_UNASSIGNED else f"MA0D{n:05}"
    return f"91000000{part}{calc_check_digit(f'91000000{part}')}"


def sample_rows() -> Rows:
    words = yaml.safe_load((Path(__file__).parent / "sample.yml").read_text(encoding="utf-8"))
    rows: Rows = {t.companies: [], t.reports: [], t.indicators: []}
    dice = Dice(50_000)
    for n in range(1, COMPANIES + 1):
        chosen = n <= len(words["chosen"])
        known = words["chosen"][n - 1] if chosen else _any_company(dice, words["parks"])
        _company(rows, dice, words, n, known)
    return rows


def _any_company(dice: Dice, parks: Sequence[str]) -> dict[str, Any]:
    return {
        "park": dice.pick(parks),
        "stage": None if dice.below(20) == 0 else dice.pick(STAGES),
        "reports": _any_reports(dice) if dice.below(10) < 6 else [],
        "dishonest": dice.below(200) == 0,
        "abnormal": dice.below(100) == 0,
    }


def _any_reports(dice: Dice) -> list[tuple[str, date, date]]:
    """The latest is up to two years old, so about half have expired; a quarter have one of the year before too."""
    grade = dice.below(len(GRADES))
    issued = LAST_ISSUE - timedelta(days=dice.below(730))
    latest = (GRADES[grade], issued, issued + VALIDITY)
    if dice.below(4):
        return [latest]
    before = issued - VALIDITY
    return [(GRADES[max(0, grade - 1 + dice.below(3)) % len(GRADES)], before, issued), latest]


def _company(rows: Rows, dice: Dice, words: Mapping[str, Any], n: int, known: Mapping[str, Any]) -> None:
    uscc, trade = sample_uscc(n), words["trades"][(n - 1) % len(words["trades"])]
    rows[t.companies].append(
        {
            "uscc": uscc,
            "name_zh": words["company"]["zh"].format(trade=trade["zh"], n=n),
            "name_en": words["company"]["en"].format(trade=trade["en"], n=n),
            "park": known["park"],
            "stage": known["stage"],
            "stage_method": known["stage"] and dice.pick(("self_declared", "desk_review")),
            "stage_as_of": known["stage"] and AS_OF,
            "dishonest": known.get("dishonest", False),
            "abnormal": known.get("abnormal", False),
            "flags_as_of": AS_OF,
            "sample": True,
        }
    )
    for number, (grade, issued, valid_until) in enumerate(known["reports"], start=1):
        agency = 1 + dice.below(12)
        rows[t.reports].append(
            {
                "number": f"S-{issued.year}-{n:05}-{number}",
                "uscc": uscc,
                "grade": grade,
                "issued": issued,
                "valid_until": valid_until,
                "issuer_zh": words["issuer"]["zh"].format(n=agency),
                "issuer_en": words["issuer"]["en"].format(n=agency),
            }
        )
    if known["reports"]:
        rows[t.indicators] += [
            {"uscc": uscc, "indicator": name, "value": value, "as_of": AS_OF}
            for name, value in _indicators(dice, known["stage"]).items()
        ]


def _indicators(dice: Dice, stage: str | None) -> dict[str, Decimal]:
    """Named as the conditions of policies and loans name them."""
    revenue = 50_000 * UNITS[stage] * (1 + dice.below(60))
    return {
        "revenue_cny": Decimal(revenue),
        "rd_spend_cny": Decimal(revenue * (1 + dice.below(30)) // 100),
        "employees": Decimal(3 + UNITS[stage] * (1 + dice.below(8))),
        "rd_staff_pct": Decimal(5 + dice.below(60)),
    }
