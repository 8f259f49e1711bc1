"""Numbers as staff write them (`500万`, `2,000,000`, `0.3亿`) and as readers of each language expect them."""

from __future__ import annotations

import re
from decimal import Decimal

TEN_THOUSAND, HUNDRED_MILLION, MILLION_MILLION = Decimal(10**4), Decimal(10**8), Decimal(10**12)
UNITS = {
    "": Decimal(1),
    "千": Decimal(1000),
    "万": TEN_THOUSAND,
    "亿": HUNDRED_MILLION,
    "万亿": MILLION_MILLION,
}
WRITTEN = re.compile(r"^(-?)([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(\.[0-9]{1,6})? *(万亿|亿|万|千|)元?$")
SCALES = {
    "zh": ((MILLION_MILLION, "万亿"), (HUNDRED_MILLION, "亿"), (TEN_THOUSAND, "万")),
    "en": ((MILLION_MILLION, " trillion"), (Decimal(10**9), " billion"), (Decimal(10**6), " million")),
}
MOST_DECIMALS = 2  # 1.95万 is easier than 19,500; 1.2345万 is not easier than 12,345


def read_amount(text: str) -> Decimal | None:
    """The number, or None when the text is not one. `1,23` or `5.000,00` are refused rather than guessed."""
    found = WRITTEN.match(text.strip())
    if found is None:
        return None
    sign, whole, fraction, unit = found.groups()
    value = Decimal(f"{sign}{whole.replace(',', '')}{fraction or ''}") * UNITS[unit]
    return value.normalize() if value != value.to_integral_value() else value.quantize(Decimal(1))


def show_number(value: Decimal, language: str) -> str:
    """1558 -> 1,558 · 70000 -> 7万 / 70,000 · 40000000000 -> 400亿 / 40 billion."""
    for size, word in SCALES[language]:
        scaled = value / size
        if abs(value) >= size and _decimals(scaled) <= MOST_DECIMALS:
            return f"{_plain(scaled)}{word}"
    return _plain(value)


def _plain(value: Decimal) -> str:
    return f"{value:,.{_decimals(value)}f}"


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))
