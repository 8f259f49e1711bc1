"""systemd units and the compose file name only what there is, and what they start starts."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from bot.__main__ import app
from bot.settings import ROOT, Settings

SYSTEMD = ROOT / "ops" / "systemd"
UNITS = sorted(path.name for path in SYSTEMD.iterdir())
SERVICES = [name for name in UNITS if name.endswith(".service")]
COMPOSE = yaml.safe_load((ROOT / "ops" / "compose.yml").read_text())
DOCKERFILE = (ROOT / "ops" / "Dockerfile").read_text()
COMMANDS = set(get_command(app).commands)  # type: ignore[attr-defined]
SETTINGS = {name.upper() for name in Settings.__fields__}
OTHERS_VARIABLES = {"OMP_NUM_THREADS"}


class Repeating(dict[str, Any]):
    """systemd adds up what is said twice."""

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, [*self.get(name, []), *value] if isinstance(value, list) else value)


def unit(name: str) -> configparser.RawConfigParser:
    parsed = configparser.RawConfigParser(strict=False, dict_type=Repeating, delimiters=("=",))
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read(SYSTEMD / name)
    return parsed


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_commands_that_there_are_with_settings_that_there_are(name: str) -> None:
    service = unit(name)["Service"]
    commands = re.findall(r"python -m bot (\w+)", service["ExecStart"])
    assert commands
    assert set(commands) <= COMMANDS
    assert set(re.findall(r"(?:^|\s)([A-Z_]+)=", service["Environment"])) <= SETTINGS | OTHERS_VARIABLES


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_nothing_it_need_not(name: str) -> None:
    service = unit(name)["Service"]
    assert service["User"] == "assistant"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    for limit in (
        "NoNewPrivileges",
        "ProtectHome",
        "PrivateTmp",
        "PrivateDevices",
        "RestrictNamespaces",
        "LockPersonality",
    ):
        assert service[limit] == "yes", limit


def test_units_name_only_units_that_there_are() -> None:
    others = {
        "network-online.target",
        "postgresql.service",
        "redis-server.service",
        "multi-user.target",
        "timers.target",
    }
    for name in UNITS:
        for section in unit(name).values():
            for key in ("Requires", "After", "Wants", "PartOf", "WantedBy"):
                assert set(section.get(key, "").split()) <= {*UNITS, *others}, name
        if name.endswith(".timer"):
            assert name.replace(".timer", ".service") in UNITS


def test_two_instances_of_a_unit_share_no_port() -> None:
    gateway, worker = unit("assistant-gateway@.service")["Service"], unit("assistant-worker@.service")["Service"]
    assert "PORT=%i OPS_PORT=1%i" in gateway["Environment"]
    assert "OPS_PORT=1900%i" in worker["Environment"]
    scraped = yaml.safe_load((ROOT / "ops" / "prometheus" / "prometheus.yml").read_text())
    targets = scraped["scrape_configs"][0]["static_configs"][0]["targets"]
    assert targets == [f"127.0.0.1:{port}" for port in ("18000", "18010", "19001", "19002")]


def test_systemd_itself_finds_nothing_wrong(tmp_path: Path) -> None:
    """Where there is no systemd the tests above have to do."""
    for name in UNITS:
        text = (SYSTEMD / name).read_text().replace("/opt/zhangjiang-assistant/.venv/bin/python", sys.executable)
        text = text.replace("/opt/zhangjiang-assistant", str(ROOT))
        (tmp_path / name.replace("@", "@8")).write_text(text)
    files = sorted(str(path) for path in tmp_path.iterdir())
    assert len(files) == len(UNITS) >= 8
    analyze = shutil.which("systemd-analyze")
    if analyze is not None:
        done = subprocess.run([analyze, "verify", "--man=no", *files], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


# Containers


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_container_has_settings_networks_volumes_and_neighbours_that_there_are(name: str) -> None:
    service = COMPOSE["services"][name]
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    assert set(service.get("depends_on", {})) <= set(COMPOSE["services"])
    for volume in service.get("volumes", []):
        source = volume.partition(":")[0]
        assert source in COMPOSE["volumes"] or (ROOT / "ops" / source).exists(), volume
    if service.get("image") == "zhangjiang-assistant":
        assert set(service["environment"]) <= SETTINGS | OTHERS_VARIABLES
        assert service["command"][0] in COMMANDS
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]


def test_gateways_believe_the_proxy_and_nobody_else() -> None:
    proxy = COMPOSE["services"]["proxy"]["networks"]["inside"]["ipv4_address"]
    settings = Settings(
        _env_file=None, trusted_proxies=yaml.safe_load(COMPOSE["services"]["gateway"]["environment"]["TRUSTED_PROXIES"])
    )
    assert settings.trusted_proxies == [proxy]


def test_no_secret_stands_in_the_compose_file() -> None:
    for name, value in COMPOSE["services"]["gateway"]["environment"].items():
        if any(word in name for word in ("SECRET", "TOKEN")):
            assert re.fullmatch(r"\$\{\w+:[?-]\}", value), name
        assert "://" not in value or "@" not in value or "${POSTGRES_PASSWORD:?}" in value, name


def test_what_is_copied_into_the_image_is_enough_to_run(tmp_path: Path) -> None:
    ignored = (ROOT / "ops" / "Dockerfile.dockerignore").read_text().splitlines()
    for copy in re.findall(r"^COPY (.*)$", DOCKERFILE, re.M):
        *sources, target = copy.split()
        for source in sources:
            assert f"!{source.split('/')[0]}" in ignored, source
            place = tmp_path / target / Path(source).name if target.endswith("/") else tmp_path / target
            place.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, place)
    environment = {"STATE_FOLDER": str(tmp_path / "state"), "PATH": "/usr/bin:/bin"}
    for command in (["migrate"], ["seed"], ["purge"], ["gateway", "--help"]):
        done = subprocess.run(
            [sys.executable, "-m", "bot", *command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
