from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.conversations.lease import LEASE, claim_next, set_aside
from bot.conversations.tables import events, lanes, mailbox, outbox, snapshots
from bot.conversations.turn import LeaseLost, Turn, commit, fail
from bot.conversations.worker import MOST_FAILURES, MOST_KILLED
from bot.databases import writing
from bot.metrics import TURNS
from tests.houses import House


async def drain(house: House) -> None:
    worker = house.worker()
    while await worker.serve_one():
        pass


def said(house: House) -> list[str]:
    return [reply.payload["text"] for reply in house.rows(outbox)]


async def test_an_entry_becomes_one_turn_with_its_events_and_replies(house: House) -> None:
    accepted = house.say("hello")
    await drain(house)
    assert [event.entry_id for event in house.rows(events)] == [accepted.entry_id]
    assert said(house) == ["hello!"]
    assert house.rows(mailbox)[0].state == "done"


async def test_entries_of_a_lane_are_answered_in_order(house: House) -> None:
    for text in "abcde":
        house.say(text)
    await drain(house)
    assert said(house) == ["a!", "b!", "c!", "d!", "e!"]


async def test_lanes_take_turns_so_that_a_flood_delays_nobody_else(house: House) -> None:
    for number in range(5):
        house.say(f"flood {number}", sender="flooder")
    house.say("polite", sender="polite")
    await drain(house)
    assert house.brain.heard.index("polite") == 1


async def test_a_leased_lane_is_nobody_elses(house: House) -> None:
    house.say("hello")
    with writing(house.databases.conversations) as session:
        assert claim_next(session, "one", house.clock())
        assert claim_next(session, "two", house.clock()) is None


async def test_a_lane_whose_worker_died_is_served_when_its_lease_ends(house: House) -> None:
    house.say("hello")
    with writing(house.databases.conversations) as session:
        claim_next(session, "dead", house.clock())
    house.clock.advance(LEASE.total_seconds() + 1)
    await drain(house)
    assert said(house) == ["hello!"]


async def test_a_worker_that_woke_up_after_its_lease_cannot_commit(house: House) -> None:
    house.say("hello")
    slow = house.worker("slow")
    with writing(house.databases.conversations) as session:
        head = claim_next(session, "slow", house.clock())
    assert head is not None
    turn = slow._turn(head)
    await house.brain.answer(turn, "message", "hello", None)
    house.clock.advance(LEASE.total_seconds() + 1)
    await drain(house)
    with pytest.raises(LeaseLost), writing(house.databases.conversations) as session:
        commit(session, head.claim, turn, None)
    assert said(house) == ["hello!"]


async def test_a_worker_that_starts_again_takes_back_its_own_leases(house: House) -> None:
    house.say("hello")
    with writing(house.databases.conversations) as session:
        claim_next(session, "one", house.clock())
    stop = asyncio.Event()
    serving = asyncio.ensure_future(house.worker("one").run(stop))
    for _ in range(200):
        await asyncio.sleep(0.01)
        if said(house):
            break
    stop.set()
    await serving
    assert said(house) == ["hello!"]


async def test_a_turn_that_fails_leaves_nothing_and_is_tried_again(house: House) -> None:
    house.brain.breaks_on = {"hello"}
    house.say("hello")
    await drain(house)
    assert house.rows(events) == house.rows(outbox) == []
    house.brain.breaks_on = set()
    house.clock.advance(60)
    await drain(house)
    assert said(house) == ["hello!"]


async def test_nothing_overtakes_an_entry_that_is_tried_again(house: House) -> None:
    house.brain.breaks_on = {"first"}
    house.say("first")
    house.say("second")
    await drain(house)
    assert said(house) == []


async def test_an_entry_that_keeps_failing_goes_to_the_dead_letters_and_the_user_is_told(house: House) -> None:
    house.brain.breaks_on = {"poison"}
    house.say("poison")
    house.say("next")
    for _ in range(MOST_FAILURES + 1):
        await drain(house)
        house.clock.advance(60)
    assert [entry.state for entry in house.rows(mailbox)] == ["dead", "done"]
    assert said(house) == ["sorry", "next!"]
    assert "broken on purpose" in house.rows(mailbox)[0].error


async def test_an_entry_that_kills_its_worker_twice_goes_to_the_dead_letters(house: House) -> None:
    house.say("poison")
    for _ in range(MOST_KILLED):
        with writing(house.databases.conversations) as session:
            assert claim_next(session, "one", house.clock())
        house.clock.advance(LEASE.total_seconds() + 1)
    await drain(house)
    assert (house.rows(mailbox)[0].state, said(house)) == ("dead", ["sorry"])
    assert house.brain.heard == []


