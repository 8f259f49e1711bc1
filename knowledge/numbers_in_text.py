"""The numbers a sentence states, to hold the Chinese and the English of one text against each other.

Every number is a set of readings (`4/5 million` may mean 4 or 4 million). A number written with digits in one
language must be among the other's readings, where words count too (十二, twelve, December).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from knowledge.amounts import UNITS

Readings = frozenset[Decimal]
DIGITS = r"(?<![A-Za-z0-9.])[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
NUMBER = re.compile(
    rf"({DIGITS})[ ]*(万亿|亿|万|千|trillion|billion|million|thousand|bn\b|m\b(?![²2]))?(?:多|余)?"
)
RANGE = re.compile(r"^(?:[ ]*(?:[-–—~～/、,或至到]|to|or|and)[ ]*)$")
LEFT_OUT = re.compile(
    r"https?://[^\s，。）)]+|[\w.]{1,64}@[\w.]+|\{[^{}]*\}"  # links, addresses, facts
    r"|[〔\[（(][0-9]{4}[〕\]）)][^0-9]{0,6}[0-9]+ ?号?|No\. ?[0-9]+|第[0-9]+号"  # numbers of documents
)
CLOCK = re.compile(
    r"(?<![0-9:])([0-2]?[0-9])[:：]([0-5][0-9])(?![0-9:])[ ]?([ap]\.?m)?|([0-9]{1,2})[ ]?([ap])\.?m\b"
)
WORD_UNITS = {**UNITS, "thousand": Decimal(1000), "million": Decimal(10**6), "m": Decimal(10**6)}
WORD_UNITS |= {"billion": Decimal(10**9), "bn": Decimal(10**9), "trillion": Decimal(10**12)}
SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
]
SMALL += ["seventeen", "eighteen", "nineteen"]
TENS = dict(
    zip(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        range(20, 100, 10),
        strict=True,
    )
)
ORDINALS = dict(
    zip(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"],
        range(1, 11),
        strict=True,
    )
)
ONCE = {
    "single": 1,
    "once": 1,
    "both": 2,
    "twice": 2,
    "pair": 2,
    "half": 6,
    "dozen": 12,
    "quarter": 3,
    "an": 1,
    "a": 1,
}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
CHINESE = {sign: at for at, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
CHINESE_NUMBER = re.compile("[零一二两三四五六七八九十百千万亿〇]+")


def stated_and_possible(text: str) -> tuple[list[Readings], set[Decimal]]:
    text = text.translate({code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)})
    text = LEFT_OUT.sub(" # ", text)
    clocks = [Decimal(_minutes(found)) for found in CLOCK.finditer(text)]
    text = CLOCK.sub(" # ", text)
    stated = [*_written(text), *(frozenset({minutes}) for minutes in clocks)]
    return stated, {value for readings in stated for value in readings} | _in_words(text)


@lru_cache(maxsize=20_000)  # an edit checks everything again, and most texts are what they were
def missing_in(zh: str, en: str) -> tuple[Decimal, ...]:
    """The numbers one of the two texts states and the other does not."""
    (zh_stated, zh_possible), (en_stated, en_possible) = stated_and_possible(zh), stated_and_possible(en)
    lost = [readings for readings in zh_stated if not readings & en_possible]
    lost += [readings for readings in en_stated if not readings & zh_possible]
    return tuple(sorted({max(readings) for readings in lost}))


def _written(text: str) -> list[Readings]:
    found = list(NUMBER.finditer(text))
    readings = []
    for at, match in enumerate(found):
        bare = Decimal(match[1].replace(",", ""))
        unit = match[2]
        values = {bare * WORD_UNITS[unit or ""]}
        after = found[at + 1] if at + 1 < len(found) else None
        if unit is None and after is not None and RANGE.match(text[match.end() : after.start()]):
            values.add(bare * WORD_UNITS[after[2] or ""])
        if unit == "亿" and after is not None and after[2] == "万" and match.end() == after.start():
            values.add(values.pop() + Decimal(after[1].replace(",", "")) * UNITS["万"])
        readings.append(frozenset(value.normalize() for value in values))
    return [each for at, each in enumerate(readings) if not _second_half(found, at)]


def _second_half(found: list[re.Match[str]], at: int) -> bool:
    """5000万 in 3亿5000万."""
    return (
        at > 0
        and found[at - 1][2] == "亿"
        and found[at][2] == "万"
        and found[at - 1].end() == found[at].start()
    )


def _minutes(clock: re.Match[str]) -> int:
    hour, minute, half, bare_hour, bare_half = clock.groups()
    hour, half = int(hour or bare_hour) % 24, half or bare_half or ""
    return (hour % 12 + (12 if half.startswith("p") else 0) if half else hour) * 60 + int(minute or 0) + 10**7


def _in_words(text: str) -> set[Decimal]:
    found: set[int] = {MONTHS.index(word) + 1 for word in MONTHS if word in text or f"{word[:3]}." in text}
    if "半" in text:
        found |= {6, 30, 50}
    for chinese in CHINESE_NUMBER.findall(text):
        found |= _chinese(chinese)
    words = re.findall("[a-z]+", text.lower())
    for at, word in enumerate(words):
        value = _english(word)
        if value is None:
            continue
        following = words[at + 1] if at + 1 < len(words) else ""
        found.add(value)
        if word in TENS and (_english(following) or 10) < 10:
            found.add(value + (_english(following) or 0))
        if following in WORD_UNITS or following == "hundred":
            found.add(value * int(WORD_UNITS.get(following, Decimal(100))))
    return {Decimal(value).normalize() for value in found}


def _english(word: str) -> int | None:
    if word in SMALL:
        return SMALL.index(word)
    return TENS.get(word) or ORDINALS.get(word) or ONCE.get(word)


def _chinese(text: str) -> set[int]:
    """The value of 二十 or 一千三百; every single digit too, because 一二三 may be a list. 三成 is 30."""
    total, section, digit = 0, 0, 0
    for sign in text:
        if sign in CHINESE:
            digit = CHINESE[sign]
        elif sign in "十百千":
            section += (digit or 1) * 10 ** ("十百千".index(sign) + 1)
            digit = 0
        else:
            total = (total + section + digit) * (10**4 if sign == "万" else 10**8)
            section = digit = 0
    single = {CHINESE[sign] for sign in text if sign in CHINESE}
    return {total + section + digit} | single | {value * 10 for value in single}
