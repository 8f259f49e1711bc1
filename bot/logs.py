"""Logs as JSON lines on standard error: codes, ids and durations, never what was said or by whom.

A line holds the FIELDS and no others, whoever writes it. Of an exception it holds the kind and the places it passed, since messages
and local variables quote what was being worked on. What the exception of a failed turn said stands with its entry in the
database, beside the text itself, and is purged with it.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, MutableMapping
from datetime import datetime, timezone
from traceback import extract_tb
from typing import Any, TextIO

import structlog

FIELDS = frozenset(
    {
        *("event", "level", "timestamp", "exception", "error", "runbook"),
        *("worker", "model", "entry", "outbox", "channel", "killed", "failures"),
        *("snapshot", "entries", "changed", "left_out", "problems"),
        *("database", "rows", "seconds"),
    }
)
SPEAKING = ("uvicorn",)
"""Libraries whose messages are fixed sentences. Those of others are left out: Rasa's quote users, asyncio's quote exceptions."""
DEEPEST = 25


class ForOperators(Exception):
    """Its message is written for who runs the assistant and quotes nobody, so a log may say it."""


def configure(level: str, stream: TextIO | None = None) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_OtherPeoplesLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in ("rasa", "httpx", "apscheduler", "alembic", "jieba"):
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            where_it_happened,
            known_fields_only,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def known_fields_only(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value for name, value in line.items() if name in FIELDS}


def where_it_happened(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = _exception(line.pop("exc_info", None))
    return {**line, "exception": list(described(error))} if error else line


def described(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """The exception, then those it came from."""
    for _ in range(DEEPEST):
        if error is None:
            return
        yield _one(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _one(error: BaseException) -> dict[str, Any]:
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)[-DEEPEST:]]
    kind = type(error)
    told: dict[str, Any] = {"kind": f"{kind.__module__}.{kind.__qualname__}", "at": places}
    if isinstance(error, ForOperators):
        told["says"] = str(error)
    elif isinstance(error, OSError) and error.strerror:
        told["says"] = error.strerror
    return told


def _exception(given: Any) -> BaseException | None:
    """`given`: what `exc_info` may be: True, an exception, or the three things of sys.exc_info()."""
    if isinstance(given, tuple):
        given = given[1]
    if given is None or isinstance(given, BaseException):
        return given
    return sys.exc_info()[1] if given else None


class _OtherPeoplesLines(logging.Formatter):
    """What libraries log through the standard library."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "event": record.getMessage().strip() if record.name.startswith(SPEAKING) else "log of a library",
            "logger": record.name,
            "at": f"{record.module}:{record.lineno} {record.funcName}",
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, timezone.utc).isoformat(),
        }
        error = _exception(record.exc_info)
        return json.dumps({**line, "exception": list(described(error))} if error else line, ensure_ascii=False)
