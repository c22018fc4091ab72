"""The snapshot in force with the workers on it, and the switch to a newer one while the service runs."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from pipeline.errors import DuchaError, SnapshotError
from pipeline.snapshot import Snapshot, current_snapshot
from service import terms
from service.cache import ByteCache, Stored
from service.frames import Job
from service.labels import Labels, load_labels
from service.metrics import Metrics
from service.problems import ProblemError
from service.remote import RemoteStore
from service.settings import Settings
from service.terms import Row
from service.workers import Pool, WorkerLostError

LOG = logging.getLogger("ducha.service")
Bound = ox.NamedNode | ox.Literal | Sequence[ox.NamedNode]
GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { } }"


@dataclass(frozen=True)
class Dataset:
    """One snapshot. `public` works for clients' queries, `pages` for ours, so that neither starves the other."""

    snapshot: Snapshot
    public: Pool
    pages: Pool
    labels: Labels
    graphs: frozenset[str]
    cache: ByteCache
    timeout: float
    endpoint: str
    """The remote store's address; empty where the snapshot's own store is asked."""

    @property
    def version(self) -> str:
        return self.snapshot.version

    @property
    def base(self) -> str:
        """The IRI prefix of instances; it ends with a slash."""
        return str(self.snapshot.manifest["base"])

    async def select(self, query: str, **bindings: Bound) -> list[Row]:
        """The rows of one of our own queries, terms put where it says `VALUES ?name { UNDEF }`. Raises ProblemError."""
        return terms.rows(await self.ask_pages(query, "json", **bindings))

    async def ask_pages(self, query: str, form: str, **bindings: Bound) -> bytes:
        """The whole answer to one of our own queries in a format of `service.formats`. Raises ProblemError."""
        job = Job(bind(query, bindings), form)
        if kept := self.cache.get((self.version, job)):
            return kept.body
        body = await run(self.pages, job, self.timeout)
        self.cache.put((self.version, job), Stored((), body))
        return body


def bind(query: str, bindings: Mapping[str, Bound]) -> str:
    """The query with each `VALUES ?name { UNDEF }` holding its term or terms, as the term's own class writes it."""
    if not bindings:
        return query
    written = {
        name: str(one) if isinstance(one, (ox.NamedNode, ox.Literal)) else " ".join(map(str, one))
        for name, one in bindings.items()
    }
    slots = re.compile(rf"VALUES \?({'|'.join(written)}) {{ UNDEF }}")
    return slots.sub(lambda slot: f"VALUES ?{slot[1]} {{ {written[slot[1]]} }}", query)


async def run(pool: Pool, job: Job, timeout: float) -> bytes:
    """The whole answer to a job. Raises ProblemError."""
    evaluation = await pool.begin(job, timeout)
    try:
        blocks = []
        while (block := await evaluation.block()) is not None:
            blocks.append(block)
        return b"".join(blocks)
    finally:
        await evaluation.close()


async def open_dataset(snapshot: Snapshot, settings: Settings, metrics: Metrics, cache: ByteCache) -> Dataset:
    """Starts the workers of a snapshot. Raises SnapshotError when they cannot open its store, EndpointError or
    ProblemError when the remote one does not hold it."""
    store: Path | RemoteStore = snapshot.store_path
    names: frozenset[str] | None = None
    if settings.endpoint:
        store = RemoteStore(settings.endpoint, str(snapshot.manifest["base"]), snapshot.version)
        names = await asyncio.to_thread(store.graphs)
    public = Pool(store, settings.workers, settings, metrics)
    pages = Pool(store, max(1, settings.workers // 4), settings, metrics)
    try:
        await public.start()
        await pages.start()
        if names is None:
            graphs = terms.rows(await run(pages, Job(GRAPHS, "json"), settings.timeout))
            names = frozenset(row["g"].value for row in graphs)
        labels = await load_labels(lambda query: run(pages, Job(query, "json"), settings.timeout))
    except (WorkerLostError, TimeoutError, OSError, ProblemError) as error:
        await public.close()
        await pages.close()
        if isinstance(error, ProblemError):
            raise
        raise SnapshotError(snapshot.path, "its store does not open", "build it again") from error
    return Dataset(snapshot, public, pages, labels, names, cache, settings.timeout, settings.endpoint)


class Datasets:
    """The dataset in force; `watch` replaces it when `DIR/current` names another version. `prepare` is done beside the
    first requests to each: what a page keeps for the whole version and takes long to read."""

    def __init__(self, settings: Settings, prepare: Callable[[Dataset], Awaitable[object]] | None = None) -> None:
        self._settings, self._prepare = settings, prepare
        self.metrics = Metrics()
        self.cache = ByteCache(settings.cache_bytes)
        self._current: Dataset | None = None
        self._draining: set[asyncio.Task[None]] = set()
        self._preparing: asyncio.Task[None] | None = None

    @property
    def current(self) -> Dataset:
        if self._current is None:
            raise SnapshotError(self._settings.out, "is not open yet", "wait for the service to start")
        return self._current

    async def open(self) -> None:
        """Opens the published snapshot. Raises SnapshotError, EndpointError or ProblemError."""
        snapshot = current_snapshot(self._settings.out, store=not self._settings.endpoint)
        if self._current is not None and snapshot.version == self._current.version:
            return
        old, self._current = self._current, await open_dataset(snapshot, self._settings, self.metrics, self.cache)
        if self._preparing is not None:
            self._preparing.cancel()
        self._preparing = asyncio.create_task(self._ready(self._current))
        if old is not None:
            LOG.info("now serving %s", snapshot.version)
            for pool in (old.public, old.pages):
                task = asyncio.create_task(pool.drain())
                self._draining.add(task)
                task.add_done_callback(self._draining.discard)

    async def _ready(self, dataset: Dataset) -> None:
        """Reads ahead; what fails is read again, and reported, when somebody asks for it."""
        if self._prepare is not None:
            with suppress(DuchaError):
                await self._prepare(dataset)

    async def watch(self) -> None:
        """Looks for a newer snapshot for ever; one that does not open leaves the present one in force."""
        complaint = ""
        while True:
            await asyncio.sleep(self._settings.poll)
            try:
                await self.open()
                complaint = ""
            except DuchaError as error:
                if str(error) != complaint:
                    LOG.warning("%s (still serving %s)", error, self.current.version)
                complaint = str(error)

    async def close(self) -> None:
        tasks = [*self._draining, *([self._preparing] if self._preparing else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._current is not None:
            await self._current.public.close()
            await self._current.pages.close()
