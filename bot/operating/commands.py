"""backup, restore, purge and health as an operator types them. Each returns the exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.databases import Databases, connect
from bot.logs import ForOperators
from bot.operating.backup import back_up
from bot.operating.health import address_of, answers, troubles
from bot.operating.manifest import Manifest
from bot.operating.purge import Purge, keep_of
from bot.operating.restore import restore as bring_back
from bot.operating.words import CannotDo, say
from bot.settings import Settings, secret_of


def backup(settings: Settings, folder: Path, *, with_secret: bool, portable: bool) -> int:
    def work() -> Iterator[str]:
        with _databases(settings) as databases:
            secret = secret_of(settings) if with_secret else None
            made = back_up(databases, folder, settings.now(), secret=secret, portable=portable)
        for name, copy in made.databases.items():
            yield say(
                "backed_up", database=name, rows=sum(copy.rows.values()), migration=copy.migration, file=copy.file,
                bytes=copy.bytes,
            )  # fmt: skip
        yield say("backup_made", folder=folder)

    return _told(work())


def restore(settings: Settings, folder: Path, *, replace: bool) -> int:
    def work() -> Iterator[str]:
        address = address_of(settings.ops_host, settings.ops_port)
        if answers(address):
            raise CannotDo("running", what=address)
        with _databases(settings) as databases:
            made, settled = bring_back(databases, folder, settings.now(), replace=replace)
        for name, copy in made.databases.items():
            yield say("restored", database=name, rows=sum(copy.rows.values()), made_at=made.made_at)
        yield say("settled", **vars(settled))
        yield from _secret(settings, folder, made)

    return _told(work())


def _secret(settings: Settings, folder: Path, made: Manifest) -> Iterator[str]:
    path = settings.state_folder / "secret"
    if settings.secret_key.get_secret_value():
        return
    if made.secret is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text((folder / made.secret.file).read_text())
    elif not path.exists():
        yield say("secret_made_anew")


def purge(settings: Settings) -> int:
    def work() -> Iterator[str]:
        with _databases(settings) as databases:
            purged = Purge(databases, keep_of(settings), settings.now()).run()
        for what, rows in sorted(purged.items()):
            yield say("purged", rows=rows, what=what)
        if not purged:
            yield say("nothing_to_purge")

    return _told(work())


def health(settings: Settings) -> int:
    address = address_of(settings.ops_host, settings.ops_port)
    wrong = troubles(address)
    print("\n".join(wrong or [say("healthy", address=address)]))
    return 1 if wrong else 0


@contextmanager
def _databases(settings: Settings) -> Iterator[Databases]:
    databases = connect(settings.database_urls)
    try:
        yield databases
    finally:
        databases.dispose()


def _told(said: Iterable[str]) -> int:
    try:
        for line in said:
            print(line)
    except ForOperators as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except SQLAlchemyError as error:
        print(say("database_does_not_answer", error=getattr(error, "orig", None) or error), file=sys.stderr)
        return 1
    return 0
