"""Each kind of thing goes after its own days, and no conversation notices."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from bot.conversations.mailbox import accept
from bot.conversations.tables import events, handoffs, lanes, mailbox, outbox
from bot.conversations.timeline import START, latest, utterances
from bot.credit.access import grant, look
from bot.credit.tables import access_log, grants
from bot.databases import reading, writing
from bot.operating.purge import CHUNK, Keep, Purge, keep_of
from bot.settings import Settings
from tests.houses import Clock, House
from tests.servers import fresh_sqlite

KEEP = Keep(messages=timedelta(days=4), events=timedelta(days=2), handoffs=timedelta(days=6), audit=timedelta(days=8))
DAY = 86_400


async def drain(house: House) -> None:
    worker = house.worker()
    while await worker.serve_one():
        pass


def purge(house: House, keep: Keep = KEEP) -> dict[str, int]:
    return dict(Purge(house.databases, keep, house.clock(), rest=lambda _: None).run())


def ask_for_a_person(house: House, entry: int, lane: str) -> None:
    with writing(house.databases.conversations) as session:
        session.execute(
            handoffs.insert().values(
                lane_id=lane, entry_id=entry, requested_at=house.clock(), reason="asked", packet={}
            )
        )


def counts(house: House) -> tuple[int, int, int, int]:
    """Events, replies, messages with words, handoffs."""
    said = [entry for entry in house.rows(mailbox) if entry.text]
    return len(house.rows(events)), len(house.rows(outbox)), len(said), len(house.rows(handoffs))


async def test_each_kind_goes_after_its_own_days(house: House) -> None:
    accepted = house.say("hello")
    await drain(house)
    ask_for_a_person(house, accepted.entry_id, accepted.lane_id)
    seen = []
    for _ in range(8):
        purge(house)
        seen.append(counts(house))
        house.clock.advance(DAY)
    assert seen == [(1, 1, 1, 1)] * 2 + [(0, 1, 1, 1)] * 2 + [(0, 0, 0, 1)] * 2 + [(0, 0, 0, 0)] * 2


async def test_a_conversation_of_which_nothing_is_left_goes_too(house: House) -> None:
    house.say("hello")
    await drain(house)
    house.clock.advance(5 * DAY)
    assert purge(house) == {"events": 1, "outbox": 1, "messages": 1, "mailbox": 1, "lanes": 1}
    assert house.rows(lanes) == house.rows(mailbox) == []


async def test_an_entry_something_refers_to_stays_without_its_words(house: House) -> None:
    accepted = house.say("hello")
    await drain(house)
    ask_for_a_person(house, accepted.entry_id, accepted.lane_id)
    house.clock.advance(5 * DAY)
    purge(house)
    (entry,) = house.rows(mailbox)
    assert (entry.text, entry.payload, entry.error, entry.fingerprint) == ("", None, None, "")
    assert len(house.rows(handoffs)) == 1


async def test_a_conversation_goes_on_after_its_beginning_was_purged(house: House) -> None:
    accepted = house.say("old")
    await drain(house)
    house.clock.advance(5 * DAY)
    house.say("new")
    await drain(house)
    purge(house)
    with reading(house.databases.conversations) as session:
        told = [one.text for one in utterances(session, accepted.lane_id, START)]
        shown = [one.text for one in latest(session, accepted.lane_id)]
    assert told == shown == ["new", "new!"]
    assert [event.data["text"] for event in house.rows(events)] == ["new"]
    house.say("newer")
    await drain(house)
    assert house.rows(outbox)[-1].payload["text"] == "newer!"


async def test_a_cursor_of_before_the_purge_still_leads_on(house: House) -> None:
    accepted = house.say("old")
    await drain(house)
    house.clock.advance(5 * DAY)
    house.say("new")
    await drain(house)
    purge(house)
    cursor, seen = START, []
    with reading(house.databases.conversations) as session:
        while said := utterances(session, accepted.lane_id, cursor, limit=1):
            cursor = said[0].cursor
            seen.append(said[0].text)
            assert len(seen) <= 2
    assert seen == ["new", "new!"]


async def test_what_was_remembered_goes_with_the_last_event_and_not_before(house: House) -> None:
    for sender in ("ada", "bob"):
        house.say("old", sender=sender)
    await drain(house)
    house.clock.advance(3 * DAY)
    house.say("new", sender="bob")
    await drain(house)
    with writing(house.databases.conversations) as session:
        session.execute(update(lanes).values(memory={"slots": {"language": "en"}}))
    purge(house)
    assert {lane.sender: lane.memory for lane in house.rows(lanes)} == {
        "ada": None,
        "bob": {"slots": {"language": "en"}},
    }


async def test_what_waits_is_never_purged(house: House) -> None:
    house.say("waiting")
    house.clock.advance(1000 * DAY)
    assert purge(house) == {}
    await drain(house)
    assert house.rows(outbox)[0].payload["text"] == "waiting!"


@pytest.mark.parametrize("owner", ["waiting", "colleague"])
async def test_a_conversation_that_is_with_a_person_is_left_as_it_is(house: House, owner: str) -> None:
    accepted = house.say("help")
    await drain(house)
    ask_for_a_person(house, accepted.entry_id, accepted.lane_id)
    with writing(house.databases.conversations) as session:
        session.execute(update(lanes).values(owner=owner))
    house.clock.advance(1000 * DAY)
    assert purge(house) == {}
    assert counts(house) == (1, 1, 1, 1)


def test_looks_at_credit_records_and_ended_grants_go_after_their_own_days(house: House) -> None:
    asked = {"uscc": "X", "identity": "web:ada", "purpose": "own"}
    with writing(house.databases.credit) as session:
        day = timedelta(days=1)
        grant(session, **asked, role="enterprise", now=house.clock(), expires_at=house.clock() + day)
        grant(session, **asked, role="enterprise", now=house.clock(), expires_at=house.clock() + 100 * day)
        look(session, **asked, now=house.clock())
    house.clock.advance(7 * DAY)
    assert purge(house) == {}
    house.clock.advance(3 * DAY)
    assert purge(house) == {"access_log": 1, "grants": 1}
    with reading(house.databases.credit) as session:
        assert session.execute(select(func.count()).select_from(access_log)).scalar_one() == 0
        assert session.execute(select(grants.c.id)).scalars().all() == [2]


def test_turns_are_taken_between_small_transactions(house: House) -> None:
    many_old(house, 5 * CHUNK)
    turns: list[bool] = []

    def rest(_: float) -> None:
        """A turn in the middle of the purge: nothing is locked."""
        house.say("polite", sender="phone")
        turns.append(asyncio.run(house.worker().serve_one()))

    purged = Purge(house.databases, KEEP, house.clock(), rest).run()
    assert purged["events"] == purged["mailbox"] == 5 * CHUNK
    assert turns == [True] * len(turns)
    assert len(turns) >= 15
    assert len([reply for reply in house.rows(outbox) if reply.payload["text"] == "polite!"]) == len(turns)


def many_old(house: House, entries: int) -> None:
    accepted = house.say("old")
    asyncio.run(house.worker().serve_one())
    (entry,), (done,), (reply,) = house.rows(mailbox), house.rows(events), house.rows(outbox)
    ids = range(2, entries + 1)
    with writing(house.databases.conversations) as session:
        for table, row, own in (
            (mailbox, entry, lambda number: {"id": number, "position": number, "external_id": str(number)}),
            (events, done, lambda number: {"id": number, "entry_id": number}),
            (outbox, reply, lambda number: {"id": number, "entry_id": number}),
        ):
            session.execute(table.insert(), [{**row._mapping, **own(number)} for number in ids])
        session.execute(update(lanes).where(lanes.c.id == accepted.lane_id).values(arrivals=entries + 1))
        if house.databases.conversations.dialect.name == "postgresql":
            for name in ("mailbox", "events", "outbox"):
                session.execute(text(f"SELECT setval('{name}_id_seq', {entries})"))
    house.clock.advance(5 * DAY)


def test_rests_as_long_as_it_worked(house: House) -> None:
    many_old(house, CHUNK)
    rested: list[float] = []
    began = time.perf_counter()
    Purge(house.databases, KEEP, house.clock(), rested.append).run()
    assert 0 < sum(rested) <= time.perf_counter() - began


async def test_no_word_of_what_was_purged_is_left_in_the_file(tmp_path: Path, clock: Clock) -> None:
    house = House(fresh_sqlite(tmp_path), clock)
    house.say("canary-5531 at 13800138000")
    await drain(house)
    house.clock.advance(5 * DAY)
    assert b"canary-5531" in everything_in(tmp_path)
    purge(house)
    assert b"canary-5531" not in everything_in(tmp_path)
    house.databases.dispose()


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_days_are_settings() -> None:
    settings = Settings(
        _env_file=None, keep_messages_days=1, keep_events_days=2, keep_handoffs_days=3, keep_audit_days=4
    )
    assert keep_of(settings) == Keep(*(timedelta(days=days) for days in (1, 2, 3, 4)))
    with pytest.raises(ValueError, match="keep_messages_days"):
        Settings(_env_file=None, keep_messages_days=0)


def test_a_message_that_comes_while_its_conversation_is_purged_is_kept(house: House) -> None:
    house.say("old")
    asyncio.run(house.worker().serve_one())
    house.clock.advance(5 * DAY)
    purging = threading.Thread(target=purge, args=(house,))
    with writing(house.databases.conversations) as session:
        accept(session, channel="web", account="", sender="ada", external_id="x", text="new", now=house.clock())
        purging.start()
        time.sleep(0.5)
    purging.join()
    assert [entry.text for entry in house.rows(mailbox)] == ["new"]
    assert asyncio.run(house.worker().serve_one())
