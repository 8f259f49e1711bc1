"""The knowledge of this moment. A saved edit is live within a second; a wrong one never is, and is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import structlog
from watchfiles import watch

from knowledge.check import check
from knowledge.encoder import Encoder
from knowledge.folder import Content, paths_of, read_folder
from knowledge.mistakes import Mistake
from knowledge.settle import settle
from knowledge.snapshot import Snapshot, build_from, identity

POLL_SECONDS = 5.0  # for folders whose changes the system does not tell, such as network drives
MOST_LOGGED = 5
log = structlog.get_logger(__name__)


class LiveKnowledge:
    """`current` and `problems` may be read from any thread; a snapshot once taken never changes."""

    current: Snapshot
    problems: tuple[Mistake, ...] = ()

    def __init__(self, folder: Path, encoder: Encoder, today: Callable[[], date] = date.today) -> None:
        self._folder, self._encoder, self._today = folder, encoder, today
        self._one_at_a_time = threading.Lock()
        self._stopped = threading.Event()
        self._watcher: threading.Thread | None = None
        self._read = Content({})
        self._take(read_folder(folder), None)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Files that are wrong and never were right since the start."""
        return tuple(sorted(self.current.content.left_out))

    def refresh(self) -> bool:
        """Reads what changed. True when another snapshot is live now."""
        with self._one_at_a_time:
            content = read_folder(self._folder, self._read)
            if _digests(content) == _digests(self._read):
                return False
            return self._take(content, self.current)

    def start_watching(self) -> None:
        if self._watcher is None:
            self._stopped.clear()
            self._watcher = threading.Thread(target=self._keep_watching, name="knowledge", daemon=True)
            self._watcher.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._watcher is not None:
            self._watcher.join()
            self._watcher = None

    def _take(self, content: Content, previous: Snapshot | None) -> bool:
        today = self._today()
        problems = check(content, today)
        settled = settle(content, problems, previous.content if previous else None, today)
        changed = previous is None or identity(settled) != previous.id
        if changed:
            self.current = build_from(settled, self._encoder, previous)
        self.problems, self._read = problems, content
        say = log.warning if problems else log.info
        say("knowledge", snapshot=self.current.id[:12], entries=len(self.current.entries), changed=changed,
            left_out=self.left_out, problems=[str(each) for each in problems[:MOST_LOGGED]])  # fmt: skip
        return changed

    def _keep_watching(self) -> None:
        while not self._stopped.is_set():
            try:
                self._watch()
            except Exception:
                log.exception("knowledge_watch")
                self._stopped.wait(POLL_SECONDS)

    def _watch(self) -> None:
        seen = self._fingerprint()
        if not self._folder.is_dir():
            self._stopped.wait(POLL_SECONDS)
            return
        self.refresh()  # what changed before the watch began
        for changes in watch(
            self._folder,
            debounce=300,
            step=30,
            stop_event=self._stopped,
            rust_timeout=int(POLL_SECONDS * 1000),
            yield_on_timeout=True,
        ):
            before, seen = seen, self._fingerprint()
            if changes or seen != before:
                self.refresh()

    def _fingerprint(self) -> dict[str, tuple[int, int]]:
        found = {}
        for path in paths_of(self._folder):
            try:
                stat = (self._folder / path).stat()
            except FileNotFoundError:
                continue
            found[path] = (stat.st_mtime_ns, stat.st_size)
        return found


def _digests(content: Content) -> dict[str, str]:
    return {path: file.digest for path, file in content.files.items()}
