"""Composes a process: gateway, worker, or both, as in the embedded default, where the worker has a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog
import uvicorn
from starlette.applications import Starlette

from bot import without_tensorflow
from bot.conversations.wakeups import LocalWakeups, Wakeups
from bot.databases import Databases, connect
from bot.metrics import KNOWLEDGE_LEFT_OUT, KNOWLEDGE_PROBLEMS
from bot.operating import heartbeat
from bot.operations import operations
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.conversations.worker import Worker
    from knowledge.live import LiveKnowledge

MakeGateway = Callable[[Settings, Databases, Wakeups], Starlette]
MakeWorker = Callable[[Settings, Databases, Wakeups], "tuple[Worker, LiveKnowledge]"]

log = structlog.get_logger(__name__)


def worker_with_rasa(settings: Settings, databases: Databases, wakeups: Wakeups) -> tuple[Worker, LiveKnowledge]:
    without_tensorflow.install()
    from bot.conversations.serving import make_worker  # imports Rasa, which takes seconds

    return make_worker(settings, databases, wakeups)


@dataclass
class WorkerThread:
    """The worker with its own event loop, so that loading the model and thinking do not keep the gateway from answering."""

    settings: Settings
    databases: Databases
    wakeups: Wakeups
    make_worker: MakeWorker
    _thread: threading.Thread | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _stop: asyncio.Event | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)

    def start(self, failed: threading.Event) -> None:
        def serve() -> None:
            try:
                asyncio.run(self._serve(*self.make_worker(self.settings, self.databases, self.wakeups)))
            except BaseException:
                log.exception("worker ended", runbook="worker-ended")
                failed.set()

        self._thread = threading.Thread(target=serve, name="worker", daemon=True)
        self._thread.start()

    def stop(self) -> bool:
        """The turn in hand is finished. False when it did not end, as while a model is being loaded."""
        self._stopping.set()
        if self._loop is not None and self._stop is not None and self._thread is not None:
            with contextlib.suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(timeout=30)
        return self._thread is None or not self._thread.is_alive()

    async def _serve(self, worker: Worker, knowledge: LiveKnowledge) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        if self._stopping.is_set():
            return
        knowledge.start_watching()
        KNOWLEDGE_PROBLEMS.set_function(lambda: len(knowledge.problems))
        KNOWLEDGE_LEFT_OUT.set_function(lambda: len(knowledge.left_out))
        try:
            await worker.run(self._stop)
        finally:
            knowledge.stop()


class _Server(uvicorn.Server):
    """Signals are handled once, for all servers of the process."""

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]
        return contextlib.nullcontext()


def run(
    settings: Settings, *, gateway: MakeGateway | None, worker: MakeWorker | None = worker_with_rasa
) -> int:
    """Serves until SIGTERM or SIGINT: a gateway, a worker, or both. 0 after a clean end."""
    databases = connect(settings.database_urls)
    wakeups = wakeups_of(settings)
    failed = threading.Event()
    servers, thread = [], None
    if gateway is not None:
        servers.append(_server(gateway(settings, databases, wakeups), settings.host, settings.port))
        heartbeat.start(databases, wakeups, settings.now, settings.heartbeat_seconds)
    if worker is not None:
        thread = WorkerThread(settings, databases, wakeups, worker)
        thread.start(failed)
    servers.append(_server(operations(databases, settings.now), settings.ops_host, settings.ops_port))
    asyncio.run(_serve(servers, failed))
    ended = thread is None or thread.stop()
    code = 1 if failed.is_set() else 0
    if not ended:
        os._exit(code)  # Python's own end would pull the ground from under a thread that loads a model
    databases.dispose()
    return code


def wakeups_of(settings: Settings) -> Wakeups:
    if not settings.redis_url.get_secret_value():
        return LocalWakeups()
    from bot.conversations.redis_wakeups import RedisWakeups

    return RedisWakeups(settings.redis_url.get_secret_value())


def _server(app: Starlette, host: str, port: int) -> _Server:
    return _Server(
        uvicorn.Config(
            app, host=host, port=port, ws="wsproto", log_config=None, access_log=False, lifespan="off",
            timeout_graceful_shutdown=3, server_header=False, proxy_headers=False,
        )
    )  # fmt: skip


async def _serve(servers: list[_Server], failed: threading.Event) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    serving = [asyncio.ensure_future(server.serve()) for server in servers]
    while not (stop.is_set() or failed.is_set() or any(task.done() for task in serving)):
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), 0.5)
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*serving)
