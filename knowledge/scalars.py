"""The types a field's text can have. Each says in its own words what is wrong (a code of `messages.yml`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlsplit

from pydantic import PydanticValueError

from knowledge.amounts import read_amount

Validators = Iterator[Callable[[Any], Any]]
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NEARLY_A_DATE = re.compile(r"([0-9]{4})[/.年-]([0-9]{1,2})[/.月-]([0-9]{1,2})日?")


class WrongError(PydanticValueError):
    code = "slip"
    msg_template = "{slip}"

    def __init__(self, slip: str, **values: Any) -> None:
        super().__init__(slip=slip, **values)


def text_of(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongError("want_text")
    if not value.strip():
        raise WrongError("empty_value")
    return value.strip()


class Text(str):
    @classmethod
    def __get_validators__(cls) -> Validators:
        yield text_of


class YesNo:
    @classmethod
    def __get_validators__(cls) -> Validators:
        yield cls.read

    @staticmethod
    def read(value: Any) -> bool:
        if value not in ("true", "false"):
            raise WrongError("want_yes_no", value=value)
        return bool(value == "true")


class WholeNumber(int):
    @classmethod
    def __get_validators__(cls) -> Validators:
        yield cls.read

    @staticmethod
    def read(value: Any) -> int:
        number = read_amount(value) if isinstance(value, str) else None
        if number is None or number != number.to_integral_value():
            raise WrongError("want_whole_number", value=value)
        return int(number)


class Amount(Decimal):
    """A number, exactly: 64.69, 2,000,000, 500万, 0.3亿."""

    @classmethod
    def __get_validators__(cls) -> Validators:
        yield cls.read

    @staticmethod
    def read(value: Any) -> Decimal:
        number = read_amount(value) if isinstance(value, str) else None
        if number is None:
            raise WrongError("want_number", value=value)
        return number


class IsoDate(date):
    """pydantic itself takes "2024" for a day of 1970."""

    @classmethod
    def __get_validators__(cls) -> Validators:
        yield cls.read

    @staticmethod
    def read(value: Any) -> date:
        text = text_of(value)
        if ISO_DATE.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise WrongError("no_such_date", value=text) from None
        if (near := NEARLY_A_DATE.fullmatch(text)) is not None:
            year, month, day = (int(part) for part in near.groups())
            raise WrongError("date_shape", value=text, suggestion=f"{year}-{month:02}-{day:02}")
        raise WrongError("want_date", value=text)


class Link(str):
    @classmethod
    def __get_validators__(cls) -> Validators:
        yield cls.read

    @staticmethod
    def read(value: Any) -> str:
        text = text_of(value)
        try:
            parts = urlsplit(text)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
        except ValueError:
            good = False
        if not good or re.search(r"[\s<>\"'`\\]", text):
            raise WrongError("want_link", value=text)
        return text


class Phone(str):
    @classmethod
    def __get_validators__(cls) -> Validators:
        yield cls.read

    @staticmethod
    def read(value: Any) -> str:
        text = text_of(value)
        if re.search(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])", re.sub(r"[ -]", "", text)):
            raise WrongError("mobile_number", value=text)
        if not re.fullmatch(
            r"(?:\+86[- ])?[0-9]{2,4}-[0-9]{7,8}(?:-[0-9]{1,6})?|[0-9]{5}|400-?[0-9]{3}-?[0-9]{4}", text
        ):
            raise WrongError("want_phone", value=text)
        return text


class Shaped(str):
    """Text of one shape; `slip` says what the shape is."""

    shape: ClassVar[re.Pattern[str]]
    slip: ClassVar[str]

    @classmethod
    def __get_validators__(cls) -> Validators:
        yield cls.read

    @classmethod
    def read(cls, value: Any) -> str:
        text = text_of(value)
        if not cls.shape.fullmatch(text):
            raise WrongError(cls.slip, value=text)
        return text


class EntryId(Shaped):
    shape = re.compile(r"[a-z_]+\.[a-z0-9]+(?:-[a-z0-9]+)*")
    slip = "want_entry_id"


class FactId(Shaped):
    shape = re.compile("[a-z][a-z0-9_]*")
    slip = "want_fact_id"


class Code(Shaped):
    shape = re.compile("[a-z][a-z0-9_]*")
    slip = "want_code"
