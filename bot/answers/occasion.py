"""What an answer is given with: the knowledge, the words and the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.answers.dates import spoken_day
from bot.phrases import Phrases
from knowledge.entry import Entry, State
from knowledge.fields import Bilingual
from knowledge.snapshot import Snapshot


@dataclass(frozen=True)
class Occasion:
    snapshot: Snapshot
    say: Phrases
    today: date
    show_samples: bool

    @property
    def language(self) -> str:
        return self.say.language

    def text(self, text: Bilingual) -> str:
        """With the figures it names filled in."""
        return self.snapshot.text(text, self.language)

    def name(self, entry: Entry) -> str:
        return entry.name.of(self.language)

    def day(self, day: date) -> str:
        return spoken_day(day, self.language)

    def state(self, entry: Entry) -> State:
        return self.snapshot.state(entry, self.today)

    def entry(self, entry_id: str) -> Entry | None:
        """None too for a sample that must not be shown."""
        entry = self.snapshot.entries.get(entry_id)
        return entry if entry is not None and (self.show_samples or not entry.sample) else None

    def entries(self, ids: Iterable[str]) -> list[Entry]:
        return [entry for entry in map(self.entry, ids) if entry is not None]
