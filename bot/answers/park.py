"""What staff wrote about a park. What is not known is said to be not known."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answers.gains import noted, together
from bot.answers.occasion import Occasion
from bot.answers.state import spoken
from knowledge.amounts import show_number
from knowledge.entry import Entry
from knowledge.fields import Claim

HAS = {"true": "utter_claim_true", "false": "utter_claim_false", "unknown": "utter_claim_unknown"}


def park_lines(park: Entry, occasion: Occasion) -> Iterator[str]:
    say = occasion.say
    if park.district:
        yield say("utter_park_district", district=occasion.term("district", park.district))
    if park.address:
        yield say("utter_park_address", address=occasion.text(park.address))
    if park.area_km2 is not None:
        yield say("utter_park_area", area=show_number(park.area_km2, occasion.language))
    if park.industries:
        yield say("utter_park_industries", industries=say("utter_enumeration").join(map(occasion.text, park.industries)))
    if park.financing_platform:
        yield say("utter_park_financing_platform", claim=_claim(park.financing_platform, occasion))
    if park.credit_pilot:
        yield say("utter_park_credit_pilot", claim=_claim(park.credit_pilot, occasion))
    if park.approvals_desk:
        yield say("utter_park_approvals_desk", claim=_claim(park.approvals_desk, occasion))


def _claim(claim: Claim, occasion: Occasion) -> str:
    said = together(occasion, occasion.say(HAS[claim.has]), noted(claim.note, occasion))
    seed = claim.source is not None and claim.source.kind == "seed"
    known_on = claim.as_of or (claim.source.published if claim.source else None)
    if claim.has == "unknown" or known_on is None:
        return said
    return occasion.say("utter_in_brackets", text=said, detail=spoken(known_on, seed, occasion))
