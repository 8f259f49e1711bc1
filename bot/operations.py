"""The operations port, on loopback: is this process fit to serve, and its figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.conversations.roster import models_held
from bot.conversations.tables import lanes, mailbox
from bot.databases import Databases, reading, writing

OLDEST_ENTRY = timedelta(seconds=30)


def operations(databases: Databases, clock: Callable[[], datetime]) -> Starlette:
    async def readyz(_: Request) -> Response:
        checks = await run_in_threadpool(_checks, databases, clock())
        return JSONResponse(checks, 200 if all(checks.values()) else 503)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/readyz", readyz), Route("/metrics", metrics)])


def _checks(databases: Databases, now: datetime) -> dict[str, bool]:
    try:
        with writing(databases.conversations) as session:
            session.execute(update(lanes).where(lanes.c.id == "").values(owner="bot"))
        with reading(databases.conversations) as session:
            oldest = session.execute(
                select(func.min(mailbox.c.accepted_at)).where(mailbox.c.state == "waiting")
            ).scalar_one()
            models = models_held(session, now)
    except SQLAlchemyError:
        return {"database_writes": False, "mailbox_moves": False, "model": False}
    moves = oldest is None or now - oldest < OLDEST_ENTRY
    return {"database_writes": True, "mailbox_moves": moves, "model": bool(models)}
