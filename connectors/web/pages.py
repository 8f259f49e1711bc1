"""The page, the script that puts it on a park's own pages, and the files both need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from bot.phrases import LANGUAGES
from connectors.web.words import Words, preferred_language

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Pages:
    words: Mapping[str, Words]
    templates: Environment

    async def chat(self, request: Request) -> Response:
        wish = request.query_params.get("lang", "")
        language = wish if wish in LANGUAGES else preferred_language(request.headers.get("accept-language", ""))
        other = next(one for one in LANGUAGES if one != language)
        embedded = {"embedded": "1"} if "embedded" in request.query_params else {}
        html = self.templates.get_template("chat.html").render(
            language=language,
            words=self.words[language],
            _=self.words[language].__getitem__,
            other_language=self.words[other]["language"],
            other_query=urlencode({"lang": other} | embedded),
            embedded=bool(embedded),
        )
        return HTMLResponse(html, headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"})

    async def embed(self, request: Request) -> Response:
        script = self.templates.get_template("embed.js").render(words=self.words)
        return Response(script, media_type="text/javascript", headers={"Cache-Control": "public, max-age=3600"})


def templates() -> Environment:
    environment = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)
    environment.globals["static"] = _address
    return environment


def _address(name: str) -> str:
    """Of a file in static/, with a mark of its content: it may be kept for ever."""
    return f"/chat/static/{name}?v={sha256((HERE / 'static' / name).read_bytes()).hexdigest()[:12]}"


class KeptForEver(StaticFiles):
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
