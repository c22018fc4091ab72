"""The pool of worker processes: hands out jobs, kills what takes too long, and starts a new worker in its place."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from service.clients import CLIENT
from service.evaluation import Evaluation, Limits
from service.frames import Job
from service.log import LOG, event
from service.metrics import Metrics
from service.problems import BusyError
from service.process import Worker, WorkerLostError
from service.remote import RemoteStore
from service.settings import Settings
from service.turns import Turns

GRACE_SECONDS = 5.0  # a page that began on this pool may still have questions


class Pool:
    """`size` workers on one store, and a queue of bounded length before them."""

    def __init__(self, store: Path | RemoteStore, size: int, settings: Settings, metrics: Metrics) -> None:
        self._store, self.size, self._settings, self._metrics = store, size, settings, metrics
        self._turns = Turns[Worker](settings.waiting, settings.client_waiting)
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[Worker] = set()
        self._closing = False

    @property
    def pids(self) -> list[int]:
        """The process ids of the workers that exist now."""
        return sorted(worker.pid for worker in [*self._busy, *self._turns.idle])

    @property
    def busy(self) -> int:
        return len(self._busy)

    @property
    def waiting(self) -> int:
        return self._turns.waiting

    async def start(self) -> None:
        """Starts all workers. Raises WorkerLostError when the store cannot be opened."""
        for worker in await asyncio.gather(*(Worker.start(self._store, self._settings) for _ in range(self.size))):
            self._turns.give(worker)

    def line_up(self, job: Job, timeout: float, client: str | None = None) -> Evaluation:
        """Gives the job to a worker, at once where one is idle for this client (else the one of the request at hand).
        Raises BusyError when too many wait."""
        deadline = asyncio.get_running_loop().time() + timeout
        client = CLIENT.get() if client is None else client
        evaluation = Evaluation(self, client, job, Limits(timeout, deadline, self._settings.memory))
        worker = self._turns.take_idle(client)
        if worker is None:
            self._wait(evaluation)
        else:
            self._give(evaluation, worker)
        return evaluation

    def _wait(self, evaluation: Evaluation) -> None:
        evaluation.turn = self._turns.line_up(evaluation.client)
        evaluation.turn.add_done_callback(partial(self._called, evaluation))

    def _called(self, evaluation: Evaluation, turn: asyncio.Future[Worker]) -> None:
        if not turn.cancelled() and not evaluation.closed:
            self._give(evaluation, turn.result())

    def _give(self, evaluation: Evaluation, worker: Worker) -> None:
        if worker.alive:
            self._busy.add(worker)
            evaluation.begin(worker)
            return
        self._replace(worker, evaluation.client)
        try:
            self._wait(evaluation)
        except BusyError as error:
            evaluation.turn = None
            evaluation.fail(error)

    def forget(self, evaluation: Evaluation) -> None:
        """Takes one that waits out of the queue."""
        if evaluation.turn is not None:
            self._turns.give_up(evaluation.client, evaluation.turn)

    def release(self, worker: Worker, client: str, fate: str) -> None:
        """Takes a worker back and ends the client's turn. Where another must be started in its place, since `fate` says
        why this one cannot go on, the turn ends with that: a client whose queries are killed one after another must not
        keep every worker starting."""
        self._busy.discard(worker)
        if fate:
            self._metrics.kills.labels(fate).inc()
            event("worker killed", {"why": fate, "pid": worker.pid})
        if fate or self._closing:
            self._replace(worker, client)
        else:
            self._turns.leave(client)
            self._turns.give(worker)

    def _replace(self, worker: Worker, client: str) -> None:
        self._spawn(self._kill_and_start(worker, client))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _kill_and_start(self, worker: Worker, client: str) -> None:
        await worker.kill()
        self._metrics.restarts.inc()
        while not self._closing:
            try:
                fresh = await Worker.start(self._store, self._settings)
            except (WorkerLostError, OSError, TimeoutError):
                LOG.exception("a worker does not start; trying again in a second")
                await asyncio.sleep(1)
                continue
            if self._closing:
                await fresh.kill()
            else:
                self._turns.leave(client)
                self._turns.give(fresh)
            return

    async def drain(self) -> None:
        """Lets running jobs end, at most for the time one may take, then closes."""
        try:
            await asyncio.sleep(GRACE_SECONDS)
            while self._busy or self.waiting:
                await asyncio.sleep(0.1)
        finally:
            await self.close()

    async def close(self) -> None:
        """Ends every worker process."""
        self._closing = True
        for worker in [*self._busy]:
            await worker.kill()
        for worker in self._turns.empty():
            await worker.kill()
        await asyncio.gather(*self._tasks)
