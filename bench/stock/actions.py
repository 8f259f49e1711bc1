"""The stock project's action: the carriers asked for, from the same database by the same query. Runs in the stock environment."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.engine import Engine

from bot.databases import open_engine, reading
from bot.services.queries import find_carriers
from bot.services.rows import Carrier, CarrierFilter, Language


@cache
def services() -> Engine:
    return open_engine(os.environ["SERVICES_DATABASE_URL"], durable=False)


class FindCarriers(Action):  # type: ignore[misc]
    def name(self) -> str:
        return "action_find_carriers"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        kind = next(tracker.get_latest_entity_values("carrier_kind"), None)
        wanted = CarrierFilter(
            kinds=(kind,) if kind else (), district=next(tracker.get_latest_entity_values("district"), None)
        )
        language: Language = "en" if tracker.latest_message["text"].isascii() else "zh"
        with reading(services()) as session:
            page = find_carriers(session, wanted, language)
        if not page.rows:
            dispatcher.utter_message(response="utter_none")
        else:
            buttons = [{"title": row.name, "payload": f'/choose_entry{{"entry": "{row.id}"}}'} for row in page.rows]
            lines = "\n".join(line(number, row) for number, row in enumerate(page.rows, start=1))
            dispatcher.utter_message(response="utter_carriers", total=page.total, lines=lines, buttons=buttons)
        return []


def line(number: int, row: Carrier) -> str:
    where = " ".join(part for place in row.places for part in (place.park_name, place.address, place.metro) if part)
    return f"{number}. {row.name} {where} {row.seats_free or ''} {row.phone or ''} {row.assured_date or ''}"
