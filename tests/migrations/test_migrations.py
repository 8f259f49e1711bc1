from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect, text

from bot.conversations.tables import metadata as conversations
from bot.credit.tables import metadata as credit
from bot.databases import (
    MIGRATIONS,
    DatabaseIsNewerError,
    Databases,
    connect,
    current_migration,
    newest_migration,
    upgrade,
    writing,
)
from bot.migrations.run import migrations_of
from bot.services.tables import metadata as services
from bot.settings import ROOT

MODELS = {"conversations": conversations, "services": services, "credit": credit}
NAMES = tuple(MODELS)


def silent(done: int, total: int, what: str) -> None:
    pass


def at(folder: Path) -> Databases:
    return connect({name: f"sqlite:///{folder}/{name}.db" for name in NAMES})


def test_every_database_goes_up_from_empty_to_its_newest_migration(databases: Databases) -> None:
    for name in NAMES:
        assert current_migration(getattr(databases, name)) == newest_migration(name)


@pytest.mark.parametrize(("name", "models"), MODELS.items())
def test_the_migrated_database_equals_the_models(databases: Databases, name: str, models: MetaData) -> None:
    ours = {"include_name": lambda table, *_: table != "sqlite_sequence"}
    with getattr(databases, name).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), models) == []


@pytest.mark.parametrize("name", NAMES)
def test_migrations_are_numbered_without_gaps_and_follow_each_other(tmp_path: Path, name: str) -> None:
    files = sorted(path.name for path in (MIGRATIONS / name).glob("*.py") if path.name != "__init__.py")
    assert [file[:5] for file in files] == [f"{number:04}_" for number in range(1, len(files) + 1)]
    with at(tmp_path).services.connect() as connection:
        script = ScriptDirectory.from_config(migrations_of(name, connection, silent))
        order = [revision.revision for revision in script.walk_revisions()]
    assert order == [file[:4] for file in reversed(files)]


def test_what_is_up_to_date_is_left_alone_without_loading_alembic(tmp_path: Path) -> None:
    databases = at(tmp_path)
    upgrade(databases, silent)
    databases.dispose()
    program = f"""
import sys
from bot.databases import connect, upgrade
upgrade(connect({{name: f"sqlite:///{tmp_path}/{{name}}.db" for name in {NAMES}}}), print)
print("alembic" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_progress_counts_the_migrations_of_each_database(tmp_path: Path) -> None:
    reports: list[tuple[int, int, str]] = []
    databases = at(tmp_path)
    upgrade(databases, lambda *report: reports.append(report))
    databases.dispose()
    last = {what: (done, total) for done, total, what in reports}
    newest = {name: int(newest_migration(name) or 0) for name in NAMES}
    assert last == {f"{name}.migrations": (number, number) for name, number in newest.items()}


def test_a_database_of_a_later_release_is_refused_and_kept(tmp_path: Path) -> None:
    databases = at(tmp_path)
    upgrade(databases, silent)
    with writing(databases.credit) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseIsNewerError, match="credit: database is at migration 9999"):
        upgrade(databases, silent)
    assert current_migration(databases.credit) == "9999"
    databases.dispose()


def test_a_folder_with_spaces_and_percent_signs_will_do(tmp_path: Path) -> None:
    databases = at(tmp_path / "my 100% folder")
    upgrade(databases, silent)
    assert inspect(databases.credit).has_table("grants")
    databases.dispose()
