"""Forks gateways, workers and embedded assistants with a light brain, so that killing one costs nothing.

Reads one order a line from standard input, {"role", "name", "switches", "settings", "model", "thought"}, and answers each with
the process id. What is wrong in a process is switched on and off by the file that `switches` names:
{"clock": seconds, "pool": bool, "read_only": bool, "full": bool}.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.conversations.turn import Turn
from bot.conversations.wakeups import Wakeups
from bot.conversations.worker import Worker
from bot.databases import Databases
from bot.logs import configure
from bot.model import trained_model
from bot.running import run
from bot.settings import Settings
from connectors.gateway import gateway_of
from tests.houses import Echo, Knowledge

LOOK_EVERY = 0.02
THOUGHT = 0.03  # seconds a turn thinks, so that faults strike many in the middle
FEWEST, MOST = 1, 4_294_967_294  # pages of an SQLite file; it takes those it has for the fewest


@dataclass
class Switches:
    file: Path
    now: dict[str, Any] = field(default_factory=dict)

    def watch(self, engine: Engine) -> None:
        if engine.dialect.name == "sqlite":
            event.listen(engine, "checkout", self._spoil)
        threading.Thread(target=self._look, args=(engine,), daemon=True).start()

    def _look(self, engine: Engine) -> None:
        with ExitStack() as held:
            while True:
                with suppress(OSError, ValueError):
                    self.now = json.loads(self.file.read_text())
                if self.now.get("pool"):
                    with suppress(SQLAlchemyError):
                        held.enter_context(engine.connect())
                else:
                    held.close()
                time.sleep(LOOK_EVERY)

    def _spoil(self, connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA query_only = {int(self.now.get('read_only', False))}").close()
        connection.execute(f"PRAGMA max_page_count = {FEWEST if self.now.get('full') else MOST}").close()


@dataclass
class Thinking(Echo):
    thought: float = THOUGHT

    async def answer(self, turn: Turn, kind: str, text: str, payload: dict[str, Any] | None) -> None:
        time.sleep(self.thought)  # as Rasa does, without letting others have the loop
        await super().answer(turn, kind, text, payload)
        self.heard.clear()


class LightKnowledge(Knowledge):
    def start_watching(self) -> None:
        pass

    def stop(self) -> None:
        pass


def serve(order: dict[str, Any]) -> int:
    switches = Switches(Path(order["switches"]))

    class Drifting(Settings):
        def now(self) -> datetime:
            return super().now() + timedelta(seconds=switches.now.get("clock", 0))

    def worker(settings: Settings, databases: Databases, wakeups: Wakeups) -> tuple[Any, Any]:
        switches.watch(databases.conversations)
        model = order.get("model")
        model_id = sha256(trained_model(Path(model)).read_bytes()).hexdigest() if model else "echo"
        brain = Thinking(model_id=model_id, thought=order.get("thought", THOUGHT))
        knowledge: Any = LightKnowledge()
        return Worker(order["name"], databases, knowledge, brain, wakeups, settings.now, True), knowledge

    def gateway(settings: Settings, databases: Databases, wakeups: Wakeups) -> Any:
        if order["role"] == "gateway":
            switches.watch(databases.conversations)
        return gateway_of(settings, databases, wakeups)

    configure("WARNING")
    return run(
        Drifting(_env_file=None, **order["settings"]),
        gateway=None if order["role"] == "worker" else gateway,
        worker=None if order["role"] == "gateway" else worker,
    )


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child:
            print(child, flush=True)
            continue
        files = Path(order["switches"])
        os.dup2(os.open(files.with_suffix(".log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
        files.with_suffix(".exit").unlink(missing_ok=True)
        code = 70
        try:
            code = serve(order)
        finally:
            files.with_suffix(".exit").write_text(str(code))
            os._exit(code)


if __name__ == "__main__":
    main()
