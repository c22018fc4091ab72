"""From a job to an HTTP answer: complete where it is small, streamed where it is large, never one that looks whole
and is not."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.cache import Stored
from service.connection import BREAK_OFF
from service.dataset import Dataset
from service.evaluation import Evaluation
from service.formats import content_type
from service.frames import Job
from service.front import matches
from service.metrics import Metrics
from service.problems import BusyError, DeadlinePassedError, ProblemError
from service.whole import too_long

T = TypeVar("T")
_UNWATCHED = 0.02  # seconds


class ClientGoneError(Exception):
    """The client closed its connection before the answer was ready."""


class Stream(Response):
    """A large answer: the blocks read so far, then the rest as the worker writes it, and as the client reads.

    When the rest fails or takes too long, the connection is broken off inside the body, so that no client takes it for
    whole. What went through whole is kept, up to `most` bytes.
    """

    def __init__(
        self,
        evaluation: Evaluation,
        blocks: list[bytes],
        headers: Mapping[str, str],
        metrics: Metrics,
        keep: Callable[[Stored], None],
        most: int,
    ) -> None:
        self.status_code = 200
        self.background = None
        self._evaluation, self._blocks, self._metrics = evaluation, blocks, metrics
        self._keep, self._most = keep, most
        self.init_headers(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout_at(self._evaluation.deadline), WhileHere(receive):
                await self._send(send)
        except (ProblemError, ClientGoneError, TimeoutError) as error:
            # Without the last, empty piece the transfer stays incomplete.
            self._metrics.queries.labels("gone" if isinstance(error, ClientGoneError) else "broken").inc()
            if break_off := scope.get("extensions", {}).get(BREAK_OFF):
                await break_off()
        finally:
            self._evaluation.close()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        kept, self._blocks = self._blocks, []
        size = sum(map(len, kept))
        for block in kept:
            await send({"type": "http.response.body", "body": block, "more_body": True})
        while rest := await self._evaluation.block():
            await send({"type": "http.response.body", "body": rest, "more_body": True})
            size += len(rest)
            if size > self._most:
                kept.clear()
            else:
                kept.append(rest)
        await send({"type": "http.response.body", "body": b""})
        if size <= self._most:
            self._keep(self._evaluation.stored(kept))


class WhileHere:
    """Cancels what is done inside when the client leaves, and raises ClientGoneError then.

    Nobody watches for the first moment: most answers take less than it.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._watcher: asyncio.Task[None] | None = None
        self._left = False

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        self._task = task
        self._timer = asyncio.get_running_loop().call_later(_UNWATCHED, self._start)

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
        if self._left and kind is asyncio.CancelledError and self._task.uncancel() == 0:
            raise ClientGoneError

    def _start(self) -> None:
        self._watcher = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._left = True
        self._task.cancel()


async def unless_gone(receive: Receive, work: Awaitable[T]) -> T:
    """The result of `work`. Raises ClientGoneError, and cancels it, when the client leaves first."""
    async with WhileHere(receive):
        return await work


def etag(version: str, job: Job, media_type: str) -> str:
    """The strong entity tag of an answer: known before it is computed, since a snapshot never changes."""
    digest = hashlib.sha256("\0".join((version, media_type, "")).encode() + job.encoded)
    return f'"{digest.hexdigest()[:32]}"'


async def answer(
    request: Request,
    dataset: Dataset,
    job: Job,
    media_type: str,
    *,
    timeout: float,
    held: int,
    metrics: Metrics,
    volatile: bool = False,
    extra: Mapping[str, str] | None = None,
) -> Response:
    """The HTTP answer to a job of a client. Raises ProblemError, or ClientGoneError."""
    headers = {"Content-Type": content_type(media_type), "Cache-Control": "no-store", **(extra or {})}
    key = (dataset.version, job, media_type)
    if not volatile:
        headers |= {"ETag": etag(dataset.version, job, media_type), "Cache-Control": "no-cache"}
        if matches(request.headers.get("if-none-match"), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        if kept := dataset.cache.get(key):
            metrics.queries.labels("cached").inc()
            return _response(kept, headers)
    cache = dataset.cache

    def keep(stored: Stored) -> None:
        if not volatile:
            cache.put(key, stored, len(job.encoded))

    try:
        async with WhileHere(request.receive):
            evaluation, blocks, timing = await _evaluate(request, dataset, job, timeout, held, metrics)
    except (ProblemError, ClientGoneError) as error:
        metrics.queries.labels(_outcome(error)).inc()
        raise
    metrics.queries.labels("ok").inc()
    observe(metrics, evaluation)
    headers |= timing
    if not evaluation.ended:
        return Stream(evaluation, blocks, headers, metrics, keep, 0 if volatile else cache.largest)
    stored = evaluation.stored(blocks)
    keep(stored)
    return _response(stored, headers)


async def _evaluate(
    request: Request, dataset: Dataset, job: Job, timeout: float, held: int, metrics: Metrics
) -> tuple[Evaluation, list[bytes], dict[str, str]]:
    """An evaluation that has ended, with all its blocks, or one that goes on, with the first; and the time it took."""
    # HTTP/1.0 ends a body by closing, so a broken one could not be told from a whole one: hold back all of it.
    streams = request.scope["http_version"] != "1.0"
    limit = held if streams else request.app.state.settings.whole_bytes
    evaluation = _under_way(request, dataset, job) or dataset.public.line_up(job, timeout)
    blocks: list[bytes] = []
    try:
        await evaluation.ready()
        while sum(map(len, blocks)) < limit:
            block = await evaluation.block()
            if block is None:
                evaluation.close()
                break
            blocks.append(block)
        if not streams and not evaluation.ended:
            raise too_long(limit)
    except BaseException:
        evaluation.close()
        raise
    return evaluation, blocks, {"Server-Timing": timing(evaluation)}


def _under_way(request: Request, dataset: Dataset, job: Job) -> Evaluation | None:
    """What `service.direct` has begun of this request, and hands over."""
    evaluation: Evaluation | None = request.scope["state"].pop("evaluation", None)
    if evaluation is None or (evaluation.pool is dataset.public and evaluation.job == job):
        return evaluation
    evaluation.close()
    return None


def _response(kept: Stored, headers: Mapping[str, str]) -> Response:
    return Response(kept.body, headers={**headers, **{name.decode(): value.decode() for name, value in kept.headers}})


def observe(metrics: Metrics, evaluation: Evaluation) -> None:
    """Counts the times of an evaluation whose answer begins to be sent."""
    now = time.perf_counter()
    metrics.waited.observe(evaluation.begun - evaluation.arrived)
    metrics.first.observe(evaluation.first - evaluation.begun)
    metrics.ready.observe(now - evaluation.arrived)


def timing(evaluation: Evaluation) -> str:
    """Server-Timing: milliseconds in the queue, and from the worker's start to what is sent first."""
    queue, query = evaluation.begun - evaluation.arrived, time.perf_counter() - evaluation.begun
    return f"queue;dur={1000 * queue:.1f}, query;dur={1000 * query:.1f}"


def _outcome(error: Exception) -> str:
    if isinstance(error, ClientGoneError):
        return "gone"
    if isinstance(error, DeadlinePassedError):
        return "deadline"
    if isinstance(error, BusyError):
        return "busy"
    return "refused" if isinstance(error, ProblemError) and error.status < 500 else "failed"
