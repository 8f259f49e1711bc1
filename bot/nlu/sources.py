"""What a trained model was made from."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from knowledge.encoder import load_encoder

HERE = Path(__file__).parent


def digest(files: Iterable[Path], *more: str) -> str:
    """Of names and contents, in an order of its own, and of whatever else counts."""
    total = sha256("\0".join(more).encode())
    for name, content in sorted((path.name, sha256(path.read_bytes()).hexdigest()) for path in files):
        total.update(f"\0{name}\0{content}".encode())
    return total.hexdigest()


def digest_of_understanding() -> str:
    return digest(
        HERE.glob("*.py"), load_encoder().name, *(version(package) for package in ("rasa", "scikit-learn", "numpy"))
    )
