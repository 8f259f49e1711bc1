"""Composes the processes. `run` is the embedded default: gateway in the main thread, worker and model in another."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog
import uvicorn
from starlette.applications import Starlette

from bot import without_tensorflow
from bot.conversations.wakeups import LocalWakeups
from bot.databases import Databases, connect
from bot.operations import operations
from bot.settings import Settings, secret_of
from connectors.gateway import application
from connectors.intake import Gateway

if TYPE_CHECKING:
    from bot.conversations.worker import Worker
    from knowledge.live import LiveKnowledge

MakeWorker = Callable[[Settings, Databases, LocalWakeups, str], "tuple[Worker, LiveKnowledge]"]

log = structlog.get_logger(__name__)


def worker_with_rasa(settings: Settings, databases: Databases, wakeups: LocalWakeups, name: str) -> tuple[Worker, LiveKnowledge]:
    without_tensorflow.install()
    from bot.conversations.serving import make_worker  # imports Rasa, which takes seconds

    return make_worker(settings, databases, wakeups, name)


@dataclass
class WorkerThread:
    """The worker with its own event loop, so that loading the model and thinking do not keep the gateway from answering."""

    settings: Settings
    databases: Databases
    wakeups: LocalWakeups
    make_worker: MakeWorker
    loaded: threading.Event = field(default_factory=threading.Event)
    failed: BaseException | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _stop: asyncio.Event | None = None

    def start(self, on_failure: threading.Event) -> threading.Thread:
        def serve() -> None:
            try:
                asyncio.run(self._serve())
            except BaseException as error:
                self.failed = error
                log.exception("worker ended", runbook="worker-ended")
                on_failure.set()

        thread = threading.Thread(target=serve, name="worker", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        worker, knowledge = self.make_worker(self.settings, self.databases, self.wakeups, socket.gethostname())
        self.loaded.set()
        log.info("worker ready")
        knowledge.start_watching()
        try:
            await worker.run(self._stop)
        finally:
            knowledge.stop()


class _Server(uvicorn.Server):
    """Signals are handled once, for all servers of the process."""

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]
        return contextlib.nullcontext()


def run(settings: Settings, make_worker: MakeWorker = worker_with_rasa) -> int:
    """Serves until SIGTERM or SIGINT. 0 after a clean end."""
    databases = connect(settings.database_urls)
    wakeups = LocalWakeups()
    worker = WorkerThread(settings, databases, wakeups, make_worker)
    failed = threading.Event()
    thread = worker.start(failed)
    gateway = Gateway(settings, secret_of(settings), databases, wakeups, settings.now)
    servers = [
        _server(application(gateway), settings.host, settings.port),
        _server(operations(databases, worker.loaded.is_set, settings.now), "127.0.0.1", settings.ops_port),
    ]
    asyncio.run(_serve(servers, failed))
    worker.stop()
    thread.join(timeout=30)
    databases.dispose()
    return 1 if worker.failed else 0


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
