"""What is looked for, and what is found. Codes and ids stay as they are; names are in the language of the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Generic, Literal, TypeVar

Language = Literal["zh", "en"]
Row = TypeVar("Row", covariant=True)


@dataclass(frozen=True)
class Page(Generic[Row]):
    total: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Hours:
    days: tuple[str, ...]  # MO TU WE TH FR SA SU
    opens: time
    closes: time


@dataclass(frozen=True)
class Place:
    name: str | None
    park: str | None
    park_name: str | None
    district: str | None
    address: str | None
    metro: str | None
    desk: str | None = None
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True)
class Listing:
    id: str
    kind: str
    name: str
    other_name: str  # in the other language
    phone: str | None
    sample: bool
    assured_date: date | None
    assurer: str | None
    places: tuple[Place, ...]
    fields: tuple[str, ...]
    stages: tuple[str, ...]
    offers: tuple[str, ...]
    audiences: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Carrier(Listing):
    """A makerspace, incubator or accelerator. None means that it is not known."""

    evaluated: bool | None
    evaluated_by: str | None
    grade: str | None
    year: int | None
    level: str | None
    area_m2: int | None
    seats: int | None
    seats_free: int | None
    desk_month_cny: Decimal | None
    seed_fund_cny: Decimal | None
    max_stay_months: int | None


@dataclass(frozen=True)
class Organization(Listing):
    uscc: str | None


@dataclass(frozen=True)
class Service(Listing):
    """The phone is that of its organisation."""

    organization: str
    organization_name: str
    category: str
    platform_function: str | None
    platform_offer: str | None
    status: str
    fee_from_cny: Decimal | None


@dataclass(frozen=True)
class Institute(Listing):
    seeks_partners: bool | None


@dataclass(frozen=True)
class Investor(Listing):
    ticket_min_cny: Decimal | None
    ticket_max_cny: Decimal | None


@dataclass(frozen=True)
class Need(Listing):
    amount_cny: Decimal | None
    open_until: date


@dataclass(frozen=True)
class Training(Listing):
    starts: date
    ends: date
    apply_by: date | None
    seats: int | None


@dataclass(frozen=True)
class ListingName:
    id: str
    kind: str
    zh: str
    en: str


@dataclass(frozen=True)
class ParkDetails:
    id: str
    name: str
    other_name: str
    district: str | None
    makerspaces: int
    evaluated_makerspaces: int
    incubators: int
    accelerators: int
    services: int
    institutes: int
    sample: bool  # sample rows are among those counted


@dataclass(frozen=True)
class CarrierFilter:
    kinds: tuple[str, ...] = ()
    park: str | None = None
    district: str | None = None
    field: str | None = None
    stage: str | None = None
    evaluated: bool | None = None  # one that is not known to be evaluated or not answers to neither
    free_seats: bool | None = None


@dataclass(frozen=True)
class ServiceFilter:
    category: str | None = None
    platform_function: str | None = None
    platform_offer: str | None = None
    park: str | None = None
    stage: str | None = None
    text: str | None = None
    organization: str | None = None


@dataclass(frozen=True)
class InstituteFilter:
    field: str | None = None
    park: str | None = None
    text: str | None = None
    seeks_partners: bool | None = None


@dataclass(frozen=True)
class TrainingFilter:
    audience: str | None = None
    on_or_after: date | None = None
    apply_on: date | None = None  # a day on which one can still apply


@dataclass(frozen=True)
class InvestorFilter:
    field: str | None = None
    stage: str | None = None
    amount_cny: Decimal | None = None


@dataclass(frozen=True)
class NeedFilter:
    kind: Literal["financing_need", "research_need"]
    field: str | None = None
    stage: str | None = None
    open_on: date | None = None
