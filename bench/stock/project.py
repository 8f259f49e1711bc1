"""A stock Rasa project of this assistant's intents and examples; where people look for carriers, an action looks them up."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT

HERE = Path(__file__).parent
ACTION, ACTION_INTENT = "action_find_carriers", "find_carrier"
ENTITIES = ("district", "carrier_kind")
OF_RASA = ("restart", "back")  # intents whose rules Rasa has itself
VERSION = "3.1"

Names = Mapping[str, Mapping[str, list[str]]]
"""kind -> code -> what people call it"""


def write_project(folder: Path) -> None:
    """`folder`/config.yml, domain.yml, endpoints.yml, credentials.yml and data/, as `rasa train` and `rasa run` take them."""
    shutil.rmtree(folder / "data", ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    shutil.copy(HERE / "config.yml", folder)
    vocabulary = yaml.safe_load((ROOT / "knowledge" / "content" / "vocabulary.yml").read_text())
    names = names_of_codes(vocabulary)
    examples = dict(annotated_examples(names))
    blocks = [{"intent": intent, "examples": said} for intent, said in examples.items()]
    _write(folder / "data" / "nlu.yml", {"nlu": [*blocks, *lookups_and_synonyms(names)]})
    told = [intent for intent in examples if intent not in OF_RASA]
    _write(folder / "data" / "rules.yml", {"rules": [_path("rule", [intent]) for intent in told]})
    _write(folder / "data" / "stories.yml", {"stories": list(stories(told))})
    _write(folder / "domain.yml", domain(list(examples)))
    (folder / "endpoints.yml").write_text("action_endpoint:\n  url: http://127.0.0.1:${ACTION_PORT}/webhook\n")
    (folder / "credentials.yml").write_text("rest:\n")


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump({"version": VERSION, **content}, allow_unicode=True, sort_keys=False))


def names_of_codes(vocabulary: Mapping[str, Any]) -> Names:
    return {kind: {code: _names(term) for code, term in vocabulary[kind].items()} for kind in ENTITIES}


def _names(term: Mapping[str, Any]) -> list[str]:
    named = {*term["name"].values()}.union(*term.get("aliases", {}).values())
    # A district is mostly said without its last word.
    return sorted(named | {name.removesuffix("区").removesuffix(" District") for name in named})


def annotated_examples(names: Names) -> Iterator[tuple[str, str]]:
    """The assistant's own examples of each intent, with the entities marked that an action reads."""
    kind_of = {name.lower(): kind for kind, codes in names.items() for words in codes.values() for name in words}
    longest_first = "|".join(re.escape(name) for name in sorted(kind_of, key=len, reverse=True))
    named = re.compile(f"(?<![A-Za-z])(?:{longest_first})(?![A-Za-z])", re.IGNORECASE)
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text())["nlu"]:
            if "intent" in block:
                yield (
                    block["intent"],
                    named.sub(lambda said: f"[{said[0]}]({kind_of[said[0].lower()]})", block["examples"]),
                )


def lookups_and_synonyms(names: Names) -> Iterator[dict[str, str]]:
    for kind, codes in names.items():
        yield {"lookup": kind, "examples": _examples(name for words in codes.values() for name in words)}
        for code, words in codes.items():
            yield {"synonym": code, "examples": _examples(words)}


def _examples(names: Iterable[str]) -> str:
    return "".join(f"- {name}\n" for name in names)


def reaction(intent: str) -> str:
    return ACTION if intent == ACTION_INTENT else f"utter_{intent}"


def _path(kind: str, intents: list[str]) -> dict[str, Any]:
    steps = [step for intent in intents for step in ({"intent": intent}, {"action": reaction(intent)})]
    return {kind: " then ".join(intents), "steps": steps}


def stories(intents: list[str]) -> Iterator[dict[str, Any]]:
    """Each intent by itself, and intents in pairs: what TED and UnexpecTED learn from."""
    yield from (_path("story", [intent]) for intent in intents)
    yield from (
        _path("story", list(pair)) for pair in pairwise([*intents, *intents[::2], *intents[::3]]) if pair[0] != pair[1]
    )


def domain(intents: list[str]) -> dict[str, Any]:
    responses = {reaction(intent): [{"text": intent}] for intent in intents if intent != ACTION_INTENT}
    return {
        "intents": intents,
        "entities": list(ENTITIES),
        "actions": [ACTION],
        "responses": {**responses, "utter_carriers": [{"text": "{total}\n{lines}"}], "utter_none": [{"text": "0"}]},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }
