"""A worker process as the service sees it: frames go in and come out; it is killed, not asked to stop."""

import asyncio
import os
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import cast

from service.frames import HEAD, JOB, READY, Job, frame
from service.remote import RemoteStore
from service.settings import Settings

# The engine allocates much and soon gives it back: from one arena of glibc, which keeps it, that is a tenth faster.
ALLOCATION = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": str(128 << 20), "MALLOC_TOP_PAD_": str(8 << 20)}
START_SECONDS = 30.0
HELD = 256 * 1024
"""Bytes of frames that may wait here; then the process waits until they are taken."""


class WorkerLostError(Exception):
    """The worker's pipe ended inside an answer, or before one."""


def wakes(waiting: asyncio.Future[None]) -> Callable[[], None]:
    """A listener that ends a wait."""
    return lambda: None if waiting.done() else waiting.set_result(None)


class Worker(asyncio.SubprocessProtocol):
    """One worker process, ready for a job. Not for two jobs at a time."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._rest = bytearray()
        self.frames: deque[tuple[bytes, bytes]] = deque()
        """What has arrived and nobody has taken: letters and what they carry."""
        self.held = 0
        """Bytes of it."""
        self.lost = False
        self._paused = False
        self.listener: Callable[[], None] | None = None
        """Is called when a frame has arrived, and when the pipe has ended."""
        self._exited: asyncio.Future[None] = loop.create_future()

    @classmethod
    async def start(cls, store: Path | RemoteStore, settings: Settings) -> "Worker":
        """A worker on the store. Raises WorkerLostError when it cannot open it."""
        program = store.program if isinstance(store, RemoteStore) else ("service.worker", str(store))
        arguments = ("-P", "-m", *program, str(settings.memory), str(settings.stack))
        _, worker = await asyncio.get_running_loop().subprocess_exec(
            cls, sys.executable, *arguments, stderr=None, env={**os.environ, **ALLOCATION}
        )
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
        return self._process.get_pid()

    @property
    def alive(self) -> bool:
        return not self.lost and self._process.get_returncode() is None

    def send(self, job: Job) -> None:
        """Gives it the job; it reads at once, so that nobody waits until it has all. Raises WorkerLostError."""
        try:
            self._input.write(frame(JOB, job.encoded))
        except (OSError, RuntimeError):
            raise WorkerLostError from None

    async def receive(self) -> tuple[bytes, bytes]:
        """The next frame. Raises WorkerLostError."""
        while not self.frames:
            if self.lost:
                raise WorkerLostError
            arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.listener = wakes(arrived)
            try:
                await arrived
            finally:
                self.listener = None
        kind, payload = self.frames.popleft()
        self.held -= len(payload)
        if self._paused and self.held < HELD:
            self._pause(False)
        return kind, payload

    async def kill(self) -> None:
        """Ends the process, whatever it does, and waits until it is gone."""
        self.listener = None
        self._paused = True  # nothing is read any more
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.close()
        await self._exited

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._process = cast(asyncio.SubprocessTransport, transport)
        self._input = cast(asyncio.WriteTransport, self._process.get_pipe_transport(0))
        self._output = cast(asyncio.ReadTransport, self._process.get_pipe_transport(1))

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        rest, at = self._rest, 0
        rest += data
        while len(rest) - at >= HEAD.size:
            kind, length = HEAD.unpack_from(rest, at)
            begin, end = at + HEAD.size, at + HEAD.size + length
            if len(rest) < end:
                break
            self.frames.append((kind, bytes(rest[begin:end])))
            self.held += length
            at = end
        del rest[:at]
        if self.held >= HELD and not self._paused:
            self._pause(True)
        if at and self.listener is not None:
            self.listener()

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        self.lost = True
        if self.listener is not None:
            self.listener()

    def process_exited(self) -> None:
        self.lost = True
        if not self._exited.done():
            self._exited.set_result(None)

    def _pause(self, paused: bool) -> None:
        self._paused = paused
        if not self.lost:
            (self._output.pause_reading if paused else self._output.resume_reading)()
