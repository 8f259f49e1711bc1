"""What a message names: codes, entries, listings, amounts, dates, credit codes, numbers and a few wishes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message
from sqlalchemy import inspect
from sqlalchemy.engine import Engine

from bot.databases import reading
from bot.nlu.amounts import quantities
from bot.nlu.attributes import attributes
from bot.nlu.credit_codes import credit_codes
from bot.nlu.dates import dates
from bot.nlu.found import Found, add_entities, longest
from bot.nlu.known_terms import knowledge_terms, listing_terms
from bot.nlu.normalise import text_of
from bot.nlu.relative_dates import relative_dates
from bot.nlu.terms import Terms
from bot.services.queries import listing_names

if TYPE_CHECKING:
    from bot.conversations.turn import Turn
    from bot.services.rows import ListingName
    from knowledge.snapshot import Snapshot

LISTINGS_STAY = timedelta(minutes=5)
"""So long a new listing may have to wait to be recognised by its name."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FindEntities(GraphComponent):
    def __init__(self) -> None:
        self._knowledge, self._knowledge_of = Terms(()), ("", False)
        self._listings = Terms(())
        self._listed: tuple[ListingName, ...] = ()
        self._listings_read: datetime | None = None

    @classmethod
    def create(cls, *_: Any, **__: Any) -> FindEntities:
        return cls()

    @staticmethod
    def required_packages() -> list[str]:
        return ["spacy", "cn2an", "stdnum"]

    def process(self, messages: list[Message]) -> list[Message]:
        from bot.conversations.turn import this_turn  # a turn's modules need databases; training does not

        turn = this_turn()
        self._know(turn.snapshot, turn.show_samples)
        self._know_listings(turn)
        for message in messages:
            add_entities(message, self.find(text_of(message), turn), extractor="FindEntities")
        return messages

    def find(self, text: str, turn: Turn) -> list[Found]:
        return longest(
            [
                *self._knowledge.find(text),
                *self._listings.find(text),
                *credit_codes(text),
                *quantities(text),
                *dates(text, turn.today),
                *relative_dates(text, turn.today),
                *attributes(text),
            ]
        )

    def _know(self, snapshot: Snapshot, show_samples: bool) -> None:
        if self._knowledge_of != (snapshot.id, show_samples):
            self._knowledge = Terms(knowledge_terms(snapshot, show_samples=show_samples))
            self._knowledge_of = snapshot.id, show_samples

    def _know_listings(self, turn: Turn) -> None:
        if self._listings_read is not None and timedelta() <= turn.now - self._listings_read < LISTINGS_STAY:
            return
        listed = _names(turn.databases.services, turn.show_samples)
        if listed != self._listed:
            self._listings, self._listed = Terms(listing_terms(listed)), listed
        self._listings_read = turn.now


def _names(services: Engine, show_samples: bool) -> tuple[ListingName, ...]:
    """None where the database was not made yet, as under `rasa train` in a fresh checkout."""
    if not inspect(services).has_table("listings"):
        return ()
    with reading(services) as session:
        return tuple(listing_names(session, show_samples=show_samples))
