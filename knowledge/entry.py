"""What one entry, fact and term is. Entry `<type>.<slug>` stands in `content/<type>/<slug>.yml`."""

import re
import unicodedata
from datetime import date
from typing import Any, Literal, get_args

from pydantic import Field, validator

from knowledge.eligibility_tree import Condition, read_condition
from knowledge.fields import (
    Bilingual,
    BilingualList,
    Call,
    Channel,
    Claim,
    Contact,
    Document,
    Fees,
    Jurisdiction,
    LegalBasis,
    Owner,
    Part,
    Source,
    Step,
    Support,
    TaskCodes,
    TimeLimit,
)
from knowledge.scalars import Amount, Code, EntryId, FactId, IsoDate, Text, WholeNumber, YesNo
from knowledge.terms import Terms

EntryType = Literal[
    "policy",
    "programme",
    "recognition",
    "loan_product",
    "financial_product",
    "approval",
    "service",
    "carrier",
    "faq",
    "platform",
    "park",
]
Status = Literal[
    "planned", "in_preparation", "under_construction", "in_force", "suspended", "expired", "repealed"
]
State = Literal[
    "planned",
    "in_preparation",
    "under_construction",
    "in_force",
    "suspended",
    "expired",
    "repealed",
    "superseded",
]
TYPES: tuple[str, ...] = get_args(EntryType)


class Entry(Part):
    id: EntryId
    type: EntryType
    sample: YesNo
    name: Bilingual
    aliases: BilingualList = BilingualList()
    questions: BilingualList
    summary: Bilingual | None
    answer: Bilingual | None
    status: Status
    jurisdiction: Jurisdiction
    audience: tuple[Code, ...] = ()
    stages: tuple[Code, ...] = ()
    aims: tuple[Code, ...] = ()
    fields: tuple[Code, ...] = ()
    facts: tuple[FactId, ...] = ()
    sources: tuple[Source, ...]
    as_of: IsoDate
    valid_from: IsoDate | None
    valid_until: IsoDate | None
    review_by: IsoDate | None
    supersedes: tuple[EntryId, ...] = ()
    contradicts: tuple[EntryId, ...] = ()
    related: tuple[EntryId, ...] = ()
    owner: Owner
    remarks: Bilingual | None

    eligibility: Condition | None
    derived_facts: dict[str, Text] = Field(default_factory=dict)
    support: Support | None
    calls: tuple[Call, ...] = ()
    terms: Terms | None
    documents: tuple[Document, ...] = ()
    steps: tuple[Step, ...] = ()
    competent_authority: Bilingual | None
    legal_basis: tuple[LegalBasis, ...] = ()
    conditions: Bilingual | None
    refusal_grounds: tuple[Bilingual, ...] = ()
    time_limit: TimeLimit | None
    fees: Fees | None
    channels: tuple[Channel, ...] = ()
    visits_needed: WholeNumber | None
    contact: Contact | None
    complaints: Contact | None
    delegated_to_park: YesNo | None
    codes: TaskCodes | None

    district: Code | None
    financing_platform: Claim | None
    credit_pilot: Claim | None
    approvals_desk: Claim | None
    industries: tuple[Bilingual, ...] = ()
    area_km2: Amount | None
    address: Bilingual | None

    @validator("eligibility", pre=True)
    @classmethod
    def tree(cls, value: Any) -> Condition:
        return read_condition(value)

    def state(self, today: date, superseded: bool = False) -> State:
        """On a day. `superseded`: another entry that supersedes this one is in force then."""
        if self.status != "in_force":
            return self.status
        if self.valid_until is not None and today > self.valid_until:
            return "expired"
        if superseded:
            return "superseded"
        if self.valid_from is not None and today < self.valid_from:
            return "planned"
        return "in_force"


class Fact(Part):
    id: FactId
    ref: Text | None
    name: Bilingual
    value: Amount
    unit: Bilingual | None
    qualifier: Literal["exact", "more_than", "about"] = "exact"
    as_of: IsoDate
    source: Source
    confused_with: tuple[FactId, ...] = ()
    note: Bilingual | None


class Term(Part):
    """A code of the vocabulary as people say it."""

    name: Bilingual
    aliases: BilingualList = BilingualList()


def said(entry: Entry) -> list[tuple[tuple[str | int, ...], str]]:
    """The names, aliases and questions of an entry with their paths in its file."""
    found: list[tuple[tuple[str | int, ...], str]] = []
    for language in ("zh", "en"):
        found.append((("name", language), entry.name.of(language)))
        for field, texts in (("aliases", entry.aliases), ("questions", entry.questions)):
            found += [((field, language, at), text) for at, text in enumerate(texts.of(language))]
    return found


def normal(text: str) -> str:
    """How two texts are compared: width, case, spaces and punctuation do not count."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
