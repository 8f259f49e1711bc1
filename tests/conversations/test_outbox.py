from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from bot.conversations.outbox import (
    MOST_ATTEMPTS,
    SENDING,
    Impossible,
    OutcomeUnknown,
    Parcel,
    Sender,
    TryAgain,
    take_next,
)
from bot.conversations.tables import outbox
from bot.conversations.wakeups import LocalWakeups
from bot.databases import writing
from tests.houses import House


@dataclass
class Platform:
    """Takes parcels, or answers with what `trouble` says about one."""

    trouble: Callable[[Parcel], Exception | None] = lambda _: None
    received: list[str] = field(default_factory=list)

    async def send(self, parcel: Parcel) -> None:
        if error := self.trouble(parcel):
            raise error
        self.received.append(parcel.payload["text"])


@pytest.fixture
async def queued(house: House) -> House:
    for sender, text in (("ada", "a"), ("ada", "b"), ("bob", "c")):
        house.say(text, sender=sender)
    while await house.worker().serve_one():
        pass
    return house


async def deliver(house: House, platform: Platform) -> None:
    sender = Sender(house.databases, {"web": platform}, LocalWakeups(), house.clock)
    while await sender.send_one():
        pass


def states(house: House) -> list[str]:
    return [reply.state for reply in house.rows(outbox)]


async def test_replies_of_a_conversation_are_sent_in_order(queued: House) -> None:
    platform = Platform()
    await deliver(queued, platform)
    assert [text for text in platform.received if text != "c!"] == ["a!", "b!"]
    assert states(queued) == ["sent"] * 3


async def test_a_reply_that_must_wait_holds_back_its_own_conversation_only(queued: House) -> None:
    platform = Platform(lambda parcel: TryAgain("busy", after=30) if parcel.payload["text"] == "a!" else None)
    await deliver(queued, platform)
    assert platform.received == ["c!"]
    platform.trouble = lambda _: None
    queued.clock.advance(40)
    await deliver(queued, platform)
    assert platform.received == ["c!", "a!", "b!"]


async def test_the_pause_a_platform_asks_for_is_kept(queued: House) -> None:
    platform = Platform(lambda _: TryAgain("slow down", after=100))
    await deliver(queued, platform)
    queued.clock.advance(90)
    platform.trouble = lambda _: None
    await deliver(queued, platform)
    assert platform.received == []


async def test_a_reply_no_platform_takes_does_not_block_what_follows(queued: House) -> None:
    platform = Platform(lambda parcel: Impossible("blocked") if parcel.payload["text"] == "a!" else None)
    await deliver(queued, platform)
    assert states(queued) == ["failed", "sent", "sent"]


async def test_a_reply_that_is_never_taken_fails_in_the_end(queued: House) -> None:
    platform = Platform(lambda parcel: TryAgain("down") if parcel.payload["text"] == "a!" else None)
    for _ in range(MOST_ATTEMPTS + 1):
        await deliver(queued, platform)
        queued.clock.advance(200)
    assert states(queued) == ["failed", "sent", "sent"]


async def test_an_unknown_outcome_is_not_sent_again(queued: House) -> None:
    platform = Platform(lambda parcel: OutcomeUnknown("time-out") if parcel.payload["text"] == "a!" else None)
    await deliver(queued, platform)
    queued.clock.advance(1000)
    platform.trouble = lambda _: None
    await deliver(queued, platform)
    assert states(queued) == ["unknown", "sent", "sent"]
    assert "a!" not in platform.received


async def test_a_reply_whose_sender_died_is_sent_again_with_the_same_key(queued: House) -> None:
    with writing(queued.databases.conversations) as session:
        first = take_next(session, ["web"], queued.clock())
    assert first is not None
    queued.clock.advance(SENDING.total_seconds() + 1)
    with writing(queued.databases.conversations) as session:
        again = take_next(session, ["web"], queued.clock())
    assert again is not None
    assert (again.outbox_id, again.idempotency_key) == (first.outbox_id, first.idempotency_key)


async def test_replies_of_other_channels_are_left_alone(queued: House) -> None:
    sender = Sender(queued.databases, {"telegram": Platform()}, LocalWakeups(), queued.clock)
    assert not await sender.send_one()
