"""One listing in a few short lines. None in a row means: not known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from bot.answers.closing import shortly
from bot.answers.gains import loan_amount
from bot.answers.occasion import Occasion
from bot.answers.state import date_of
from bot.services.rows import Carrier, Institute, Listing, Service, Training
from knowledge.amounts import show_number
from knowledge.entry import Entry, State

STATE: dict[State, str] = {
    "planned": "utter_row_planned",
    "in_preparation": "utter_row_in_preparation",
    "under_construction": "utter_row_under_construction",
    "suspended": "utter_row_suspended",
}


def row_text(row: Listing | Entry, number: int | None, occasion: Occasion) -> str:
    parts = [part for part in _parts(row, occasion) if part]
    name = occasion.name(row) if isinstance(row, Entry) else row.name
    head = name if number is None else occasion.say("utter_row", n=number, name=name)
    return "\n".join([head, occasion.say("utter_row_parts").join(parts)]) if parts else head


def _parts(row: Listing | Entry, occasion: Occasion) -> Iterator[str | None]:
    if isinstance(row, Carrier):
        return _carrier(row, occasion)
    if isinstance(row, Service):
        return _service(row, occasion)
    if isinstance(row, Institute):
        return _institute(row, occasion)
    if isinstance(row, Training):
        return _training(row, occasion)
    if isinstance(row, Entry):
        return _entry(row, occasion)
    return _where_and_phone(row, occasion)


def _carrier(row: Carrier, occasion: Occasion) -> Iterator[str | None]:
    say = occasion.say
    yield occasion.term("carrier_kind", row.kind)
    yield _park(row)
    if row.kind == "makerspace" or row.evaluated is not None:
        yield _evaluated(row, occasion)
    yield _terms("utter_row_fields", "field", row.fields, occasion)
    if row.seats_free is None:
        yield say("utter_row_free_seats_unknown")
    else:
        yield say("utter_row_free_seats", free=row.seats_free)
    if row.desk_month_cny is None:
        yield say("utter_row_fee_unknown")
    else:
        yield say("utter_row_desk_fee", amount=_number(row.desk_month_cny, occasion))
    yield _phone(row, occasion)


def _evaluated(row: Carrier, occasion: Occasion) -> str:
    if row.evaluated is None:
        return occasion.say("utter_row_evaluation_unknown")
    if not row.evaluated:
        return occasion.say("utter_row_not_evaluated")
    by = row.evaluated_by
    return occasion.say("utter_row_evaluated_by", by=by) if by else occasion.say("utter_row_evaluated")


def _service(row: Service, occasion: Occasion) -> Iterator[str | None]:
    yield row.organization_name
    yield occasion.term("service_category", row.category)
    yield _park(row)
    yield next((place.desk for place in row.places), None)
    if row.fee_from_cny is None:
        yield occasion.say("utter_row_fee_unknown")
    elif row.fee_from_cny == 0:
        yield occasion.say("utter_free_of_charge")
    else:
        yield occasion.say("utter_row_fee_from", amount=_number(row.fee_from_cny, occasion))
    yield _phone(row, occasion)


def _institute(row: Institute, occasion: Occasion) -> Iterator[str | None]:
    yield _park(row)
    yield _terms("utter_row_fields", "field", row.fields, occasion)
    if row.seeks_partners:
        yield occasion.say("utter_row_seeks_partners")
    yield _phone(row, occasion)


def _training(row: Training, occasion: Occasion) -> Iterator[str | None]:
    yield _days(row.starts, row.ends, occasion)
    yield next((place.name or place.park_name for place in row.places), None)
    yield _terms("utter_row_audience", "audience", row.audiences, occasion)
    if row.apply_by is None:
        yield occasion.say("utter_row_apply_by_unknown")
    elif row.apply_by < occasion.today:
        yield occasion.say("utter_row_apply_by_over", date=occasion.day(row.apply_by))
    else:
        yield occasion.say("utter_row_apply_by", date=occasion.day(row.apply_by))
    if row.seats is not None:
        yield occasion.say("utter_row_seats", seats=row.seats)


def _entry(entry: Entry, occasion: Occasion) -> Iterator[str | None]:
    state = occasion.state(entry)
    yield occasion.say(STATE[state]) if state in STATE else None
    if entry.sample:
        yield occasion.say("utter_row_sample")
    yield loan_amount(entry, occasion)
    if entry.valid_until is not None:
        yield occasion.say("utter_row_valid_until", date=occasion.day(entry.valid_until))
    yield _terms("utter_row_audience", "audience", entry.audience, occasion)
    yield occasion.say("utter_row_source", source=shortly(entry.sources[0], occasion), date=date_of(entry, occasion))


def _where_and_phone(row: Listing, occasion: Occasion) -> Iterator[str | None]:
    yield _park(row)
    yield _terms("utter_row_fields", "field", row.fields, occasion)
    yield _phone(row, occasion)


def _park(row: Listing) -> str | None:
    return next((place.park_name for place in row.places if place.park_name), None)


def _phone(row: Listing, occasion: Occasion) -> str | None:
    """Nobody should dial the number of a sample."""
    return occasion.say("utter_row_phone", phone=row.phone) if row.phone and not row.sample else None


def _days(starts: date, ends: date, occasion: Occasion) -> str:
    if starts == ends:
        return occasion.day(starts)
    return occasion.say("utter_row_days", starts=occasion.day(starts), ends=occasion.day(ends))


def _terms(phrase: str, kind: str, codes: tuple[str, ...], occasion: Occasion) -> str | None:
    names = occasion.say("utter_enumeration").join(occasion.term(kind, code) for code in codes)
    return occasion.say(phrase, names=names) if names else None


def _number(amount: Decimal, occasion: Occasion) -> str:
    return show_number(amount, occasion.language)
