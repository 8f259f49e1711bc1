"""What an entry gives, and when one can apply for it: support, terms of a loan, calls."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bot.answers.occasion import Occasion
from knowledge.amounts import show_number
from knowledge.entry import Entry
from knowledge.fields import Bilingual, Call, Support
from knowledge.terms import AmountRange, Months, Rate, Subsidy, Terms

MOST_CALLS = 2
COLLATERAL = {"none": "utter_no_collateral", "required": "utter_collateral_required"}
PAID = {"after_repayment": "utter_subsidy_after_repayment"}


def gains(entry: Entry, occasion: Occasion) -> list[str]:
    lines = [*_support(entry.support, occasion)] if entry.support else []
    lines += _terms(entry.terms, occasion) if entry.terms else []
    return lines + calls(entry, occasion)


def _support(support: Support, occasion: Occasion) -> Iterator[str]:
    amount = yuan(support.amount, occasion) if support.amount is not None else None
    said = together(occasion, amount, noted(support.note, occasion))
    if said:
        yield occasion.say("utter_support", support=said)


def _terms(terms: Terms, occasion: Occasion) -> Iterator[str]:
    say = occasion.say
    if terms.amount and (said := _amount(terms.amount, occasion)):
        yield say("utter_loan_amount", amount=said)
    if terms.term_months and (said := _months(terms.term_months, occasion)):
        yield say("utter_loan_term", term=said)
    if terms.rate and (said := _rate(terms.rate, occasion)):
        yield say("utter_loan_rate", rate=said)
    if terms.collateral in COLLATERAL:
        yield say("utter_loan_collateral", collateral=say(COLLATERAL[terms.collateral]))
    if terms.subsidy and (said := _subsidy(terms.subsidy, occasion)):
        yield say("utter_loan_subsidy", subsidy=said)
    if terms.note:
        yield say("utter_loan_note", note=occasion.text(terms.note))


def loan_amount(entry: Entry, occasion: Occasion) -> str | None:
    said = _amount(entry.terms.amount, occasion) if entry.terms and entry.terms.amount else None
    return occasion.say("utter_loan_amount", amount=said) if said else None


def _amount(amount: AmountRange, occasion: Occasion) -> str:
    least, most = (None if each is None else show_number(each, occasion.language) for each in (amount.min, amount.max))
    return together(occasion, _range("yuan", least, most, occasion), noted(amount.note, occasion))


def _months(term: Months, occasion: Occasion) -> str:
    return together(occasion, _range("months", term.min, term.max, occasion), noted(term.note, occasion))


RANGES = {
    "yuan": ("utter_yuan", "utter_yuan_from_to", "utter_yuan_up_to", "utter_yuan_at_least"),
    "months": ("utter_months", "utter_months_from_to", "utter_months_up_to", "utter_months_at_least"),
}


def _range(of: str, least: object, most: object, occasion: Occasion) -> str | None:
    say, (exactly, from_to, up_to, at_least) = occasion.say, RANGES[of]
    if least is None and most is None:
        return None
    if least is None:
        return say(up_to, most=most)
    if most is None:
        return say(at_least, least=least)
    return say(exactly, amount=most) if least == most else say(from_to, least=least, most=most)


def _rate(rate: Rate, occasion: Occasion) -> str:
    say, said = occasion.say, rate.basis and str(rate.basis)
    if said and rate.spread_bp:
        name = "utter_rate_over" if rate.spread_bp > 0 else "utter_rate_under"
        said = say(name, basis=said, spread=show_number(abs(rate.spread_bp), occasion.language))
    detail = together(occasion, noted(rate.note, occasion), occasion.day(rate.as_of) if rate.as_of else None)
    return say("utter_in_brackets", text=said, detail=detail) if said and detail else said or detail


def _subsidy(subsidy: Subsidy, occasion: Occasion) -> str:
    say = occasion.say
    share = (
        say("utter_percent", amount=show_number(subsidy.share_pct, occasion.language)) if subsidy.share_pct else None
    )
    cap = say("utter_yuan_up_to", most=show_number(subsidy.cap, occasion.language)) if subsidy.cap else None
    paid = say(PAID[subsidy.paid]) if subsidy.paid in PAID else None
    return together(occasion, share, cap, paid, noted(subsidy.note, occasion))


def calls(entry: Entry, occasion: Occasion) -> list[str]:
    """Of the latest year; a call without any date says nothing."""
    dated = [call for call in entry.calls if call.opens or call.last_day]
    latest = max((call.year for call in dated), default=0)
    return [_call(call, occasion) for call in dated if call.year == latest][:MOST_CALLS]


def _call(call: Call, occasion: Occasion) -> str:
    say, said = occasion.say, _window(call, occasion)
    if call.extended_to and call.closes:
        said = say("utter_call_extended", call=said, closes=occasion.day(call.closes))
    return together(occasion, said, noted(call.note, occasion))


def _window(call: Call, occasion: Occasion) -> str:
    say, today, last = occasion.say, occasion.today, call.last_day
    if last is not None and last < today:
        return say("utter_call_closed", year=call.year, closes=occasion.day(last))
    if call.opens is not None and today < call.opens:
        return say("utter_call_upcoming", year=call.year, opens=occasion.day(call.opens))
    if last is not None:
        return say("utter_call_open", year=call.year, closes=occasion.day(last))
    assert call.opens is not None
    return say("utter_call_open_no_end", year=call.year, opens=occasion.day(call.opens))


def yuan(amount: Decimal, occasion: Occasion) -> str:
    return occasion.say("utter_yuan", amount=show_number(amount, occasion.language))


def noted(note: Bilingual | None, occasion: Occasion) -> str | None:
    return occasion.text(note) if note else None


def together(occasion: Occasion, *parts: str | None) -> str:
    return occasion.say("utter_item_separator").join(part for part in parts if part)
