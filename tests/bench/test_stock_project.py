from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.stock.project import ACTION, write_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_project(tmp_path)
    return tmp_path


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def test_every_action_of_a_rule_or_story_is_in_the_domain(project: Path) -> None:
    domain = read(project / "domain.yml")
    paths = read(project / "data" / "rules.yml")["rules"] + read(project / "data" / "stories.yml")["stories"]
    used = {step["action"] for path in paths for step in path["steps"] if "action" in step}
    assert ACTION in used
    assert used <= {*domain["responses"], *domain["actions"]}


def test_every_intent_of_the_domain_has_examples(project: Path) -> None:
    blocks = [block for path in (project / "data").glob("*.yml") for block in read(path).get("nlu", [])]
    taught = {block["intent"] for block in blocks if "intent" in block and block["examples"].strip()}
    assert taught == set(read(project / "domain.yml")["intents"])


def test_writing_it_again_forgets_examples_that_are_gone(project: Path) -> None:
    gone = project / "data" / "gone.yml"
    gone.touch()
    write_project(project)
    assert not gone.exists()
