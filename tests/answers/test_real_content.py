"""Every entry of the knowledge can be said, in both languages."""

from __future__ import annotations

import re

import pytest

from bot.answers.answer import LONGEST, answer
from bot.answers.buttons import shortened
from bot.phrases import LANGUAGES
from knowledge.snapshot import Snapshot
from tests.words import occasion, texts

SOURCE, AS_OF = {"zh": "来源：", "en": "Source: "}, {"zh": "截至", "en": "As of "}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_answered_in_at_most_two_bubbles_with_source_and_date(language: str, real: Snapshot) -> None:
    said = {name: answer(entry, occasion(real, language)) for name, entry in real.entries.items()}
    assert [name for name, bubbles in said.items() if len(bubbles) > 2] == []
    assert [name for name, bubbles in said.items() if SOURCE[language] not in bubbles[0].text] == []
    assert [name for name, bubbles in said.items() if AS_OF[language] not in bubbles[0].text.splitlines()[-1]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_figure_is_left_unfilled(language: str, real: Snapshot) -> None:
    said = {name: texts(answer(entry, occasion(real, language))) for name, entry in real.entries.items()}
    assert [name for name, text in said.items() if re.search(r"\{[a-z_0-9]+\}", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_fits_and_leads_to_an_entry(language: str, real: Snapshot) -> None:
    buttons = [each for entry in real.entries.values() for each in answer(entry, occasion(real, language))[-1].buttons]
    assert [each.title for each in buttons if shortened(each.title) != each.title] == []
    targets = {re.findall(r'"entry": "([^"]+)"', each.payload)[0] for each in buttons}
    assert targets <= real.entries.keys()


def test_nearly_every_chinese_bubble_is_as_short_as_a_phone_shows(real: Snapshot) -> None:
    bubbles = [each for entry in real.entries.values() for each in answer(entry, occasion(real, "zh"))]
    assert sum(len(each.text) > LONGEST for each in bubbles) <= len(bubbles) / 20


def test_hidden_samples_are_never_offered(real: Snapshot) -> None:
    hidden = {name for name, entry in real.entries.items() if entry.sample}
    here = occasion(real, "zh", show_samples=False)
    shown = [entry for entry in real.entries.values() if not entry.sample]
    offered = {each.payload for entry in shown for each in answer(entry, here)[-1].buttons}
    assert hidden
    assert [name for name in hidden if any(f'"{name}"' in payload for payload in offered)] == []
