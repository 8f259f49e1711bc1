"""The web chat: a page, its session, what is said to it and what it says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from bot.conversations.mailbox import Full, Refused, SameIdOtherText, lane_of
from bot.conversations.timeline import START, BadCursor
from bot.databases import reading
from connectors.bodies import BadBody, read_json
from connectors.intake import Gateway, take_in
from connectors.pressure import TooMany, address_of
from connectors.web.conversation import live, look, past
from connectors.web.headers import SecurityHeaders
from connectors.web.pages import HERE, KeptForEver, Pages, templates
from connectors.web.sessions import new_sender, read_session, sign_session
from connectors.web.words import Words, catalogues, preferred_language

CHANNEL = ACCOUNT = "web"
RETRY_AFTER = "5"  # seconds
FIELDS: dict[str, type] = {"id": str, "text": str, "button": str}

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(gateway: Gateway) -> list[BaseRoute]:
    words = catalogues()
    pages, chat = Pages(words, templates()), Chat(gateway)
    middleware = [
        Middleware(SecurityHeaders, framed_by=gateway.settings.allowed_origins),
        Middleware(GZipMiddleware, minimum_size=1000),
    ]
    inner: list[BaseRoute] = [
        Route("/session", _explaining(chat.open_session, words), methods=["POST"]),
        Route("/messages", _explaining(chat.take_message, words), methods=["POST"]),
        Route("/history", _explaining(chat.history, words)),
        Route("/stream", _explaining(chat.stream, words)),
        Route("/embed.js", pages.embed),
        Mount("/static", KeptForEver(directory=HERE / "static")),
    ]
    return [Route("/chat", pages.chat, middleware=middleware), Mount("/chat", routes=inner, middleware=middleware)]


def _explaining(endpoint: Endpoint, words: Mapping[str, Words]) -> Endpoint:
    """Whatever is refused is said as {error, message}, the message in the reader's language."""

    async def answer(request: Request) -> Response:
        headers, explained = {}, True
        try:
            return await endpoint(request)
        except HTTPException as denied:
            status, reason = denied.status_code, denied.detail
        except BadBody as bad:
            status, reason = bad.status, bad.code
        except BadCursor:
            status, reason = 400, "bad_cursor"
        except Refused as refused:
            status, reason = 413 if refused.reason == "too_long" else 422, refused.reason
        except SameIdOtherText:
            status, reason = 409, "same_id_other_text"
        except TooMany as many:
            status, reason, headers, explained = 429, "too_many", {"Retry-After": str(many.retry_after)}, many.first
        except Full as full:
            status, reason, headers = 503 if full.everywhere else 429, str(full), {"Retry-After": RETRY_AFTER}
        except SQLAlchemyError:
            status, reason, headers = 503, "unavailable", {"Retry-After": RETRY_AFTER}
        known = words[preferred_language(request.headers.get("accept-language", ""))]
        message = known.get(f"error.{reason}", known["error.malformed"])
        return JSONResponse({"error": reason, **({"message": message} if explained else {})}, status, headers)

    return answer


@dataclass(frozen=True)
class Chat:
    gateway: Gateway

    async def open_session(self, request: Request) -> Response:
        """A token for a new conversation; who has one already gets a fresh one for the same conversation."""
        self._refuse_foreign(request)
        sender = self._known_sender(request)
        if sender is None:
            await run_in_threadpool(self.gateway.limits.take_session, self._address(request))
            sender = new_sender()
        return JSONResponse({"token": sign_session(self.gateway.secret, sender)}, 201)

    async def take_message(self, request: Request) -> Response:
        self._refuse_foreign(request)
        sender = self._sender(request)
        body = await read_json(request, FIELDS, {"id"})
        if ("text" in body) == ("button" in body):
            raise BadBody("text_or_button")
        if not _is_uuid(body["id"]):
            raise Refused("bad_id")
        accepted = await take_in(
            self.gateway, channel=CHANNEL, account=ACCOUNT, sender=sender, external_id=body["id"],
            text=body.get("text", ""), reference=body.get("button"), address=self._address(request),
        )  # fmt: skip
        return JSONResponse({"entry": accepted.entry_id}, 202)

    async def history(self, request: Request) -> Response:
        lane_id = await self._lane(request)
        if lane_id is None:
            return JSONResponse({"messages": [], "before": None, "cursor": START})
        return JSONResponse(await run_in_threadpool(past, self.gateway, lane_id, request.query_params.get("before")))

    async def stream(self, request: Request) -> Response:
        """Server-sent events. 204 as long as nothing was ever said: the first word is the user's."""
        lane_id = await self._lane(request)
        if lane_id is None:
            return Response(status_code=204)
        if self.gateway.streams[lane_id] >= self.gateway.settings.most_streams:
            raise Full(everywhere=False)
        cursor = request.headers.get("last-event-id", START)
        await run_in_threadpool(look, self.gateway, lane_id, cursor)  # what is wrong is told before the stream begins
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return _Stream(self.gateway, lane_id, cursor, headers)

    def _address(self, request: Request) -> str:
        return address_of(request, self.gateway.settings.trusted_proxies)

    async def _lane(self, request: Request) -> str | None:
        sender = self._sender(request)

        def find() -> str | None:
            with reading(self.gateway.databases.conversations) as session:
                return lane_of(session, CHANNEL, ACCOUNT, sender)

        return await run_in_threadpool(find)

    def _sender(self, request: Request) -> str:
        sender = self._known_sender(request)
        if sender is None:
            raise HTTPException(401, "no_session")
        return sender

    def _known_sender(self, request: Request) -> str | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return read_session(self.gateway.secret, token) if scheme.lower() == "bearer" else None

    def _refuse_foreign(self, request: Request) -> None:
        """Browsers name the page that posts. The allow-list also serves behind a proxy that hides the host name."""
        origin = request.headers.get("origin")
        if origin is None or origin in self.gateway.settings.allowed_origins:
            return
        if origin.partition("://")[2] != request.headers.get("host"):
            raise HTTPException(403, "foreign_origin")


class _Stream(StreamingResponse):
    """Counted while it is open."""

    def __init__(self, gateway: Gateway, lane_id: str, cursor: str, headers: Mapping[str, str]) -> None:
        super().__init__(live(gateway, lane_id, cursor), media_type="text/event-stream", headers=headers)
        self.open, self.lane_id = gateway.streams, lane_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.open[self.lane_id] += 1
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.open[self.lane_id] -= 1
            if not self.open[self.lane_id]:
                del self.open[self.lane_id]


def _is_uuid(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False
