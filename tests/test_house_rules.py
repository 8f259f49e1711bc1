"""Rules this house cares about, each short enough to read."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.settings import ROOT, Settings

TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")[:-1]
TEXTS = [ROOT / name for name in TRACKED if not name.endswith((".lock", ".png", ".npz", ".mo"))]
CODE = [path for path in TEXTS if path.suffix == ".py" and "tests" not in path.parts and "bench" not in path.parts]
DOMAIN = {path.stem: yaml.safe_load(path.read_text()) for path in (ROOT / "bot" / "domain").glob("*.yml")}


def test_env_example_lists_every_setting_and_no_other() -> None:
    listed = re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)
    assert sorted(listed) == sorted(name.upper() for name in Settings.__fields__)


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in TEXTS
        if page.suffix == ".md"
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_chinese_sentence_stands_in_code(path: Path) -> None:
    """What users read stands in YAML or a catalogue; patterns and single words that are read from users may stand here."""
    literals = re.findall(r'"([^"\n]*)"', re.sub(r'""".*?"""', "", path.read_text(), flags=re.S))
    said = [text for text in literals if not set("|[(") & set(text)]  # patterns are read, not said
    assert [text for text in said if re.search("[，。！？]", text) and re.search("[\u4e00-\u9fff]{4}", text)] == []


def test_every_response_is_said_in_both_languages() -> None:
    for topic, domain in DOMAIN.items():
        for name, variations in domain.get("responses", {}).items():
            languages = [condition["value"] for each in variations for condition in each.get("condition", [])]
            assert sorted(set(languages)) == ["en", "zh"], f"{topic}.yml: {name}"


def test_every_action_that_is_listed_exists_and_every_one_that_exists_is_listed() -> None:
    listed = {name for domain in DOMAIN.values() for name in domain.get("actions", []) if name.startswith("action_")}
    written = set()
    for path in (ROOT / "actions").glob("*.py"):
        written |= set(re.findall(r'return "(action_\w+)"', path.read_text()))
    assert listed == written


def test_what_rules_do_is_an_action_or_a_response() -> None:
    known = {name for domain in DOMAIN.values() for name in (*domain.get("actions", []), *domain.get("responses", {}))}
    used = {
        step["action"]
        for path in (ROOT / "data" / "rules").glob("*.yml")
        for rule in yaml.safe_load(path.read_text())["rules"]
        for step in rule["steps"]
        if "action" in step
    }
    assert used <= known


def test_the_repository_names_no_registry_and_no_folder_of_a_machine() -> None:
    strange = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|/root/|/home/\w|/work/")
    found = [path.name for path in TEXTS if path.name != Path(__file__).name and path.exists() and strange.search(path.read_text())]
    assert found == []


def test_the_locks_pin_every_package_by_hash() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        pinned = re.findall(r"^[a-z0-9-]+(?:\[.*\])?==.*?(?=^[a-z0-9]|\Z)", (ROOT / lock).read_text(), re.M | re.S)
        assert len(pinned) > 100
        assert [each.split()[0] for each in pinned if "--hash=sha256:" not in each] == []


def test_tensorflow_is_not_installed() -> None:
    assert "tensorflow" not in (ROOT / "requirements.lock").read_text().replace("via tensorflow", "")
