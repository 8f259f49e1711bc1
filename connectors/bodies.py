"""Reading a JSON body that may be anything."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

LARGEST_BODY = 64 * 1024


class BadBody(Exception):
    """`code`: too_large | not_json | unknown_field | wrong_type | missing_field"""

    def __init__(self, code: str, status: int = 400, field: str = "") -> None:
        super().__init__(code)
        self.code, self.status, self.field = code, status, field


async def read_json(request: Request, fields: dict[str, type], required: set[str]) -> dict[str, Any]:
    """An object with these fields of these types and no others."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise BadBody("not_json", 415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise BadBody("too_large", 413)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise BadBody("not_json") from None
    if not isinstance(value, dict):
        raise BadBody("wrong_type")
    for name, content in value.items():
        if name not in fields:
            raise BadBody("unknown_field", field=name)
        if not isinstance(content, fields[name]):
            raise BadBody("wrong_type", field=name)
    for name in sorted(required - value.keys()):
        raise BadBody("missing_field", field=name)
    return value
