"""What has to be there before the assistant can serve: databases, sample listings, a trained model. Each step does only what is missing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.databases import Progress as Report
from bot.databases import connect, upgrade
from bot.settings import ROOT, Settings


def prepare(settings: Settings) -> None:
    migrate(settings)
    load_samples(settings)
    # In a process of its own: what training needs is given back before the assistant starts.
    from bot.model import is_current

    if not is_current(settings.models_folder):
        subprocess.run([sys.executable, "-m", "bot", "train"], check=True, cwd=ROOT)


def migrate(settings: Settings) -> None:
    databases = connect(settings.database_urls)
    with reporting() as report:
        upgrade(databases, report)
    databases.dispose()


def load_samples(settings: Settings) -> None:
    from bot.credit import seed as credit
    from bot.services import seed as services
    from bot.services.sample_sheet import Park
    from knowledge.folder import read_folder

    entries = [entry for _, entry in read_folder(settings.knowledge_folder).entries.values()]
    parks = [Park(entry.id, entry.name.zh, entry.name.en, entry.district) for entry in entries if entry.type == "park"]
    databases = connect(settings.database_urls)
    with reporting() as report:
        services.put_parks(databases.services, parks)
        services.seed(databases.services, parks, report)
        credit.seed(databases.credit, report)
    databases.dispose()


def train_when_needed(settings: Settings) -> None:
    from bot.model import train

    with reporting() as report:
        train(settings.models_folder, report)


@contextmanager
def reporting() -> Iterator[Report]:
    """A bar per kind of work on standard error; nothing at all when there is nothing to do."""
    columns = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks = {}

        def report(done: int, total: int, what: str) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield report
