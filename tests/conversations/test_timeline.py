from __future__ import annotations

import pytest

from bot.conversations.lease import set_right
from bot.conversations.tables import outbox
from bot.conversations.timeline import BadCursor, latest, mark_shown, newest_cursor, utterances, working
from bot.databases import reading, writing
from tests.houses import House


async def talk(house: House, *texts: str) -> str:
    lane_id = ""
    for text in texts:
        lane_id = house.say(text).lane_id
        await house.worker().serve_one()
    return lane_id


async def test_a_conversation_reads_in_the_order_it_was_said(house: House) -> None:
    lane = await talk(house, "a", "b")
    with reading(house.databases.conversations) as session:
        assert [(one.role, one.text) for one in utterances(session, lane)] == [
            ("user", "a"), ("assistant", "a!"), ("user", "b"), ("assistant", "b!"),
        ]  # fmt: skip


async def test_reading_goes_on_from_any_cursor_without_gap_or_repeat(house: House) -> None:
    lane = await talk(house, "a", "b", "c")
    with reading(house.databases.conversations) as session:
        all_of_it = utterances(session, lane)
        for index, one in enumerate(all_of_it):
            assert utterances(session, lane, after=one.cursor) == all_of_it[index + 1 :]


async def test_a_reply_that_comes_after_the_next_message_is_not_missed(house: House) -> None:
    lane = house.say("a").lane_id
    house.say("b")
    with reading(house.databases.conversations) as session:
        cursor = utterances(session, lane)[-1].cursor
    while await house.worker().serve_one():
        pass
    with reading(house.databases.conversations) as session:
        assert [one.text for one in utterances(session, lane, after=cursor)] == ["a!", "b!"]


async def test_older_pages_meet_without_gap_or_repeat(house: House) -> None:
    lane = await talk(house, *"abcdefg")
    with reading(house.databases.conversations) as session:
        whole = [one.text for one in utterances(session, lane)]
        pages, before = [], None
        while page := latest(session, lane, limit=4, before=before):
            pages = [*page, *pages]
            before = page[0].cursor
    assert [one.text for one in pages] == whole


async def test_the_newest_cursor_is_the_end(house: House) -> None:
    lane = await talk(house, "a", "b")
    with reading(house.databases.conversations) as session:
        assert utterances(session, lane, after=newest_cursor(session, lane)) == []


async def test_what_was_fetched_counts_as_sent(house: House) -> None:
    lane = await talk(house, "a")
    with writing(house.databases.conversations) as session:
        mark_shown(session, lane, utterances(session, lane), house.clock())
    assert house.rows(outbox)[0].state == "sent"


async def test_a_withdrawn_reply_is_never_shown(house: House) -> None:
    lane = await talk(house, "a")
    with writing(house.databases.conversations) as session:
        session.execute(outbox.update().values(state="withdrawn"))
    with reading(house.databases.conversations) as session:
        assert [one.role for one in utterances(session, lane)] == ["user"]


async def test_a_lane_works_while_an_entry_waits(house: House) -> None:
    lane = house.say("a").lane_id
    with reading(house.databases.conversations) as session:
        assert working(session, lane)
    await house.worker().serve_one()
    with reading(house.databases.conversations) as session:
        assert not working(session, lane)


@pytest.mark.parametrize("cursor", ["", "1", "1.", "a.b", "-1.0", "1.2.3", "9" * 30 + ".0", "１.0"])
async def test_a_cursor_that_was_not_handed_out_is_refused(house: House, cursor: str) -> None:
    lane = await talk(house, "a")
    with reading(house.databases.conversations) as session, pytest.raises(BadCursor):
        utterances(session, lane, after=cursor)


async def test_a_clock_that_is_set_back_puts_no_reply_before_its_message(house: House) -> None:
    lane = house.say("a").lane_id
    house.clock.advance(-3600)
    with writing(house.databases.conversations) as session:
        set_right(session, house.clock())
    await house.worker().serve_one()
    with reading(house.databases.conversations) as session:
        assert [one.text for one in utterances(session, lane)] == ["a", "a!"]
        assert [one.text for one in latest(session, lane)] == ["a", "a!"]
