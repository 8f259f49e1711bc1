"""Rasa's tracker on the lane's tables, with Rasa's own classes and a small domain."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot import without_tensorflow
from bot.conversations.tables import events
from bot.conversations.turn import Turn, current_turn
from tests.houses import House

without_tensorflow.install()

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversations.tracker_store import WINDOW, LaneTrackerStore

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [ask]
    slots:
      topic: {type: text, influence_conversation: false, mappings: [{type: custom}]}
      mood: {type: text, influence_conversation: false, mappings: [{type: custom}]}
    forms: {a_form: {required_slots: [topic]}}
    """
)


class Talk:
    """Turns of one conversation, each by a store of its own, as if every turn met another worker."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def turn(self, *said: object) -> DialogueStateTracker:
        house, turns = self.house, []
        house.say("hello")

        class Brain:
            model_id = "none"

            async def answer(self, turn: Turn, kind: str, text: str, payload: object) -> None:
                token = current_turn.set(turn)
                try:
                    store = LaneTrackerStore(DOMAIN)
                    tracker = await store.get_or_create_tracker(turn.lane_id)
                    for event in (UserUttered("hello", {"name": "ask"}), *said, ActionExecuted("action_listen")):
                        tracker.update(event, DOMAIN)
                    await store.save(tracker)
                    turns.append(tracker)
                finally:
                    current_turn.reset(token)

            def apologise(self, turn: Turn, text: str) -> None:
                raise AssertionError

        house.brain = Brain()  # type: ignore[assignment]
        assert await house.worker().serve_one()
        return turns[0]

    async def read(self) -> DialogueStateTracker:
        return await self.turn()


@pytest.fixture
def talk(house: House) -> Talk:
    return Talk(house)


async def test_events_of_a_turn_are_stored_once(talk: Talk) -> None:
    await talk.turn(SlotSet("topic", "loans"))
    await talk.turn()
    names = [event.name for event in talk.house.rows(events)]
    assert names == ["action", "user", "slot", "action", "user", "action"]


async def test_a_slot_set_a_thousand_events_ago_still_has_its_value(talk: Talk) -> None:
    await talk.turn(SlotSet("topic", "loans"))
    for _ in range(WINDOW):
        await talk.turn(SlotSet("mood", "calm"))
    assert (await talk.read()).get_slot("topic") == "loans"


async def test_a_slot_that_was_emptied_stays_empty(talk: Talk) -> None:
    await talk.turn(SlotSet("topic", "loans"))
    await talk.turn(SlotSet("topic", None))
    for _ in range(WINDOW):
        await talk.turn()
    assert (await talk.read()).get_slot("topic") is None


async def test_a_form_that_began_long_ago_is_still_active(talk: Talk) -> None:
    await talk.turn(ActiveLoop("a_form"))
    for _ in range(WINDOW):
        await talk.turn()
    assert (await talk.read()).active_loop_name == "a_form"


async def test_a_long_conversation_is_read_by_its_newest_events_only(talk: Talk) -> None:
    for _ in range(2 * WINDOW):
        await talk.turn()
    assert len((await talk.read()).events) <= WINDOW + 5


async def test_without_a_turn_it_answers_nothing() -> None:
    with pytest.raises(LookupError):
        await LaneTrackerStore(DOMAIN).retrieve("somebody")


async def test_a_database_that_is_down_is_an_error_and_not_an_empty_memory(talk: Talk) -> None:
    await talk.turn()
    lane_id = talk.house.rows(events)[0].lane_id
    broken = talk.house.databases
    with broken.conversations.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE events RENAME TO gone")
    turn = Turn(lane_id, 1, "web", talk.house.clock(), None, broken, True)  # type: ignore[arg-type]
    token = current_turn.set(turn)
    with pytest.raises(SQLAlchemyError):
        await LaneTrackerStore(DOMAIN).retrieve(lane_id)
    current_turn.reset(token)
