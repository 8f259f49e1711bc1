"""Amounts of money in yuan, and plain numbers, as people write them in Chinese and English. Texts are normalised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import cn2an

from bot.nlu.found import Found

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_WORDS = {
    "zero": 0, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "eighty": 80, "hundred": 100,
}  # fmt: skip
_WORD = rf"(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_NUMERAL = (
    r"[零〇一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾][零〇一二两三四五六七八九十百千万亿点半壹贰叁肆伍陆柒捌玖拾佰仟]*"
)
_SCALES = {
    "万": 10**4, "w": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "个亿": 10**8, "千": 10**3, "k": 10**3, "thousand": 10**3,
    "hundred thousand": 10**5, "m": 10**6, "mn": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9,
}  # fmt: skip
_SCALE = r"(?:百万|千万|个?亿|万|千|hundred\ thousand|(?:thousand|million|billion|bn|mn|w|k|m)(?![a-z\d]))"
_YUAN_BEFORE, _YUAN_AFTER = r"¥|人民币|\b(?:rmb|cny)\b", r"元|块钱?|人民币|(?:rmb|yuan|cny|renminbi)\b"
_FOREIGN_BEFORE = r"(?:us|hk)?\$|[€£]|\b(?:usd|eur|hkd|gbp|jpy)\b"
_FOREIGN_AFTER = r"美元|美金|欧元|港元|港币|日元|英镑|(?:usd|us\ dollars?|dollars?|euros?|pounds?|hkd|eur|gbp)\b"
_QUANTITY = re.compile(
    rf"""(?<![\da-z.])
    (?: (?: (?P<yuan>{_YUAN_BEFORE}) | (?P<foreign>{_FOREIGN_BEFORE}) ) \s* )?
    (?: (?P<low>{_DIGITS}) \s* (?:-|~|—|到|至|\bto\b) \s* (?={_DIGITS}\s*[百千]?[万亿]) | (?P<yi>{_DIGITS}) 亿 (?={_DIGITS}万) )?
    (?P<number> {_DIGITS} (?!\d) | (?:half\ an?|{_WORD})\b | {_NUMERAL} )
    (?: [多余]? \s* (?P<scale>{_SCALE}) )?
    (?: \s* (?: (?P<yuan_after>{_YUAN_AFTER}) | (?P<foreign_after>{_FOREIGN_AFTER}) | (?P<percent>%) ) )?""",
    re.I | re.X,
)
_COUNTED = re.compile(
    r"\s*(?:平|㎡|m2|人|家|户|次|股|名|张|条|项|年|岁|吨|度|公|亩|台|套|件|位|个|种"
    r"|people|compan|firm|enterprise|square|sq|user|share|patent|student|member|view|seat|employee|staff)",
    re.I,
)
_PART_OF_A_NAME = re.compile(r"(?!m2|sqm|people)[a-z]", re.I)  # 5G, 3D
_MEASURE = re.compile(
    r"\s*(?:个?月|个|人|家|名|平|岁|年|天|种|项|条|位|件|people|employees|staff|seats|months|years|days|percent|of us)"
)
_VAGUE = re.compile(r"一[个家种项条位件下些]")
_CHOICE = re.compile(
    rf"第\s*(?P<zh>\d+|{_NUMERAL})\s*[个条项家种款]|\b(?P<en>first|second|third|fourth|fifth)\s+(?:one|option|choice)\b",
    re.I,
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_NOT_QUANTITIES = re.compile(
    r"[〔\[(]\d{4}[〕\])]\s*\d+\s*号"  # document numbers
    r"|(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)"  # telephones
    r"|https?://\S+|\S+@\S+"
)


def quantities(text: str) -> Iterator[Found]:
    """`amount` (yuan) and `number`, each the text of a Decimal. Other currencies are no amounts: nothing is converted."""
    for match in _NOT_QUANTITIES.finditer(text):
        yield Found(None, None, *match.span(), match[0])
    for match in _CHOICE.finditer(text):
        chosen = _ORDINALS[match["en"].lower()] if match["en"] else _number(match["zh"])
        yield Found("number", str(chosen), *match.span(), match[0])
    for match in _QUANTITY.finditer(text):
        yield from _quantity(match, text)


def _quantity(match: re.Match[str], text: str) -> Iterator[Found]:
    number = _number(match["number"])
    if number is None or _PART_OF_A_NAME.match(text, match.end()):
        return
    span, words = match.span(), match[0]
    scale = _SCALES[match["scale"].lower()] if match["scale"] else 1
    yuan = match["yuan"] or match["yuan_after"]
    counted = not yuan and _COUNTED.match(text, match.end())
    scaled = scale > 1 and not (match["scale"] in "mMkK千" and not match["number"][0].isdigit())
    scaled = scaled or match["number"][-1] in "万亿"
    if match["foreign"] or match["foreign_after"]:
        yield Found(None, None, *span, words)
    elif yuan or (scaled and not counted and not match["percent"]):
        if match["low"]:
            yield Found("amount", _plain((_number(match["low"]) or Decimal(0)) * scale), *span, words)
        yi = _number(match["yi"] or "0") or Decimal(0)
        yield Found("amount", _plain(yi * 10**8 + number * scale), *span, words)
    elif _counts(match, text):
        yield Found("number", _plain(number * scale), *span, words)


def _counts(match: re.Match[str], text: str) -> bool:
    """Digits always count; words such as 一 or "a" only when something countable follows, or when they are all there is."""
    if match["number"][0].isascii() and match["number"][0].isdigit():
        return True
    if match[0].strip() == text.strip(" .。!?"):
        return match["number"].lower() not in {"a", "an"}
    if _VAGUE.match(text, match.start("number")) or match["number"].lower() in {"a", "an", "one"}:
        return False
    return _MEASURE.match(text, match.end()) is not None


def _number(words: str) -> Decimal | None:
    words = words.lower()
    if words.startswith("half"):
        return Decimal("0.5")
    if words in _WORDS:
        return Decimal(_WORDS[words])
    if words[0].isascii():
        return Decimal(words.replace(",", ""))
    return _chinese(words)


def _chinese(numeral: str) -> Decimal | None:
    try:
        return Decimal(str(cn2an.cn2an(numeral, "smart")))
    except ValueError:
        pass
    if numeral[-1] in "万亿":  # 零点三亿: cn2an reads a decimal point only in front of a bare number
        inner = _chinese(numeral[:-1]) if len(numeral) > 1 else None
        return inner * _SCALES[numeral[-1]] if inner is not None else None
    return None


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
