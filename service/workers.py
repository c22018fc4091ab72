"""The pool of worker processes: hands out jobs, kills what takes too long, and starts a new worker in its place."""

import asyncio
import json
import os
import sys
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import Wording
from service.aside import aside
from service.cache import Stored
from service.clients import CLIENT
from service.frames import DATA, END, ERROR, HEAD, JOB, READY, Job, frame
from service.log import LOG, event
from service.metrics import Metrics
from service.problems import BusyError, DeadlinePassedError, EndpointFailedError, QueryFailedError
from service.remote import RemoteStore
from service.settings import Settings
from service.syntax import syntax_error
from service.turns import Turns

# The engine allocates much and soon gives it back: from one arena of glibc, which keeps it, that is a tenth faster.
ALLOCATION = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": str(128 << 20), "MALLOC_TOP_PAD_": str(8 << 20)}
START_SECONDS = 30.0
GRACE_SECONDS = 5.0  # a page that began on this pool may still have questions


class WorkerLostError(Exception):
    """The worker's pipe ended inside an answer, or before one."""


class Worker:
    """One worker process, ready for a job. Not for two jobs at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both are pipes
        self._process, self._input, self._output = process, process.stdin, process.stdout

    @classmethod
    async def start(cls, store: Path | RemoteStore, settings: Settings) -> "Worker":
        """A worker on the store. Raises WorkerLostError when it cannot open it."""
        program = store.program if isinstance(store, RemoteStore) else ("service.worker", str(store))
        arguments = ("-P", "-m", *program, str(settings.memory), str(settings.stack))
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stdin=pipe, stdout=pipe, env={**os.environ, **ALLOCATION}
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(START_SECONDS):
                kind, _ = await worker.receive()
            if kind != READY:
                raise WorkerLostError
        except (TimeoutError, WorkerLostError, asyncio.CancelledError):
            await worker.kill()
            raise
        return worker

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    def send(self, job: Job) -> None:
        """Gives it the job; it reads at once, so that nobody waits until it has all."""
        try:
            self._input.write(frame(JOB, job.encoded))
        except (ConnectionError, RuntimeError):
            raise WorkerLostError from None

    async def receive(self) -> tuple[bytes, bytes]:
        """The next frame: its letter and what it carries."""
        try:
            kind, length = HEAD.unpack(await self._output.readexactly(HEAD.size))
            return kind, await self._output.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise WorkerLostError from None

    async def kill(self) -> None:
        """Ends the process, whatever it does, and waits until it is gone."""
        if self.alive:
            with suppress(ProcessLookupError):
                self._process.kill()
        self._input.close()
        # What the dead process left in the pipe must be read, or the pipe is never closed.
        while await self._output.read(1 << 16):
            pass
        await self._process.wait()


async def complete(pool: "Pool", job: Job, timeout: float) -> Stored:
    """The whole answer to a job. Raises ProblemError."""
    evaluation = await pool.begin(job, timeout)
    try:
        blocks = []
        while (block := await evaluation.block()) is not None:
            blocks.append(block)
        return evaluation.stored(blocks)
    finally:
        await evaluation.close()


@dataclass(frozen=True)
class Limits:
    """What one evaluation may use: seconds in all, the deadline that follows, bytes of address space."""

    timeout: float
    deadline: float
    memory: int


class Evaluation:
    """One job on one worker, from its start to `close`, which must be awaited in every case."""

    def __init__(self, pool: "Pool", worker: Worker, client: str, job: Job, limits: "Limits") -> None:
        self._pool, self._worker, self._client = pool, worker, client
        self._job, self._limits = job, limits
        self.ended = self._closed = False
        self._fate = "gone"
        self.rows: int | None = None

    @property
    def deadline(self) -> float:
        """When the answer must be sent, by the event loop's clock."""
        return self._limits.deadline

    async def block(self) -> bytes | None:
        """The next piece of the answer, None at its end.

        Raises BadRequestError (the query does not parse), QueryFailedError or DeadlinePassedError.
        """
        if self.ended:
            return None
        try:
            async with asyncio.timeout_at(self.deadline):
                kind, payload = await self._worker.receive()
        except TimeoutError:
            self._fate = "deadline"
            seconds, remedy = self._limits.timeout, "narrow it, or page with LIMIT"
            late = Wording("took longer than it may, {seconds:g} s", seconds=seconds)
            raise DeadlinePassedError("query", late, remedy, limit=f"timeout={seconds:g}") from None
        except WorkerLostError:
            self._fate = "memory"
            problem, limit = "needed more memory or stack than one query may use", f"memory={self._limits.memory}"
            remedy = "ask for less at a time; other queries are not affected"
            raise QueryFailedError("query", problem, remedy, kind="memory", limit=limit) from None
        if kind == DATA:
            return payload
        self.ended = True
        if kind == END:
            self.rows = json.loads(payload)
            return None
        assert kind == ERROR  # noqa: S101 - a worker sends nothing else
        fault = json.loads(payload)
        if fault["kind"] == "syntax":
            query = self._job.query
            raise await aside(query, syntax_error, query, fault["message"])
        if fault["kind"] == "endpoint":
            raise EndpointFailedError("the remote store", fault["message"], "try again shortly")
        raise QueryFailedError("query", Wording("failed ({why})", why=fault["message"]), "change the query")

    def stored(self, blocks: list[bytes]) -> Stored:
        """The whole answer with the headers that it always has."""
        rows = () if self.rows is None else ((b"ducha-rows", str(self.rows).encode()),)
        return Stored(rows, b"".join(blocks))

    async def close(self) -> None:
        """Gives the worker back, or kills it when it is still at work. May be called twice."""
        if not self._closed:
            self._closed = True
            fate = "" if self.ended and self._worker.alive else self._fate
            self._pool.release(self._worker, self._client, fate)


class Pool:
    """`size` workers on one store, and a queue of bounded length before them."""

    def __init__(self, store: Path | RemoteStore, size: int, settings: Settings, metrics: Metrics) -> None:
        self._store, self._size, self._settings, self._metrics = store, size, settings, metrics
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
        for worker in await asyncio.gather(*(Worker.start(self._store, self._settings) for _ in range(self._size))):
            self._turns.give(worker)

    async def begin(self, job: Job, timeout: float) -> Evaluation:
        """Waits for a worker and gives it the job. Raises BusyError when too many wait or none gets free in time."""
        deadline = asyncio.get_running_loop().time() + timeout
        client = CLIENT.get()
        worker = await self._take(client, deadline)
        limits = Limits(timeout, deadline, self._settings.memory)
        evaluation = Evaluation(self, worker, client, job, limits)
        try:
            worker.send(job)
        except WorkerLostError:
            await evaluation.close()
            raise QueryFailedError("query", "lost its worker", "send it again") from None
        return evaluation

    async def _take(self, client: str, deadline: float) -> Worker:
        worker = self._turns.take_idle(client)
        if worker is None or not worker.alive:
            worker = await self._wait(worker, client, deadline)
        self._busy.add(worker)
        return worker

    async def _wait(self, dead: Worker | None, client: str, deadline: float) -> Worker:
        if dead is not None:
            self._replace(dead, client)
        try:
            async with asyncio.timeout_at(deadline):
                while True:
                    worker = await self._turns.take(client)
                    if worker.alive:
                        return worker
                    self._replace(worker, client)
        except TimeoutError:
            problem, remedy = "no worker got free in time", "try again shortly, or allow more time"
            raise BusyError("service", problem, remedy, limit=f"workers={self._size}") from None

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
