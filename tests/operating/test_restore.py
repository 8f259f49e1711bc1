"""What a restore brings back, what it forgets, and when it is refused."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.conversations.lease import claim_next
from bot.conversations.outbox import Parcel, Sender, take_next
from bot.conversations.roster import SILENT_AFTER, report
from bot.conversations.tables import lanes, mailbox, outbox, workers
from bot.conversations.timeline import newest_cursor, utterances
from bot.conversations.turn import LeaseLost, commit
from bot.conversations.wakeups import LocalWakeups
from bot.credit.access import grant, look
from bot.databases import DatabaseIsNewerError, Databases, reading, writing
from bot.operating.backup import back_up
from bot.operating.restore import restore
from bot.operating.settle import JUMP
from bot.operating.words import CannotDo
from tests.houses import House
from tests.operating.conftest import Empty


@dataclass
class Platform:
    """Keeps what it was sent, across a disaster of ours."""

    received: list[tuple[str, str]] = field(default_factory=list)  # (idempotency key, text)

    async def send(self, parcel: Parcel) -> None:
        self.received.append((parcel.idempotency_key, parcel.payload["text"]))


async def drain(house: House) -> None:
    worker = house.worker()
    while await worker.serve_one():
        pass


async def deliver(house: House, platform: Platform) -> None:
    sender = Sender(house.databases, {"web": platform}, LocalWakeups(), house.clock)
    while await sender.send_one():
        pass


async def test_nothing_is_sent_twice(house: House, new_machine: Databases, tmp_path: Path) -> None:
    platform = Platform()
    house.say("sent before the backup", sender="ada")
    await drain(house)
    await deliver(house, platform)
    house.say("on its way", sender="bob")
    house.say("queued", sender="eve")
    await drain(house)
    with writing(house.databases.conversations) as session:
        assert take_next(session, ["web"], house.clock()) is not None
    house.say("waiting", sender="joe")
    back_up(house.databases, tmp_path / "backup", house.clock())
    house.clock.advance(100)
    await drain(house)
    await deliver(house, platform)
    house.say("after the backup", sender="ada")
    await drain(house)
    await deliver(house, platform)
    before = list(platform.received)
    assert len(before) == 5

    restore(new_machine, tmp_path / "backup", house.clock())
    restored = House(new_machine, house.clock)
    house.clock.advance(100)
    await drain(restored)
    await deliver(restored, platform)
    assert platform.received == before

    restored.say("a new question", sender="joe")
    await drain(restored)
    await deliver(restored, platform)
    assert [said for _, said in platform.received[5:]] == ["a new question!"]
    keys = [key for key, _ in platform.received]
    assert len(set(keys)) == len(keys)


async def test_what_is_not_sent_again_is_told(house: House, new_machine: Databases, tmp_path: Path) -> None:
    house.say("answered", sender="ada")
    await drain(house)
    house.say("waiting", sender="joe")
    back_up(house.databases, tmp_path / "backup", house.clock())
    _, settled = restore(new_machine, tmp_path / "backup", house.clock())
    restored = House(new_machine, house.clock)
    assert (settled.replies, settled.entries) == (1, 1)
    assert [reply.state for reply in restored.rows(outbox)] == ["unknown"]
    assert [(entry.state, entry.text) for entry in restored.rows(mailbox)] == [
        ("done", "answered"),
        ("dead", "waiting"),
    ]


async def test_a_page_that_stayed_open_sees_what_is_said_after_a_restore(
    house: House, new_machine: Databases, tmp_path: Path
) -> None:
    accepted = house.say("first")
    await drain(house)
    back_up(house.databases, tmp_path / "backup", house.clock())
    for text_ in ("second", "third"):
        house.say(text_)
    await drain(house)
    with reading(house.databases.conversations) as session:
        cursor = newest_cursor(session, accepted.lane_id)
    restore(new_machine, tmp_path / "backup", house.clock())
    restored = House(new_machine, house.clock)
    restored.say("fourth")
    restored.say("fifth")
    await drain(restored)
    seen = []
    with reading(new_machine.conversations) as session:
        while said := utterances(session, accepted.lane_id, cursor, limit=1):
            cursor = said[0].cursor
            seen.append(said[0].text)
            assert len(seen) <= 4
    assert sorted(seen) == ["fifth", "fifth!", "fourth", "fourth!"]


async def test_a_worker_that_froze_before_the_disaster_cannot_commit(
    house: House, new_machine: Databases, tmp_path: Path
) -> None:
    house.say("hello")
    back_up(house.databases, tmp_path / "backup", house.clock())
    worker = house.worker("frozen")
    for _ in range(3):
        with writing(house.databases.conversations) as session:
            head = claim_next(session, "frozen", house.clock())
        house.clock.advance(20)
    assert head is not None
    turn = worker._turn(head)
    restore(new_machine, tmp_path / "backup", house.clock())
    restored = House(new_machine, house.clock)
    restored.say("again")
    for _ in range(3):
        with writing(new_machine.conversations) as session:
            claim_next(session, "new", house.clock())
        house.clock.advance(20)
    with pytest.raises(LeaseLost), writing(new_machine.conversations) as session:
        commit(session, head.claim, turn, None)


def test_leases_and_workers_of_the_backups_moment_are_forgotten(
    house: House, new_machine: Databases, tmp_path: Path
) -> None:
    house.say("hello")
    with writing(house.databases.conversations) as session:
        claim_next(session, "one", house.clock())
        report(session, "one", "model", house.clock(), house.clock())
    back_up(house.databases, tmp_path / "backup", house.clock())
    restore(new_machine, tmp_path / "backup", house.clock())
    restored = House(new_machine, house.clock)
    (lane,) = restored.rows(lanes)
    assert (lane.lease_holder, lane.lease_until, lane.due_at) == (None, None, None)
    assert restored.rows(workers) == []


def test_what_was_granted_before_a_backup_must_be_granted_anew(
    house: House, new_machine: Databases, tmp_path: Path
) -> None:
    asked: dict[str, Any] = {"uscc": "X", "identity": "web:ada", "purpose": "own"}
    with writing(house.databases.credit) as session:
        grant(session, **asked, role="enterprise", now=house.clock(), expires_at=house.clock() + timedelta(days=1))
        assert look(session, **asked, now=house.clock()) is not None
    back_up(house.databases, tmp_path / "backup", house.clock())
    _, settled = restore(new_machine, tmp_path / "backup", house.clock())
    assert settled.grants == 1
    with writing(new_machine.credit) as session:
        assert look(session, **asked, now=house.clock()) is None


def test_numbers_given_out_since_the_backup_are_not_given_again(
    house: House, new_machine: Databases, tmp_path: Path
) -> None:
    back_up(house.databases, tmp_path / "backup", house.clock())
    lost = [house.say("lost").entry_id for _ in range(3)]
    restore(new_machine, tmp_path / "backup", house.clock())
    assert House(new_machine, house.clock).say("new").entry_id > max(lost) + JUMP / 2


# Refusals


def test_a_running_assistant_is_left_alone(house: House, tmp_path: Path) -> None:
    back_up(house.databases, tmp_path / "backup", house.clock())
    with writing(house.databases.conversations) as session:
        report(session, "one", "model", house.clock(), house.clock())
    with pytest.raises(CannotDo, match="running: one"):
        restore(house.databases, tmp_path / "backup", house.clock(), replace=True)
    house.clock.advance(SILENT_AFTER.total_seconds() + 1)
    restore(house.databases, tmp_path / "backup", house.clock(), replace=True)


def test_a_lease_that_has_not_ended_counts_as_running(house: House, tmp_path: Path) -> None:
    back_up(house.databases, tmp_path / "backup", house.clock())
    house.say("hello")
    with writing(house.databases.conversations) as session:
        claim_next(session, "two", house.clock())
    with pytest.raises(CannotDo, match="running: two"):
        restore(house.databases, tmp_path / "backup", house.clock(), replace=True)


def test_databases_with_rows_are_written_over_only_on_request(house: House, tmp_path: Path) -> None:
    house.say("backed up")
    back_up(house.databases, tmp_path / "backup", house.clock())
    house.say("since then")
    with pytest.raises(CannotDo, match="--replace"):
        restore(house.databases, tmp_path / "backup", house.clock())
    assert len(house.rows(mailbox)) == 2
    restore(house.databases, tmp_path / "backup", house.clock(), replace=True)
    assert [entry.text for entry in house.rows(mailbox)] == ["backed up"]


def test_freshly_migrated_databases_count_as_empty(house: House, databases: Databases, tmp_path: Path) -> None:
    back_up(house.databases, tmp_path / "backup", house.clock())
    restore(databases, tmp_path / "backup", house.clock())


@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_a_backup_with_a_damaged_file_is_refused(house: House, tmp_path: Path, harm: str) -> None:
    house.say("now")
    back_up(house.databases, tmp_path / "backup", house.clock())
    file = (
        tmp_path
        / "backup"
        / json.loads((tmp_path / "backup" / "manifest.json").read_text())["databases"]["credit"]["file"]
    )
    content = bytearray(file.read_bytes())
    if harm == "gone":
        file.unlink()
    else:
        content[len(content) // 2] ^= 1
        file.write_bytes(content[: len(content) - (harm == "cut")])
    with pytest.raises(CannotDo, match="not what was backed up"):
        restore(house.databases, tmp_path / "backup", house.clock(), replace=True)
    assert len(house.rows(mailbox)) == 1


@pytest.mark.parametrize(
    "manifest", [None, "", "{}", '{"format": 1, "databases": {}, "made_at": "", "secret": null}', "[]"]
)
def test_a_folder_without_a_readable_manifest_is_no_backup(house: House, tmp_path: Path, manifest: str | None) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(CannotDo, match="no finished backup"):
        restore(house.databases, tmp_path, house.clock())


def test_a_backup_of_a_later_release_is_refused(house: House, new_machine: Databases, tmp_path: Path) -> None:
    for engine in vars(house.databases).values():
        with engine.execution_options(writes=True).begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    back_up(house.databases, tmp_path / "backup", house.clock())
    with pytest.raises(DatabaseIsNewerError, match="9999"):
        restore(new_machine, tmp_path / "backup", house.clock())


def test_what_pg_dump_wrote_does_not_go_into_sqlite(house: House, empty: Empty, tmp_path: Path) -> None:
    back_up(house.databases, tmp_path / "backup", house.clock())
    if house.databases.conversations.dialect.name == "sqlite":
        restore(empty("sqlite"), tmp_path / "backup", house.clock())
        return
    with pytest.raises(CannotDo, match="PostgreSQL only"):
        restore(empty("sqlite"), tmp_path / "backup", house.clock())


def test_a_restore_that_fails_leaves_what_was_there(house: House, tmp_path: Path) -> None:
    """The file is sound by its hash, yet rows are missing, as after a dump that was put together by hand."""
    house.say("now")
    back_up(house.databases, tmp_path / "backup", house.clock())
    manifest = tmp_path / "backup" / "manifest.json"
    content = json.loads(manifest.read_text())
    copy = content["databases"]["conversations"]
    file = tmp_path / "backup" / copy["file"]
    if copy["kind"] == "postgresql":
        lines = gzip.decompress(file.read_bytes()).split(b"\n")
        file.write_bytes(gzip.compress(b"\n".join(line for line in lines if b"\tnow\t" not in line)))
    else:
        file.write_bytes(file.read_bytes()[:-4096])
    copy |= {"bytes": file.stat().st_size, "sha256": sha256(file.read_bytes()).hexdigest()}
    manifest.write_text(json.dumps(content))
    with pytest.raises(Exception, match=r"rows where the backup counted|malformed"):
        restore(house.databases, tmp_path / "backup", house.clock(), replace=True)
    assert [entry.text for entry in house.rows(mailbox)] == ["now"]


def test_a_damaged_sqlite_file_is_replaced_only_on_request(tmp_path: Path, empty: Empty, house: House) -> None:
    back_up(house.databases, tmp_path / "backup", house.clock(), portable=True)
    there = empty("sqlite")
    path = Path(str(there.conversations.url.database))
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(CannotDo, match="--replace"):
        restore(there, tmp_path / "backup", house.clock())
    restore(there, tmp_path / "backup", house.clock(), replace=True)
    assert House(there, house.clock).rows(mailbox) == []
