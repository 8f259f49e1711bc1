"""What operators type, and what they are told."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.conversations.roster import report
from bot.conversations.tables import mailbox
from bot.databases import connect, upgrade, writing
from bot.operating import commands
from bot.operating.words import words
from bot.operations import operations
from bot.settings import ROOT, Settings, secret_of
from tests.houses import Clock, House
from tests.servers import free_port
from tests.web.serving import serving


def settings_in(folder: Path, **more: Any) -> Settings:
    return Settings(_env_file=None, state_folder=folder, ops_port=more.pop("ops_port", free_port()), **more)


@contextmanager
def house_of(settings: Settings) -> Iterator[House]:
    databases = connect(settings.database_urls)
    upgrade(databases, lambda *_: None)
    yield House(databases, Clock())
    databases.dispose()


def test_a_laptop_that_was_lost_is_made_anew_from_its_backup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost, new = settings_in(tmp_path / "lost"), settings_in(tmp_path / "new")
    with house_of(lost) as house:
        house.say("hello")
        asyncio.run(house.worker().serve_one())
    secret = secret_of(lost)
    assert commands.backup(lost, tmp_path / "backup", with_secret=True, portable=False) == 0
    assert "conversations: " in capsys.readouterr().out
    assert commands.restore(new, tmp_path / "backup", replace=False) == 0
    assert "Not sent again: 1 replies" in capsys.readouterr().out
    with house_of(new) as house:
        assert [entry.text for entry in house.rows(mailbox)] == ["hello"]
    assert secret_of(new) == secret
    assert oct((new.state_folder / "secret").stat().st_mode & 0o777) == "0o600"


def test_without_the_secret_it_is_said_what_that_means(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = settings_in(tmp_path / "old"), settings_in(tmp_path / "new")
    with house_of(old):
        commands.backup(old, tmp_path / "backup", with_secret=False, portable=False)
    commands.restore(new, tmp_path / "backup", replace=False)
    assert "holds no secret" in capsys.readouterr().out


def test_a_refusal_is_told_with_its_runbook_and_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_in(tmp_path / "var")
    with house_of(settings) as house:
        house.say("hello")
    commands.backup(settings, tmp_path / "backup", with_secret=False, portable=False)
    assert commands.restore(settings, tmp_path / "backup", replace=False) == 1
    said = capsys.readouterr().err
    assert "conversations holds rows already" in said
    assert "docs/runbooks/restore.md" in said
    assert "Traceback" not in said


def test_a_process_that_answers_on_the_operations_port_is_not_restored_under(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(Starlette()) as address:
        settings = settings_in(tmp_path, ops_port=int(address.rpartition(":")[2]))
        assert commands.restore(settings, tmp_path / "backup", replace=True) == 1
    assert f"running: {address}" in capsys.readouterr().err


def test_a_database_that_does_not_answer_is_told_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    settings = settings_in(tmp_path, conversations_database_url=nowhere)
    assert commands.backup(settings, tmp_path / "backup", with_secret=False, portable=False) == 1
    assert "docs/runbooks/database-down.md" in capsys.readouterr().err


def test_a_purge_says_what_it_deleted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with house_of(settings_in(tmp_path)) as house:
        house.say("hello")
        asyncio.run(house.worker().serve_one())
    assert commands.purge(settings_in(tmp_path, fixed_today="2026-11-23")) == 0
    assert capsys.readouterr().out == "Nothing is older than its days\n"
    assert commands.purge(settings_in(tmp_path, fixed_today="2027-11-22")) == 0
    assert "messages: 1 purged" in capsys.readouterr().out


def test_health_of_a_process_that_is_well(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    with writing(house.databases.conversations) as session:
        report(session, "one", "model", house.clock(), house.clock())
    with serving(operations(house.databases, house.clock)) as address:
        assert commands.health(settings_in(Path(), ops_port=int(address.rpartition(":")[2]))) == 0
    assert capsys.readouterr().out.startswith("All is well")


def test_health_names_each_trouble_and_its_runbook(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.say("hello")
    house.clock.advance(60)
    with serving(operations(house.databases, house.clock)) as address:
        assert commands.health(settings_in(Path(), ops_port=int(address.rpartition(":")[2]))) == 1
    said = capsys.readouterr().out.splitlines()
    assert [re.findall(r"runbooks/([a-z-]+)\.md", line) for line in said] == [["answers-are-slow"], ["worker-ended"]]


def test_health_says_when_nobody_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.health(settings_in(Path())) == 1
    assert "docs/runbooks/not-running.md" in capsys.readouterr().out


def test_health_tells_of_a_check_it_has_no_words_for(capsys: pytest.CaptureFixture[str]) -> None:
    async def readyz(_: Request) -> Response:
        return JSONResponse({"something_new": False}, 503)

    with serving(Starlette(routes=[Route("/readyz", readyz)])) as address:
        assert commands.health(settings_in(Path(), ops_port=int(address.rpartition(":")[2]))) == 1
    assert "something_new" in capsys.readouterr().out


def test_every_runbook_that_is_named_exists() -> None:
    named = {word["runbook"] for word in words().values() if "runbook" in word}
    for path in (path for folder in ("bot", "connectors") for path in (ROOT / folder).rglob("*.py")):
        named |= set(re.findall(r'runbook="([a-z-]+)"', path.read_text()))
    rules = yaml.safe_load((ROOT / "ops" / "prometheus" / "alerts.yml").read_text())
    named |= {rule["annotations"]["runbook"] for group in rules["groups"] for rule in group["rules"]}
    written = {path.stem for path in (ROOT / "docs" / "runbooks").glob("*.md")}
    assert sorted(named - written) == []
    assert len(named) >= 8


def test_every_sentence_for_operators_is_used() -> None:
    code = "".join(path.read_text() for path in (ROOT / "bot").rglob("*.py"))
    checks = {"database_writes", "mailbox_moves", "model"}
    assert [name for name in words() if f'"{name}"' not in code and name not in checks] == []
