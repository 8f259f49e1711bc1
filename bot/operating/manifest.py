"""manifest.json makes a folder a backup: what is in it, how much, and by which hash one knows that it still is."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from bot.operating.words import CannotDo

NAME, FORMAT = "manifest.json", 1
NAMES = {"conversations", "services", "credit"}


@dataclass(frozen=True)
class Copied:
    """A file of the backup."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Database(Copied):
    kind: str  # sqlite: a database file, whatever it was copied from; postgresql: what pg_dump wrote, compressed
    migration: str
    rows: Mapping[str, int]  # by table


@dataclass(frozen=True)
class Manifest:
    made_at: str
    databases: Mapping[str, Database]
    secret: Copied | None


def copied(path: Path) -> Copied:
    """Of a file that is on the disk for good when this returns."""
    digest = sha256()
    with path.open("rb") as file:
        os.fsync(file.fileno())
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    path.chmod(0o600)
    return Copied(path.name, path.stat().st_size, digest.hexdigest())


def write(folder: Path, manifest: Manifest) -> None:
    path = folder / NAME
    path.write_text(json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1, ensure_ascii=False) + "\n")
    copied(path)


def read(folder: Path) -> Manifest:
    """Raises CannotDo unless every file is what was backed up."""
    try:
        found = json.loads((folder / NAME).read_text())
        if found["format"] != FORMAT:
            raise CannotDo("other_format", folder=folder, found=found["format"], known=FORMAT)
        databases = {name: Database(**each) for name, each in found["databases"].items()}
        if set(databases) != NAMES:
            raise CannotDo("no_backup", folder=folder)
        manifest = Manifest(found["made_at"], databases, Copied(**found["secret"]) if found["secret"] else None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise CannotDo("no_backup", folder=folder) from None
    for part in (*manifest.databases.values(), *filter(None, [manifest.secret])):
        _check(folder, part)
    return manifest


def _check(folder: Path, part: Copied) -> None:
    path = folder / Path(part.file).name
    size = path.stat().st_size if path.is_file() else -1
    if size != part.bytes:
        raise CannotDo("damaged_backup", file=path, what="size")
    if copied(path).sha256 != part.sha256:
        raise CannotDo("damaged_backup", file=path, what="sha256")
