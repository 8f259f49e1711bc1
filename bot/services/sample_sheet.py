"""What every kind of sample listing is written with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from sqlalchemy import Table

from bot.seeding import Dice, Rows
from bot.services import tables as t

CONFIRMED = date(2026, 11, 1)
ASSURER = "zone_service_desk"
Name = Mapping[str, str]


@dataclass(frozen=True)
class Park:
    id: str
    zh: str
    en: str
    district: str | None

    @property
    def slug(self) -> str:
        return self.id.removeprefix("park.")

    @property
    def short(self) -> Name:
        return {"zh": self.zh.removesuffix("园"), "en": self.en.removesuffix(" Park")}


def _no_rows() -> Rows:
    return {table: [] for table in t.metadata.sorted_tables if table not in (t.parks, t.seeds)}


@dataclass(frozen=True)
class Sheet:
    parks: Sequence[Park]
    words: Mapping[str, Any]
    dice: Dice
    rows: Rows = field(default_factory=_no_rows)

    def add(self, table: Table, **row: Any) -> None:
        self.rows[table].append(row)

    def add_listing(
        self, key: str, kind: str, name: Name, *, at: str | None, phone: bool = True, **values: Any
    ) -> None:
        number = len(self.rows[t.listings]) % 10_000
        self.add(
            t.listings,
            id=key,
            kind=kind,
            name_zh=name["zh"].format(**_in("zh", values)),
            name_en=name["en"].format(**_in("en", values)),
            location=at,
            phone=f"021-0000{number:04}" if phone else None,
            sample=True,
            assured_date=CONFIRMED,
            assurer=ASSURER,
        )

    def add_codes(self, listing: str, **facets: Sequence[str]) -> None:
        for facet, codes in facets.items():
            for code in codes:
                self.add(t.listing_codes, listing=listing, facet=facet, code=code)

    def add_location(self, key: str, at: Park | None, name: Name | None = None, **values: Any) -> str:
        address, metro = self.words["address"], self.words["metro"]
        self.add(
            t.locations,
            id=key,
            name_zh=name["zh"].format(**_in("zh", values)) if name else None,
            name_en=name["en"].format(**_in("en", values)) if name else None,
            park=at.id if at else None,
            district=at.district if at else None,
            address_zh=address["zh"],
            address_en=address["en"],
            metro_zh=metro["zh"],
            metro_en=metro["en"],
            sample=True,
        )
        return key

    def add_hours(
        self, days: str, opens: time, closes: time, *, listing: str | None = None, at: str | None = None
    ) -> None:
        """Of a listing, or of a service at one of its locations."""
        key = len(self.rows[t.schedules]) + 1
        owner = {"listing": listing, "service_at_location": at}
        self.add(t.schedules, id=key, **owner, byday=days, opens_at=opens, closes_at=closes)


def _in(language: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value[language] if isinstance(value, Mapping) else value for key, value in values.items()}
