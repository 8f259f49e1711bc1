"""Rasa's REST channel in shape, the lane underneath: POST /webhooks/rest/webhook {sender, message} -> [{recipient_id, text, buttons}]."""

from __future__ import annotations

import hmac
import ipaddress
import time
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.conversations.mailbox import Full, Refused, SameIdOtherText
from bot.conversations.tables import mailbox, outbox
from bot.conversations.timeline import SHOWN
from bot.conversations.wakeups import lane_topic
from bot.databases import reading, writing
from bot.references import read_button, sign_button
from connectors.bodies import BadBody, read_json
from connectors.intake import Gateway, take_in
from connectors.pressure import TooMany

CHANNEL = "rest"
LONGEST_WAIT = 60.0
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
FIELDS: dict[str, type] = {"sender": str, "message": str, "message_id": str, "metadata": dict, "input_channel": str}


def routes(gateway: Gateway) -> list[Route]:
    async def webhook(request: Request) -> Response:
        if not allowed(request, gateway.settings.rest_token.get_secret_value()):
            return refuse(401, "token_required", **{"WWW-Authenticate": "Bearer"})
        try:
            body = await read_json(request, FIELDS, {"sender", "message"})
            pressed = body["message"] if read_button(gateway.secret, body["message"]) else None
            accepted = await take_in(
                gateway, channel=CHANNEL, account="", sender=body["sender"], text=body["message"], reference=pressed,
                external_id=body.get("message_id") or uuid4().hex,
            )  # fmt: skip
        except BadBody as bad:
            return refuse(bad.status, bad.code, bad.field)
        except Refused as refused:
            return refuse(413 if refused.reason == "too_long" else 422, refused.reason)
        except SameIdOtherText:
            return refuse(409, "same_id_other_text")
        except TooMany as many:
            return refuse(429, "too_many", **{"Retry-After": str(many.retry_after)})
        except Full as full:
            return refuse(503 if full.everywhere else 429, str(full), **{"Retry-After": "5"})
        replies = await wait_for_replies(gateway, accepted.lane_id, accepted.entry_id)
        if replies is None:
            return refuse(503, "not_answered_yet", **{"Retry-After": "5"})
        return JSONResponse([_message(gateway, body["sender"], reply) for reply in replies])

    return [Route("/webhooks/rest/webhook", webhook, methods=["POST"])]


def allowed(request: Request, token: str) -> bool:
    """With a token everybody needs it; without one only a caller on this machine that comes through no proxy."""
    if token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    proxied = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip"))
    # The host is checked because a page elsewhere can make its own name point here.
    here = request.url.hostname in LOOPBACK_NAMES
    return here and not proxied and request.client is not None and ipaddress.ip_address(request.client.host).is_loopback


async def wait_for_replies(gateway: Gateway, lane_id: str, entry_id: int) -> list[Any] | None:
    """The replies to one entry once its turn has committed; None when that takes too long (the entry stays accepted)."""
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline:
        replies = await run_in_threadpool(_fetch, gateway, entry_id)
        if replies is not None:
            return replies
        await gateway.wakeups.wait(lane_topic(lane_id), 0.25)
    return None


def _fetch(gateway: Gateway, entry_id: int) -> list[Any] | None:
    mine = (outbox.c.entry_id == entry_id, outbox.c.state.in_(SHOWN))
    with reading(gateway.databases.conversations) as session:
        if session.execute(select(mailbox.c.state).where(mailbox.c.id == entry_id)).scalar_one() == "waiting":
            return None
        replies = session.execute(select(outbox).where(*mine).order_by(outbox.c.position)).all()
    with writing(gateway.databases.conversations) as session:
        session.execute(
            outbox.update().where(*mine, outbox.c.state == "queued").values(state="sent", sent_at=gateway.clock())
        )
    return replies


def _message(gateway: Gateway, sender: str, reply: Any) -> dict[str, Any]:
    message: dict[str, Any] = {"recipient_id": sender, "text": reply.payload.get("text", "")}
    buttons = [
        {"title": button["title"], "payload": sign_button(gateway.secret, reply.id, index)}
        for index, button in enumerate(reply.payload.get("buttons", []))
    ]
    return message | ({"buttons": buttons} if buttons else {})


def refuse(status: int, code: str, field: str = "", **headers: str) -> JSONResponse:
    return JSONResponse({"error": code, **({"field": field} if field else {})}, status, headers=headers)
