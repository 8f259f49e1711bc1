from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Numeric, TypeDecorator

CENT = Decimal("0.01")


class Exact(TypeDecorator):  # type: ignore[misc, type-arg, unused-ignore]
    """A decimal with two places; money is in yuan. SQLite has no decimals: there it is kept as whole hundredths."""

    impl = Numeric(18, 2)
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else Numeric(18, 2))

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> Decimal | int | None:
        if value is None or dialect.name != "sqlite":
            return value
        return int(value.quantize(CENT).scaleb(2))

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return Decimal(value).scaleb(-2)


class Instant(TypeDecorator):  # type: ignore[misc, type-arg, unused-ignore]
    """An aware moment, kept in UTC; SQLite forgets the zone and PostgreSQL does not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=timezone.utc) if value is not None and value.tzinfo is None else value
