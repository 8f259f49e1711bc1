"""The terms of a loan or of another financial product. Money in yuan."""

from typing import Literal

from knowledge.fields import Bilingual, Part
from knowledge.scalars import Amount, IsoDate, Text, WholeNumber


class AmountRange(Part):
    min: Amount | None
    max: Amount | None
    currency: Literal["CNY"] = "CNY"
    note: Bilingual | None


class Months(Part):
    min: WholeNumber | None
    max: WholeNumber | None
    note: Bilingual | None


class Rate(Part):
    """spread_bp: hundredths of a percentage point over the basis."""

    basis: Text | None
    spread_bp: Amount | None
    as_of: IsoDate | None
    note: Bilingual | None


class Subsidy(Part):
    kind: Text
    share_pct: Amount | None
    cap: Amount | None
    currency: Literal["CNY"] = "CNY"
    paid: Text | None
    note: Bilingual | None


class Terms(Part):
    amount: AmountRange | None
    term_months: Months | None
    rate: Rate | None
    collateral: Text | None
    subsidy: Subsidy | None
    note: Bilingual | None
