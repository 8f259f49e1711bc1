from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import model
from bot.model import (
    HERE,
    MODEL,
    RECORD,
    ModelNotTrustedError,
    Sources,
    UnusableComponentError,
    fingerprint,
    is_current,
    refuse_unusable_components,
    train,
)
from bot.settings import ROOT


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """A copy of what the model is made of, to be edited."""
    shutil.copy(HERE.config, tmp_path / "config.yml")
    shutil.copytree(HERE.domain, tmp_path / "domain")
    shutil.copytree(HERE.data, tmp_path / "data")
    return Sources(tmp_path / "config.yml", tmp_path / "domain", tmp_path / "data")


def folder_with_model(tmp_path: Path, sources: Sources, content: bytes = b"model") -> Path:
    from hashlib import sha256

    folder = tmp_path / "models"
    folder.mkdir()
    (folder / MODEL).write_bytes(content)
    record = {"fingerprint": fingerprint(sources), "sha256": sha256(content).hexdigest()}
    (folder / RECORD).write_text(json.dumps(record))
    return folder


def test_the_same_sources_have_the_same_fingerprint(sources: Sources) -> None:
    assert fingerprint(sources) == fingerprint(sources) == fingerprint(HERE)


@pytest.mark.parametrize("edited", ["config.yml", "domain/intents.yml", "data/nlu/loans.yml", "data/rules/answers.yml"])
def test_an_edit_changes_the_fingerprint(sources: Sources, tmp_path: Path, edited: str) -> None:
    before = fingerprint(sources)
    with (tmp_path / edited).open("a") as file:
        file.write("# edited\n")
    assert fingerprint(sources) != before


def test_a_model_is_current_until_its_sources_change(sources: Sources, tmp_path: Path) -> None:
    folder = folder_with_model(tmp_path, sources)
    assert is_current(folder, sources)
    (tmp_path / "data" / "nlu" / "more.yml").write_text('version: "3.1"\n')
    assert not is_current(folder, sources)


def test_a_current_model_is_not_trained_again(sources: Sources, tmp_path: Path) -> None:
    folder, steps = folder_with_model(tmp_path, sources), []
    assert train(folder, lambda *step: steps.append(step), sources) == folder / MODEL
    assert (steps, (folder / MODEL).read_bytes()) == ([], b"model")


def test_a_model_that_is_not_the_one_trained_here_is_refused(sources: Sources, tmp_path: Path) -> None:
    folder = folder_with_model(tmp_path, sources)
    assert model.trained_model(folder) == folder / MODEL
    (folder / MODEL).write_bytes(b"from elsewhere")
    assert not is_current(folder, sources)
    with pytest.raises(ModelNotTrustedError):
        model.trained_model(folder)


@pytest.mark.parametrize("record", [None, "", "{}", "[1]", '{"fingerprint": "x"}'])
def test_a_model_without_a_readable_record_is_refused(sources: Sources, tmp_path: Path, record: str | None) -> None:
    folder = folder_with_model(tmp_path, sources)
    (folder / RECORD).unlink()
    if record is not None:
        (folder / RECORD).write_text(record)
    with pytest.raises(ModelNotTrustedError):
        model.trained_model(folder)


def test_components_that_need_tensorflow_are_refused_before_training(sources: Sources, tmp_path: Path) -> None:
    text = sources.config.read_text()
    sources.config.write_text(text.replace("pipeline:\n", "pipeline:\n  - name: DIETClassifier\n    epochs: 100\n"))
    with pytest.raises(UnusableComponentError) as refused:
        train(tmp_path / "models", lambda *_: None, sources)
    assert refused.value.names == ["DIETClassifier"]
    assert not (tmp_path / "models").exists()


def test_the_projects_own_components_are_usable() -> None:
    refuse_unusable_components(HERE.config)


def test_asking_whether_a_model_is_current_does_not_import_rasa() -> None:
    code = "import sys; from pathlib import Path; from bot.model import is_current; is_current(Path('none')); print('rasa' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_the_trained_model_is_trusted(trained_model: Path) -> None:
    assert model.trained_model(trained_model) == trained_model / MODEL
