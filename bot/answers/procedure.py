"""How something is done: conditions, papers, steps, time, fees and where to go."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answers.conditions import condition_lines
from bot.answers.gains import noted, together, yuan
from bot.answers.occasion import Occasion
from knowledge.entry import Entry
from knowledge.fields import Channel, Contact, Document, Fees, LegalBasis, Period, Step

PERIOD = {"working_day": "utter_working_days", "day": "utter_days", "month": "utter_months"}
SINGLE = {"working_day": "utter_one_working_day", "day": "utter_one_day", "month": "utter_one_month"}
CHANNEL = {"online": "utter_channel_online", "window": "utter_channel_window", "phone": "utter_channel_phone"}


def procedure(entry: Entry, occasion: Occasion) -> list[str]:
    """Empty when staff wrote nothing about how it is done."""
    return [*_conditions(entry, occasion), *_papers(entry, occasion), *_steps(entry, occasion), *_rest(entry, occasion)]


def _conditions(entry: Entry, occasion: Occasion) -> Iterator[str]:
    """The tree says the same as the prose and the grounds for refusal, and line by line."""
    say = occasion.say
    if entry.eligibility:
        yield say("utter_conditions")
        yield from condition_lines(entry.eligibility, occasion)
        yield say("utter_conditions_are_indicative")
        return
    if entry.conditions:
        yield say("utter_conditions_text", conditions=occasion.text(entry.conditions))
    if entry.refusal_grounds:
        yield say("utter_refusal_grounds")
        yield from (say("utter_bullet", line=occasion.text(ground)) for ground in entry.refusal_grounds)


def _papers(entry: Entry, occasion: Occasion) -> Iterator[str]:
    if entry.documents:
        yield occasion.say("utter_documents")
        yield from (occasion.say("utter_bullet", line=_document(each, occasion)) for each in entry.documents)


def _document(document: Document, occasion: Occasion) -> str:
    say = occasion.say
    said: str = document.zh if occasion.language == "zh" else document.en
    if document.issued_by:
        said = say("utter_document_issued_by", document=said, issuer=occasion.text(document.issued_by))
    if document.when:
        return say("utter_document_when", document=said, when=occasion.text(document.when))
    return say("utter_document_optional", document=said) if document.required == "false" else said


def _steps(entry: Entry, occasion: Occasion) -> Iterator[str]:
    if entry.steps:
        yield occasion.say("utter_steps")
        yield from (occasion.say("utter_step", n=step.n, step=_step(step, occasion)) for step in entry.steps)


def _step(step: Step, occasion: Occasion) -> str:
    say = occasion.say
    said: str = step.zh if occasion.language == "zh" else step.en
    takes = period(step.time_limit, occasion) if step.time_limit else None
    if takes:
        said = say("utter_in_brackets", text=said, detail=takes)
    return say("utter_link_after", text=said, url=step.url) if step.url else said


def _rest(entry: Entry, occasion: Occasion) -> Iterator[str]:
    say, limit = occasion.say, entry.time_limit
    if limit and limit.legal and (time := period(limit.legal, occasion)):
        yield say("utter_time_legal", time=time)
    if limit and limit.promised and (time := period(limit.promised, occasion)):
        yield say("utter_time_promised", time=time)
    if entry.fees and (fees := _fees(entry.fees, occasion)):
        yield say("utter_fees", fees=fees)
    if entry.visits_needed is not None:
        yield say("utter_visits", visits=entry.visits_needed)
    if entry.competent_authority:
        yield say("utter_authority", authority=occasion.text(entry.competent_authority))
    yield from (say("utter_legal_basis", basis=_basis(basis, occasion)) for basis in entry.legal_basis)
    where = (_channel(channel, occasion) for channel in entry.channels)
    yield from (say("utter_channel", channel=channel) for channel in where if channel)
    yield from _contacts(entry, occasion)


def _contacts(entry: Entry, occasion: Occasion) -> Iterator[str]:
    for name, contact in (("utter_contact", entry.contact), ("utter_complaints", entry.complaints)):
        if contact and (said := _contact(contact, occasion)):
            yield occasion.say(name, contact=said)


def period(time: Period, occasion: Occasion) -> str:
    names = SINGLE if time.days == 1 else PERIOD
    lasts = occasion.say(names[time.unit], amount=time.days) if time.days is not None else None
    return together(occasion, lasts, noted(time.note, occasion))


def _fees(fees: Fees, occasion: Occasion) -> str:
    if fees.charged is not None and not fees.charged:
        return together(occasion, occasion.say("utter_free_of_charge"), noted(fees.note, occasion))
    amount = yuan(fees.amount, occasion) if fees.amount is not None else None
    said = together(occasion, amount, noted(fees.note, occasion))
    return said or (occasion.say("utter_charged") if fees.charged else "")


def _basis(basis: LegalBasis, occasion: Occasion) -> str:
    title = occasion.say("utter_titled", title=basis.title.of(occasion.language))
    return together(occasion, title, basis.doc_no, basis.article)


def _channel(channel: Channel, occasion: Occasion) -> str:
    kind = occasion.say(CHANNEL[channel.kind]) if channel.kind in CHANNEL else None
    said = together(occasion, kind, noted(channel.note, occasion))
    return occasion.say("utter_link_after", text=said, url=channel.url).strip() if channel.url else said


def _contact(contact: Contact, occasion: Occasion) -> str:
    parts = (noted(part, occasion) for part in (contact.address, contact.hours, contact.note))
    return together(occasion, contact.phone, *parts, contact.url)