async def test_a_lane_with_nothing_left_wants_no_worker(house: House) -> None:
    house.say("hello")
    await drain(house)
    assert house.rows(lanes)[0].due_at is None


async def test_every_reply_carries_the_number_of_its_snapshot(house: House) -> None:
    house.say("hello")
    await drain(house)
    (snapshot,) = house.rows(snapshots)
    assert house.rows(outbox)[0].snapshot == snapshot.number


async def test_what_cannot_be_stored_is_a_failed_turn_and_not_a_database_that_is_down(house: House) -> None:
    """It would be tried for ever, and its lane be leased all the while."""
    house.say("hello")
    worker = house.worker()
    answer = house.brain.answer

    async def unstorable(turn: Turn, *said: Any) -> None:
        await answer(turn, *said)
        turn.replies[0]["text"] = object()

    house.brain.answer = unstorable  # type: ignore[method-assign]
    await worker.serve_one()
    (entry,) = house.rows(mailbox)
    assert (entry.state, entry.failures) == ("waiting", 1)
    assert house.rows(lanes)[0].lease_until is None


async def test_a_due_lane_without_an_entry_holds_nobody_up(house: House) -> None:
    house.say("purged", sender="gone")
    house.clock.advance(1)
    house.say("hello")
    with writing(house.databases.conversations) as session:
        session.execute(mailbox.delete().where(mailbox.c.text == "purged"))
    await drain(house)
    assert said(house) == ["hello!"]


async def test_a_turn_whose_database_went_away_is_no_try(house: House) -> None:
    """However often that happens, the entry does not become a dead letter, and the lane need not wait for the end of a lease."""
    house.say("hello")
    for _ in range(MOST_KILLED + 1):
        with writing(house.databases.conversations) as session:
            assert claim_next(session, "one", house.clock())
        with writing(house.databases.conversations) as session:
            set_aside(session, "one")
    assert house.rows(mailbox)[0].starts == 0
    await drain(house)
    assert said(house) == ["hello!"]


async def test_a_turn_that_was_committed_without_the_worker_hearing_of_it_is_not_taken_again(house: House) -> None:
    house.say("hello")
    with writing(house.databases.conversations) as session:
        head = claim_next(session, "one", house.clock())
    assert head
    turn = house.worker()._turn(head)
    await house.brain.answer(turn, "message", "hello", None)
    with writing(house.databases.conversations) as session:
        commit(session, head.claim, turn, None)
    with writing(house.databases.conversations) as session:
        fail(session, head.claim, 1, ConnectionError("gone before it said so"), house.clock())
    house.clock.advance(60)
    assert not await house.worker().serve_one()
    assert (house.rows(mailbox)[0].state, house.rows(mailbox)[0].failures) == ("done", 0)


async def test_a_clock_that_is_set_back_delays_nobody(house: House) -> None:
    house.say("hello")
    house.say("waits", sender="bob")
    house.clock.advance(3600)
    with writing(house.databases.conversations) as session:
        assert claim_next(session, "killed", house.clock())
        session.execute(lanes.update().where(lanes.c.lease_holder.is_(None)).values(due_at=house.clock()))
    house.clock.advance(-3600)
    stop = asyncio.Event()
    serving = asyncio.ensure_future(house.worker().run(stop))
    for _ in range(200):
        await asyncio.sleep(0.01)
        if len(said(house)) == 2:
            break
    stop.set()
    await serving
    assert sorted(said(house)) == ["hello!", "waits!"]


async def test_who_was_served_longest_ago_comes_first(house: House) -> None:
    house.say("first", sender="patient")
    await drain(house)
    house.clock.advance(30)
    for number in range(3):
        house.say(f"flood {number}", sender="flooder")
    await house.worker().serve_one()
    house.say("again", sender="patient")
    await house.worker().serve_one()
    assert house.brain.heard == ["first", "flood 0", "again"]


async def test_a_lost_lease_is_an_outcome_that_is_counted(house: House) -> None:
    house.say("hello")
    before = TURNS.labels(outcome="lease_lost")._value.get()
    answer = house.brain.answer

    async def frozen(turn: Turn, *said: Any) -> None:
        house.clock.advance(LEASE.total_seconds() + 1)
        with writing(house.databases.conversations) as session:
            assert claim_next(session, "two", house.clock())
        await answer(turn, *said)

    house.brain.answer = frozen  # type: ignore[method-assign]
    await house.worker("one").serve_one()
    assert TURNS.labels(outcome="lease_lost")._value.get() == before + 1
    assert house.rows(outbox) == []
