"""A conversation as the page receives it: pages of the past, and a stream of what is said from now on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from bot.conversations.timeline import Utterance, latest, mark_shown, newest_cursor, utterances, working
from bot.conversations.wakeups import lane_topic
from bot.databases import reading, writing
from bot.references import sign_button
from connectors.intake import Gateway

PAGE = 30
HEARTBEAT = 15.0  # seconds; also how often a quiet conversation is looked at, should a wake-up get lost
IMPATIENT = 1.0  # the same while an answer is being made


def past(gateway: Gateway, lane_id: str, before: str | None) -> dict[str, Any]:
    """One page, oldest first; `before` leads to the page before it, `cursor` to what comes after everything."""
    with reading(gateway.databases.conversations) as session:
        said = latest(session, lane_id, PAGE, before)
        cursor = newest_cursor(session, lane_id)
    _mark_shown(gateway, lane_id, said)
    return {
        "messages": [_shown(gateway, one) for one in said],
        "before": said[0].cursor if len(said) == PAGE else None,
        "cursor": cursor,
    }


async def live(gateway: Gateway, lane_id: str, cursor: str) -> AsyncIterator[str]:
    """Server-sent events: what was said after the cursor, and `working` whenever that changes."""
    was_working = False
    while True:
        # Waiting begins before looking: what happens in between must not go unnoticed.
        patience = IMPATIENT if was_working else HEARTBEAT
        woken = asyncio.ensure_future(gateway.wakeups.wait(lane_topic(lane_id), patience))
        await asyncio.sleep(0)
        try:
            said, is_working = await run_in_threadpool(look, gateway, lane_id, cursor)
            for one in said:
                cursor = one.cursor
                yield f"id: {cursor}\nevent: utterance\ndata: {json.dumps(_shown(gateway, one))}\n\n"
            if is_working != was_working:
                was_working = is_working
                yield f"event: working\ndata: {json.dumps(is_working)}\n\n"
            elif not said:
                yield ": still here\n\n"
            if not said:
                await woken
        except SQLAlchemyError:
            return  # the page comes back, later and later, until the database does
        finally:
            woken.cancel()


def look(gateway: Gateway, lane_id: str, cursor: str) -> tuple[list[Utterance], bool]:
    """What was said after the cursor, and whether an answer is being made."""
    with reading(gateway.databases.conversations) as session:
        said, is_working = utterances(session, lane_id, cursor), working(session, lane_id)
    _mark_shown(gateway, lane_id, said)
    return said, is_working


def _mark_shown(gateway: Gateway, lane_id: str, said: list[Utterance]) -> None:
    if any(one.outbox_id is not None for one in said):
        with writing(gateway.databases.conversations) as session:
            mark_shown(session, lane_id, said, gateway.clock())


def _shown(gateway: Gateway, one: Utterance) -> dict[str, Any]:
    return {
        "id": one.external_id or f"reply-{one.outbox_id}",
        "role": one.role,
        "text": one.text,
        "language": one.language,
        "at": one.at.isoformat(),
        "buttons": [
            {"title": button.title, "reference": sign_button(gateway.secret, button.outbox_id, button.index)}
            for button in one.buttons
        ],
        "chosen": sign_button(gateway.secret, *one.pressed) if one.pressed else None,
    }
