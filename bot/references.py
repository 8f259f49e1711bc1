"""A button leaves the house as a signed reference to the reply it stands in, never with its intent."""

from __future__ import annotations

from itsdangerous import BadSignature, Signer


def sign_button(secret: str, outbox_id: int, index: int) -> str:
    return _signer(secret).sign(f"{outbox_id}.{index}").decode()


def read_button(secret: str, reference: str) -> tuple[int, int] | None:
    """(outbox id, index), or None for anything that was not signed here."""
    try:
        outbox_id, index = _signer(secret).unsign(reference).decode().split(".")
    except (BadSignature, UnicodeError):
        return None
    return int(outbox_id), int(index)


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="button", sep="~")
