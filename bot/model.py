"""The trained model: made when something it is made of has changed, and trusted only when it is the one that was made here.

Importing this module does not import Rasa.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import os
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from bot import without_tensorflow
from bot.databases import Progress
from bot.logs import ForOperators
from bot.nlu.sources import digest, digest_of_understanding
from bot.settings import ROOT

MODEL, RECORD = "zhangjiang.tar.gz", "zhangjiang.json"


class UnusableComponentError(ForOperators):
    """config.yml asks for something that needs TensorFlow."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"config.yml: {', '.join(names)} cannot be used without TensorFlow: docs/decisions/0002-no-tensorflow.md"
        )
        self.names = names


class ModelNotTrustedError(ForOperators):
    """There is no model, or it is not the file that was trained here: run `python -m bot train`."""


class TrainingFailedError(ForOperators):
    """Rasa said why in its log."""


@dataclass(frozen=True)
class Sources:
    config: Path = ROOT / "config.yml"
    domain: Path = ROOT / "bot" / "domain"
    data: Path = ROOT / "data"


@dataclass(frozen=True)
class Record:
    """Stored beside the model. A model file runs code of the components it names, so it is loaded only with the right hash."""

    fingerprint: str
    sha256: str


HERE = Sources()


def fingerprint(sources: Sources = HERE) -> str:
    files = [sources.config, *sources.domain.rglob("*.yml"), *sources.data.rglob("*.yml")]
    return digest(files, digest_of_understanding())


def is_current(folder: Path, sources: Sources = HERE) -> bool:
    record = _record(folder)
    return record is not None and record.fingerprint == fingerprint(sources) and record.sha256 == _hash(folder / MODEL)


def trained_model(folder: Path) -> Path:
    """The model's file, which is the one that was trained here."""
    record = _record(folder)
    if record is None or record.sha256 != _hash(folder / MODEL):
        raise ModelNotTrustedError(str(folder / MODEL))
    return folder / MODEL


def train(folder: Path, progress: Progress, sources: Sources = HERE) -> Path:
    """Trains when needed. The old model stays until the new one has been loaded once."""
    if is_current(folder, sources):
        return folder / MODEL
    refuse_unusable_components(sources.config)
    made_of = fingerprint(sources)
    folder.mkdir(parents=True, exist_ok=True)
    progress(0, 2, "model")
    with TemporaryDirectory(dir=folder) as workshop, quietly():
        made = _train(sources, Path(workshop), cache=folder / "cache")
        progress(1, 2, "model")
        asyncio.run(_prove(made))
        record = Record(made_of, _hash(made) or "")
        (Path(workshop) / RECORD).write_text(json.dumps(asdict(record), indent=1) + "\n")
        made.replace(folder / MODEL)
        (Path(workshop) / RECORD).replace(folder / RECORD)
    progress(2, 2, "model")
    return folder / MODEL


def refuse_unusable_components(config: Path) -> None:
    asked = yaml.safe_load(config.read_text())
    names = {
        str(each["name"]).rpartition(".")[2] for part in ("pipeline", "policies") for each in asked.get(part) or ()
    }
    unusable = sorted(names & without_tensorflow.UNUSABLE_COMPONENTS)
    if unusable:
        raise UnusableComponentError(unusable)


def _record(folder: Path) -> Record | None:
    try:
        return Record(**json.loads((folder / RECORD).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _hash(file: Path) -> str | None:
    try:
        return sha256(file.read_bytes()).hexdigest()
    except OSError:
        return None


def _train(sources: Sources, workshop: Path, cache: Path) -> Path:
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["RASA_CACHE_DIRECTORY"] = str(cache)
    without_tensorflow.install()
    from rasa.model_training import train as rasa_train

    result = rasa_train(
        domain=str(sources.domain),
        config=str(sources.config),
        training_files=str(sources.data),
        output=str(workshop),
        fixed_model_name=MODEL,
    )
    if result.code != 0 or result.model is None:
        raise TrainingFailedError(f"rasa train ended with {result.code}")
    return Path(result.model)


async def _prove(model: Path) -> None:
    """A model that cannot be loaded never replaces one that can."""
    from rasa.core.agent import Agent

    if not Agent.load(str(model)).is_ready():
        raise TrainingFailedError("the new model does not load")


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Without Rasa's progress and hints, and its libraries' warnings; what goes wrong is raised all the same."""
    before = os.environ.get("LOG_LEVEL")
    os.environ["LOG_LEVEL"] = "WARNING"  # Rasa's progress bars ask for it
    logging.getLogger("rasa").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            # A filter would not do: some libraries put their own in front of it when they are imported.
            warnings.showwarning = lambda *_, **__: None
            yield
    finally:
        os.environ.pop("LOG_LEVEL") if before is None else os.environ.update(LOG_LEVEL=before)
