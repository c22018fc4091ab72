"""Older versions that are still kept, opened when somebody asks for a cited answer: one at a time, closed when idle."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from pipeline.errors import SnapshotError
from pipeline.snapshot import Snapshot
from service import terms
from service.clients import CLIENT
from service.dataset import GRAPHS, Dataset, run
from service.frames import Job
from service.metrics import Metrics
from service.problems import BusyError
from service.process import WorkerLostError
from service.settings import Settings
from service.turns import Turns
from service.workers import Pool

IDLE_SECONDS = 60.0


@dataclass
class _Place:
    """The one place for an older version, with what is open in it, and when it was last used."""

    dataset: Dataset | None = None
    used: float = 0.0

    async def clear(self) -> None:
        if self.dataset is not None:
            old, self.dataset = self.dataset, None
            await old.public.close()


class Kept:
    """Lends older versions; clients take turns, as for workers."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings, self._metrics = settings, metrics
        self._turns = Turns[_Place](settings.waiting, settings.client_waiting)
        self._place = _Place()
        self._turns.give(self._place)
        self._closing: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def dataset(self, snapshot: Snapshot, current: Dataset) -> AsyncIterator[Dataset]:
        """The snapshot with one worker on it, for as long as the caller needs it; labels and cache are the current
        one's. Raises BusyError when the place does not get free in time, SnapshotError when the store does not open."""
        client = CLIENT.get()
        try:
            async with asyncio.timeout(self._settings.timeout):
                place = await self._turns.take(client)
        except TimeoutError:
            remedy = "try again shortly"
            raise BusyError("service", "is at work on other older versions", remedy, limit="workers=1") from None
        try:
            if place.dataset is None or place.dataset.version != snapshot.version:
                await place.clear()
                place.dataset = await self._open(snapshot, current)
            yield replace(place.dataset, labels=current.labels)
        finally:
            place.used = asyncio.get_running_loop().time()
            self._turns.leave(client)
            self._turns.give(place)
            if self._closing is None or self._closing.done():
                self._closing = asyncio.create_task(self._close_when_idle())

    async def _open(self, snapshot: Snapshot, current: Dataset) -> Dataset:
        pool = Pool(snapshot.store_path, 1, self._settings, self._metrics)
        try:
            await pool.start()
            found = terms.rows(await run(pool, Job(GRAPHS, "json"), self._settings.timeout))
        except (WorkerLostError, TimeoutError, OSError) as error:
            await pool.close()
            raise SnapshotError(snapshot.path, "its store does not open", "build it again") from error
        except BaseException:
            await pool.close()
            raise
        graphs = frozenset(row["g"].value for row in found)
        return replace(current, snapshot=snapshot, public=pool, pages=pool, graphs=graphs, endpoint="")

    async def _close_when_idle(self) -> None:
        while self._place.dataset is not None:
            await asyncio.sleep(IDLE_SECONDS)
            place = await self._turns.take("")
            if asyncio.get_running_loop().time() - place.used >= IDLE_SECONDS:
                await place.clear()
            self._turns.leave("")
            self._turns.give(place)

    async def close(self) -> None:
        """Ends what is open."""
        if self._closing is not None:
            self._closing.cancel()
            await asyncio.gather(self._closing, return_exceptions=True)
        await self._place.clear()
