"""One job of a client from its arrival to its last block: it waits for a worker, is at work, has ended, is closed."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import Wording
from service.aside import aside
from service.cache import Stored
from service.frames import DATA, END, ERROR, Job
from service.problems import BusyError, DeadlinePassedError, EndpointFailedError, ProblemError, QueryFailedError
from service.process import Worker, WorkerLostError, wakes
from service.syntax import syntax_error

if TYPE_CHECKING:
    from service.workers import Pool


@dataclass(frozen=True)
class Limits:
    """What one evaluation may use: seconds in all, the deadline that follows, bytes of address space."""

    timeout: float
    deadline: float
    memory: int


class Evaluation:
    """What `Pool.line_up` makes of a job. `close` must be called in every case."""

    def __init__(self, pool: "Pool", client: str, job: Job, limits: Limits) -> None:
        self.pool, self.client, self.job, self._limits = pool, client, job, limits
        self._worker: Worker | None = None
        self._failure: ProblemError | None = None
        self._fate = "gone"
        self._listener: Callable[[], None] | None = None
        self._started: Callable[[], None] | None = None
        self.turn: asyncio.Future[Worker] | None = None
        """Its place in the queue."""
        self.ended = self.closed = False
        self.rows: int | None = None
        self.arrived = time.perf_counter()
        self.begun = self.first = 0.0
        """When it was given to its worker, and when the first block of its answer was here."""

    @property
    def deadline(self) -> float:
        """When the answer must be sent, by the event loop's clock."""
        return self._limits.deadline

    def begin(self, worker: Worker) -> None:
        """Gives the job to the worker, which works on nothing else until `close`."""
        self._worker, self.begun = worker, time.perf_counter()
        try:
            worker.send(self.job)
        except WorkerLostError:
            self.fail(QueryFailedError("query", "lost its worker", "send it again"))
            return
        if self._listener is not None:
            worker.listener = self._listener
        if self._started is not None:
            self._started()

    def fail(self, failure: ProblemError) -> None:
        """What `ready` and `block` raise from now on."""
        self._failure = failure
        for told in (self._listener, self._started):
            if told is not None:
                told()

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Has the listener called when there may be something for `whole`, or when there will be nothing."""
        self._listener = listener
        if self._worker is not None:
            self._worker.listener = listener

    def whole(self) -> Stored | None:
        """The whole answer, where all of it has arrived."""
        if self._worker is None or not self._worker.frames or self._worker.frames[-1][0] != END:
            return None
        self.first = self.first or time.perf_counter()
        *blocks, (_, rows) = self._worker.frames
        self._worker.frames.clear()
        self._worker.held = 0
        self._end(rows)
        return self.stored([block for _, block in blocks])

    def stuck(self, most: int) -> bool:
        """Whether to wait for `whole` is in vain, or long: it failed, or `most` bytes are here."""
        if self._failure is not None:
            return True
        if (worker := self._worker) is None:
            return False
        return worker.lost or worker.held >= most or (bool(worker.frames) and worker.frames[-1][0] == ERROR)

    async def ready(self) -> None:
        """Waits for a worker. Raises BusyError when none gets free in time."""
        if self._failure is None and self._worker is None:
            begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._started = wakes(begun)
            try:
                async with asyncio.timeout_at(self.deadline):
                    await begun
            except TimeoutError:
                problem, remedy = "no worker got free in time", "try again shortly, or allow more time"
                raise BusyError("service", problem, remedy, limit=f"workers={self.pool.size}") from None
            finally:
                self._started = None
        if self._failure is not None:
            raise self._failure

    async def block(self) -> bytes | None:
        """The next piece of the answer, None at its end.

        Raises BadRequestError (the query does not parse), QueryFailedError or DeadlinePassedError.
        """
        if self.ended:
            return None
        if self._worker is None or self._failure is not None:
            await self.ready()
        assert self._worker is not None  # noqa: S101 - it is ready
        try:
            async with asyncio.timeout_at(self.deadline):
                kind, payload = await self._worker.receive()
        except TimeoutError:
            self._fate = "deadline"
            seconds = self._limits.timeout
            late = Wording("took longer than it may, {seconds:g} s", seconds=seconds)
            remedy = "narrow it, or page with LIMIT"
            raise DeadlinePassedError("query", late, remedy, limit=f"timeout={seconds:g}") from None
        except WorkerLostError:
            self._fate = "memory"
            problem = "needed more memory or stack than one query may use"
            remedy = "ask for less at a time; other queries are not affected"
            limit = f"memory={self._limits.memory}"
            raise QueryFailedError("query", problem, remedy, kind="memory", limit=limit) from None
        self.first = self.first or time.perf_counter()
        if kind == DATA:
            return payload
        if kind == END:
            self._end(payload)
            return None
        assert kind == ERROR  # noqa: S101 - a worker sends nothing else
        self.ended = True
        fault = json.loads(payload)
        if fault["kind"] == "syntax":
            query = self.job.query
            raise await aside(query, syntax_error, query, fault["message"])
        if fault["kind"] == "endpoint":
            raise EndpointFailedError("the remote store", fault["message"], "try again shortly")
        raise QueryFailedError("query", Wording("failed ({why})", why=fault["message"]), "change the query")

    def stored(self, blocks: list[bytes]) -> Stored:
        """The whole answer with the headers that it always has."""
        rows = () if self.rows is None else ((b"ducha-rows", str(self.rows).encode()),)
        return Stored(rows, b"".join(blocks))

    def close(self) -> None:
        """Gives the worker back, or kills it when it is still at work; leaves the queue. May be called twice."""
        if not self.closed:
            self.closed = True
            self.listen(None)
            if self._worker is None:
                self.pool.forget(self)
            else:
                fate = "" if self.ended and self._worker.alive else self._fate
                self.pool.release(self._worker, self.client, fate)

    def _end(self, rows: bytes) -> None:
        self.ended = True
        self.rows = json.loads(rows)


async def complete(pool: "Pool", job: Job, timeout: float) -> Stored:
    """The whole answer to a job. Raises ProblemError."""
    evaluation = pool.line_up(job, timeout)
    try:
        blocks = []
        while (block := await evaluation.block()) is not None:
            blocks.append(block)
        return evaluation.stored(blocks)
    finally:
        evaluation.close()
