"""Staff edit files under the started assistant; the next question shows it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.settings import ROOT, Settings
from tests.servers import free_port

QUESTION = "示范区有多少家世界500强？"
GOES_LIVE_WITHIN = 5.0  # seconds, on a busy machine; an idle one takes well under one

NEW_ENTRY = """\
id: faq.dragon-boat
type: faq
sample: true
name: {zh: 龙舟赛（示例）, en: Dragon boat race (sample)}
questions:
  zh: [园区的龙舟赛什么时候办, 龙舟赛怎么报名, 今年有龙舟赛吗]
  en: [when is the dragon boat race, how do I join the dragon boat race, is there a dragon boat race]
answer: {zh: 示例：龙舟赛在六月办。, en: "Sample: the dragon boat race is in June."}
status: in_force
jurisdiction: {level: zone, parks: [all]}
sources: [{title: {zh: 示例来源, en: Sample source}, kind: sample}]
as_of: 2026-11-01
owner: {desk: zone-service-desk}
"""


@dataclass
class Started:
    url: str
    content: Path
    log: Path

    def ask(self, question: str) -> str:
        answer = httpx.post(f"{self.url}/webhooks/rest/webhook", json={"sender": "ada", "message": question}, timeout=60)
        assert answer.status_code == 200, answer.text
        return "\n".join(reply["text"] for reply in answer.json())

    def answers(self, question: str, words: str) -> bool:
        """Whether it says the words before long."""
        deadline = time.monotonic() + GOES_LIVE_WITHIN
        while time.monotonic() < deadline:
            if words in self.ask(question):
                return True
            time.sleep(0.1)
        return False

    def problems(self) -> list[str]:
        logged = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [problem for line in logged if line["event"] == "knowledge" for problem in line["problems"]]


@pytest.fixture(scope="module")
def started(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """The assistant as `make run` starts it, on a copy of the content."""
    folder = tmp_path_factory.mktemp("started")
    content = shutil.copytree(Settings().knowledge_folder, folder / "content")
    port = free_port()
    environment = {
        "STATE_FOLDER": str(folder), "KNOWLEDGE_FOLDER": str(content), "MODELS_FOLDER": str(trained_model),
        "PORT": str(port), "OPS_PORT": str(free_port()), "FIXED_TODAY": "2026-11-22",
    }  # fmt: skip
    log = folder / "log"
    with log.open("w") as output, subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], cwd=ROOT, env={**os.environ, **environment}, stderr=output
    ) as process:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url)
        yield Started(url, content, log)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def _wait_for(url: str) -> None:
    for _ in range(1200):
        try:
            httpx.get(f"{url}/livez")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the assistant did not start")


pytestmark = pytest.mark.xdist_group("started")


def test_a_saved_edit_answers_the_next_question(started: Started) -> None:
    assert "310" in started.ask(QUESTION)
    facts = started.content / "facts.yml"
    facts.write_text(facts.read_text().replace("value: 310", "value: 311", 1))
    assert started.answers(QUESTION, "311")


def test_a_broken_file_leaves_the_last_good_version_live_and_says_so(started: Started) -> None:
    entry = started.content / "faq" / "fortune-500.yml"
    good = entry.read_text()
    entry.write_text(good.replace("as_of: 2017-05-13", "as_of: 2017-13-05"))
    deadline = time.monotonic() + GOES_LIVE_WITHIN
    while not started.problems() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert any("fortune-500.yml" in problem for problem in started.problems())
    assert "2017" in started.ask(QUESTION)
    entry.write_text(good)


def test_a_new_entry_is_found_without_training_or_restart(started: Started) -> None:
    assert "六月" not in started.ask("龙舟赛几月份办呀")
    (started.content / "faq" / "dragon-boat.yml").write_text(NEW_ENTRY)
    assert started.answers("龙舟赛几月份办呀", "六月")
