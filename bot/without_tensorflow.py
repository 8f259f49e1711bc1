"""Lets Rasa be imported where TensorFlow is not installed.

Rasa imports TensorFlow at start-up although only DIET, TED, UnexpecTED, ResponseSelector and two featurizers use it.
The finder below answers those imports with empty modules whose attributes are empty classes, so that Rasa's own
modules can be loaded; using one of them fails. `install()` must run before the first import of rasa.
docs/decisions/0002-no-tensorflow.md says what this buys and how to take it out.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType

ABSENT = frozenset(
    {
        "tensorflow",
        "tensorflow_text",
        "tensorflow_hub",
        "tensorflow_addons",
        "tensorflow_probability",
        "keras",
        "jax",
    }
)
UNUSABLE_COMPONENTS = frozenset(
    {
        "ConveRTFeaturizer",
        "DIETClassifier",
        "LanguageModelFeaturizer",
        "ResponseSelector",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
    }
)


class _Absent(type):
    """Classes that answer any attribute, call, subscript or `|` with themselves: all that module bodies ask for."""

    def __getattr__(cls, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing

    def __getitem__(cls, item: object) -> object:
        return _Nothing

    def __or__(cls, other: object) -> object:  # type: ignore[override]
        return _Nothing

    def __ror__(cls, other: object) -> object:  # type: ignore[override]
        return _Nothing


class _Nothing(metaclass=_Absent):
    def __new__(cls, *args: object, **kwargs: object) -> _Nothing:
        # As a decorator it hands back what it decorates, so that class bodies survive.
        if len(args) == 1 and callable(args[0]) and not kwargs:
            return args[0]  # type: ignore[return-value]
        return super().__new__(cls)

    def __call__(self, *args: object, **kwargs: object) -> object:
        return args[0] if args else self

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing


class _EmptyModule(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in ABSENT:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _EmptyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__path__ = []


def install() -> None:
    """Put the finder in place, once, unless the real TensorFlow is installed."""
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    if importlib.util.find_spec("tensorflow") is None:
        sys.meta_path.insert(0, _Finder())
