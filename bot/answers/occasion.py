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

    def text(self, words: Bilingual) -> str:
        """With the figures they name filled in."""
        return self.snapshot.render(words.of(self.language), self.language)

    def name(self, entry: Entry) -> str:
        return self.text(entry.name)

    def term(self, kind: str, code: str) -> str:
        """A code as people say it; the park's name for the id of a park."""
        if kind == "park":
            return self.name(self.snapshot.entries[code])
        return self.snapshot.vocabulary[kind][code].name.of(self.language)

    def day(self, day: date) -> str:
        return spoken_day(day, self.language)

    def state(self, entry: Entry) -> State:
        return self.snapshot.state(entry, self.today)

    def successor(self, entry: Entry) -> Entry | None:
        return self.snapshot.successor(entry, self.today)

    def entry(self, entry_id: str) -> Entry | None:
        """None too for a sample that must not be shown."""
        return self.snapshot.visible(self.show_samples).get(entry_id)

    def entries(self, ids: Iterable[str]) -> list[Entry]:
        return [entry for entry in map(self.entry, ids) if entry is not None]
