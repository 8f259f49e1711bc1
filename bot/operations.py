"""The operations port: is this process fit to serve, and its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from prometheus_client import CONTENT_TYPE_LATEST, Metric, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.conversations.roster import models_held
from bot.databases import Databases, reading
from bot.operating.figures import figures, oldest_waiting, try_writing

OLDEST_ENTRY = timedelta(seconds=30)


def operations(databases: Databases, clock: Callable[[], datetime]) -> Starlette:
    async def readyz(_: Request) -> Response:
        checks = await run_in_threadpool(_checks, databases, clock())
        return JSONResponse(checks, 200 if all(checks.values()) else 503)

    async def metrics(_: Request) -> Response:
        return Response(await run_in_threadpool(scraped, databases, clock()), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/readyz", readyz), Route("/metrics", metrics)])


def scraped(databases: Databases, now: datetime) -> bytes:
    """What this process counted, then what the database says about all of them."""

    class Now:
        def collect(self) -> Iterable[Metric]:
            return figures(databases, now)

    return generate_latest() + generate_latest(Now())


def _checks(databases: Databases, now: datetime) -> dict[str, bool]:
    try:
        try_writing(databases)
        with reading(databases.conversations) as session:
            oldest = oldest_waiting(session, now)
            models = models_held(session, now)
    except SQLAlchemyError:
        return {"database_writes": False, "mailbox_moves": False, "model": False}
    return {"database_writes": True, "mailbox_moves": oldest < OLDEST_ENTRY, "model": bool(models)}
