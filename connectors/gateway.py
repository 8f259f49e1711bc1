"""The one HTTP application of the channels: verify, store, acknowledge. It knows no model and waits for none."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.conversations.wakeups import Wakeups
from bot.databases import Databases
from bot.settings import Settings, secret_of
from connectors import rest
from connectors.intake import Gateway
from connectors.pressure import limits_of
from connectors.web import routes as web


def gateway_of(settings: Settings, databases: Databases, wakeups: Wakeups) -> Starlette:
    return application(Gateway(settings, secret_of(settings), databases, wakeups, settings.now, limits_of(settings)))


def application(gateway: Gateway) -> Starlette:
    return Starlette(
        routes=[Route("/livez", livez), *rest.routes(gateway), *web.routes(gateway)],
        exception_handlers={SQLAlchemyError: database_down},
    )


async def livez(_: Request) -> Response:
    return PlainTextResponse("ok\n")


async def database_down(_: Request, __: Exception) -> Response:
    return JSONResponse({"error": "database_down"}, 503, headers={"Retry-After": "5"})
