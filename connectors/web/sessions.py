"""Who is talking: a signed token that the page keeps in its storage and sends with every request.

A frame on another site gets no cookies in today's browsers but has storage of its own, so one way serves both; and
what is not sent by itself cannot be sent by another site. The conversation's name stands inside the signature: nobody
can choose it.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from itsdangerous import BadSignature, TimestampSigner

LONGEST_AWAY = timedelta(days=180)


def new_sender() -> str:
    return uuid4().hex


def sign_session(secret: str, sender: str) -> str:
    return _signer(secret).sign(sender).decode()


def read_session(secret: str, token: str) -> str | None:
    """The sender, or None for anything that was not signed here or is too old."""
    try:
        return _signer(secret).unsign(token, max_age=int(LONGEST_AWAY.total_seconds())).decode()
    except (BadSignature, UnicodeError):
        return None


def _signer(secret: str) -> TimestampSigner:
    return TimestampSigner(secret, salt="web-session")
