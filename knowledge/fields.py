"""Small parts that entries, facts and terms are made of."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Extra, root_validator

from knowledge.scalars import Amount, Code, IsoDate, Link, Phone, Text, WholeNumber, YesNo

Language = Literal["zh", "en"]


class Part(BaseModel):
    """Frozen, and nothing unknown in it. A field left empty is a field left out."""

    class Config:
        extra = Extra.forbid
        frozen = True
        smart_union = True

    @root_validator(pre=True)
    @classmethod
    def left_out(cls, values: dict[str, Any]) -> dict[str, Any]:
        required = {field.alias for field in cls.__fields__.values() if field.required}
        return {name: value for name, value in values.items() if value is not None or name in required}


class Bilingual(Part):
    zh: Text
    en: Text

    def of(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


class BilingualList(Part):
    zh: tuple[Text, ...] = ()
    en: tuple[Text, ...] = ()

    def of(self, language: str) -> tuple[str, ...]:
        return self.zh if language == "zh" else self.en


class Source(Part):
    title: Bilingual
    issuer: Bilingual | None
    url: Link | None
    doc_no: Text | None
    published: IsoDate | None
    kind: Literal["official", "media", "repost", "seed", "sample", "derived"]
    confidence: Literal["A", "A-", "A/B", "B", "B/C", "C"] | None


class Period(Part):
    """days: 3, unit: working_day"""

    days: WholeNumber | None
    unit: Literal["working_day", "day", "month"] = "working_day"
    note: Bilingual | None


class TimeLimit(Part):
    legal: Period | None
    promised: Period | None


class Jurisdiction(Part):
    level: Literal["national", "city", "district", "zone", "park"]
    parks: tuple[Text, ...] = ()  # ids of parks, or the one word `all`
    district: Code | None


class Owner(Part):
    desk: Text


class Support(Part):
    kind: Text
    amount: Amount | None
    note: Bilingual | None


class Call(Part):
    """One yearly call for applications. A deadline moved by a later notice stands in `extended_to`."""

    year: WholeNumber
    opens: IsoDate | None
    closes: IsoDate | None
    extended_to: IsoDate | None
    doc_no: Text | None
    url: Link | None
    note: Bilingual | None

    @property
    def last_day(self) -> date | None:
        return self.extended_to or self.closes


class Document(Part):
    id: Code
    zh: Text
    en: Text
    required: Literal["true", "false", "conditional"]
    when: Bilingual | None
    form: Text | None
    proves: Text | None
    issued_by: Bilingual | None


class Step(Part):
    n: WholeNumber
    zh: Text
    en: Text
    channel: Text | None
    url: Link | None
    time_limit: Period | None


class Channel(Part):
    kind: Text
    url: Link | None
    note: Bilingual | None


class LegalBasis(Part):
    title: Bilingual
    doc_no: Text | None
    article: Text | None
    url: Link | None


class Fees(Part):
    charged: YesNo | None
    amount: Amount | None
    note: Bilingual | None


class Contact(Part):
    phone: Phone | None
    address: Bilingual | None
    hours: Bilingual | None
    url: Link | None
    note: Bilingual | None


class TaskCodes(Part):
    catalog: Text | None
    task: Text | None


class Claim(Part):
    """Something a park has or not; `unknown` is an answer of its own."""

    has: Literal["true", "false", "unknown"]
    source: Source | None
    note: Bilingual | None
    as_of: IsoDate | None
