"""A process that has Rasa, the model and the knowledge in memory and forks the assistant on demand.

Killing and starting the assistant again takes a fraction of a second then, so that a test can do it many times.
Reads `start PORT OPS_PORT` lines from standard input; answers each with the process id of the assistant it forked.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from bot import without_tensorflow
from bot.settings import Settings

MODELS, STATE = Path(sys.argv[1]), Path(sys.argv[2])


def main() -> None:
    without_tensorflow.install()
    from bot.conversations.serving import load_brain, worker_of
    from bot.conversations.standalone import nobodys_turn
    from bot.databases import connect
    from bot.logs import configure
    from bot.model import trained_model
    from bot.running import run
    from connectors.gateway import gateway_of
    from knowledge.encoder import load_encoder
    from knowledge.live import LiveKnowledge

    configure("ERROR")
    knowledge = LiveKnowledge(Settings().knowledge_folder, load_encoder())
    brain = load_brain(trained_model(MODELS))
    settings = Settings(state_folder=STATE)
    databases = connect(settings.database_urls)
    brain.warm_up(nobodys_turn(settings, databases, knowledge))
    databases.dispose()  # no connection may live in two processes
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        _, port, ops_port = line.split()
        child = os.fork()
        if child:
            print(child, flush=True)
            continue
        settings = Settings(
            state_folder=STATE, port=int(port), ops_port=int(ops_port), fixed_today="2026-11-22", worker_name="one",
            limit_per_sender="", limit_per_address="", limit_of_sessions="",
        )
        os._exit(run(settings, gateway=gateway_of, worker=lambda *parts: (worker_of(*parts, knowledge, brain), knowledge)))


if __name__ == "__main__":
    main()
