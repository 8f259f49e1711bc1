from __future__ import annotations

import shutil
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message
from sqlalchemy import update

from bot.conversations.turn import Turn
from bot.databases import connect, writing
from bot.nlu.find_entities import LISTINGS_STAY, FindEntities
from bot.services.tables import listings
from tests.nlu.turns import taking
from tests.servers import NAMES, fresh_sqlite


@pytest.fixture(scope="module")
def finder() -> FindEntities:
    return FindEntities.create()


def found(finder: FindEntities, text: str) -> list[tuple[str, Any]]:
    message = Message({"text": text})
    finder.process([message])
    return [(each["entity"], each["value"]) for each in message.get("entities")]


def some_listing(turn: Turn) -> tuple[str, str, str]:
    with turn.databases.services.connect() as connection:
        row = connection.execute(listings.select().where(listings.c.kind == "makerspace").limit(1)).one()
    return row.id, row.name_zh, row.name_en


def test_a_search_in_chinese_is_understood(finder: FindEntities, turn: Turn) -> None:
    assert found(finder, "杨浦区评估过的众创空间，有空位的") == [
        ("district", "yangpu"),
        ("evaluated", True),
        ("carrier_kind", "makerspace"),
        ("free_seats", True),
    ]


def test_a_search_in_english_is_understood(finder: FindEntities, turn: Turn) -> None:
    assert found(finder, "AI incubators in Songjiang for start-ups") == [
        ("field", "artificial_intelligence"),
        ("carrier_kind", "incubator"),
        ("park", "park.songjiang"),
        ("stage", "beginning"),
    ]


def test_a_need_for_money_is_understood(finder: FindEntities, turn: Turn) -> None:
    entities = found(finder, "我们想在2026年12月底前贷款三百万")
    assert ("amount", "3000000") in entities
    assert ("date", "2026-12") in entities


def test_an_entry_is_found_by_its_name(finder: FindEntities, turn: Turn) -> None:
    assert ("entry", "programme.zhangjiang-bank") in found(finder, "张江银行开了吗")


def test_a_park_is_no_entry_but_a_park(finder: FindEntities, turn: Turn) -> None:
    assert found(finder, "漕河泾园") == [("park", "park.caohejing")]


def test_a_listing_is_found_by_its_name_in_either_language(finder: FindEntities, turn: Turn) -> None:
    key, zh, en = some_listing(turn)
    assert ("organisation", key) in found(finder, f"请介绍{zh}")
    assert ("organisation", key) in found(finder, f"tell me about {en.upper()}")


def test_samples_are_not_found_where_they_are_hidden(turn: Turn) -> None:
    with taking(replace(turn, show_samples=False)):
        assert not [each for each in found(FindEntities.create(), some_listing(turn)[1]) if each[0] == "organisation"]


def test_a_renamed_listing_is_recognised_a_little_later(turn: Turn, tmp_path: Path) -> None:
    source = Path(turn.databases.services.url.database)
    shutil.copy(source, tmp_path / "services.db")
    databases = connect({name: f"sqlite:///{tmp_path}/{name}.db" for name in NAMES})
    finder, key = FindEntities.create(), some_listing(turn)[0]
    first = replace(turn, databases=databases)
    later = replace(first, now=first.now + LISTINGS_STAY + timedelta(seconds=1))
    assert ("organisation", key) not in finding(finder, first, "新名字空间站在哪")
    with writing(databases.services) as session:
        session.execute(update(listings).where(listings.c.id == key).values(name_zh="新名字空间站"))
    assert ("organisation", key) in finding(finder, later, "新名字空间站在哪")
    databases.dispose()


def test_the_knowledge_of_the_turn_decides_what_is_an_entry(turn: Turn, live_knowledge: Any) -> None:
    finder, name = FindEntities.create(), "programme.zhangjiang-bank"
    snapshot = turn.snapshot
    without = replace(
        snapshot, id="another", entries={key: entry for key, entry in snapshot.entries.items() if key != name}
    )
    assert ("entry", name) in finding(finder, turn, "张江银行")
    assert ("entry", name) not in finding(finder, replace(turn, snapshot=without), "张江银行")


def test_a_services_database_that_was_never_made_has_no_names(turn: Turn, tmp_path: Path) -> None:
    databases = connect({name: f"sqlite:///{tmp_path}/{name}.db" for name in NAMES})
    assert finding(FindEntities.create(), replace(turn, databases=databases), "众创空间") == [
        ("carrier_kind", "makerspace")
    ]
    databases.dispose()


def test_an_empty_services_database_has_no_names(turn: Turn, tmp_path: Path) -> None:
    databases = fresh_sqlite(tmp_path)
    assert finding(FindEntities.create(), replace(turn, databases=databases), "松江") == [("park", "park.songjiang")]
    databases.dispose()


def test_a_message_is_searched_in_two_milliseconds(finder: FindEntities, turn: Turn) -> None:
    text = "请问杨浦区有没有评估过的众创空间，我们做人工智能，去年收入3000万，想在2026年12月入驻"
    found(finder, text)
    assert min(_seconds(finder, text, turn) for _ in range(20)) < 0.002


def finding(finder: FindEntities, turn: Turn, text: str) -> list[tuple[str, Any]]:
    with taking(turn):
        return found(finder, text)


def _seconds(finder: FindEntities, text: str, turn: Turn) -> float:
    started = time.thread_time()
    finder.find(text, turn)
    return time.thread_time() - started
