"""The snapshot in force with the workers on it, and the switch to a newer one while the service runs."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from pipeline.errors import DuchaError, SnapshotError
from pipeline.snapshot import Snapshot, current_snapshot
from service import terms
from service.cache import ByteCache, Stored
from service.evaluation import complete
from service.frames import Job
from service.labels import Labels, load_labels
from service.log import event
from service.metrics import Metrics
from service.prewarm import prewarm
from service.problems import ProblemError
from service.process import WorkerLostError
from service.remote import RemoteStore
from service.search_property import searched
from service.settings import Settings
from service.terms import Row
from service.workers import Pool

Bound = ox.NamedNode | ox.Literal | Sequence[ox.NamedNode] | Sequence[ox.Literal]
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
    digests: ByteCache
    """What the pages of named queries show (`service.query_digest`), so that no large answers push it out of the other."""
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

    async def searched(self, query: str, seconds: float) -> str:
        """A client's query with what its searches found (`duf:search`), as it must be before a worker has it. Raises
        BadRequestError, SnapshotError and DeadlinePassedError."""
        return await searched(query, self.snapshot, seconds, functions=not self.endpoint)

    async def select(self, query: str, **bindings: Bound) -> list[Row]:
        """The rows of one of our own queries, terms put where it says `VALUES ?name { UNDEF }`. Raises ProblemError."""
        return terms.rows(await self.ask_pages(query, "json", **bindings))

    async def ask_pages(self, query: str, form: str, **bindings: Bound) -> bytes:
        """The whole answer to one of our own queries in a format of `service.formats`. Raises ProblemError."""
        job = Job(bind(query, bindings), form)
        if kept := self.cache.get((self.version, job)):
            return kept.body
        body = await run(self.pages, job, self.timeout)
        self.cache.put((self.version, job), Stored((), body), len(job.encoded))
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
    """The body of the whole answer to a job. Raises ProblemError."""
    return (await complete(pool, job, timeout)).body


async def open_dataset(
    snapshot: Snapshot, settings: Settings, metrics: Metrics, cache: ByteCache, digests: ByteCache
) -> Dataset:
    """Starts the workers of a snapshot. Raises SnapshotError when they cannot open its store, EndpointError or
    ProblemError when the remote one does not hold it."""
    store = store_of(snapshot, settings)
    names: frozenset[str] | None = None
    if isinstance(store, RemoteStore):
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
    return Dataset(snapshot, public, pages, labels, names, cache, digests, settings.timeout, settings.endpoint)


def store_of(snapshot: Snapshot, settings: Settings) -> Path | RemoteStore:
    """Where the triples of a snapshot are asked for."""
    if settings.endpoint:
        return RemoteStore(settings.endpoint, str(snapshot.manifest["base"]), snapshot.version)
    return snapshot.store_path


class Datasets:
    """The dataset in force; `watch` replaces it when `DIR/current` names another version. `prepare` is done beside the
    first requests to each: what a page keeps for the whole version and takes long to read."""

    def __init__(self, settings: Settings, prepare: Callable[[Dataset], Awaitable[object]] | None = None) -> None:
        self.settings, self._prepare = settings, prepare
        self.cache, self.digests = ByteCache(settings.cache_bytes // 2), ByteCache(settings.cache_bytes // 2)
        self.metrics = Metrics(self.cache, self.digests)
        self._current: Dataset | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def current(self) -> Dataset:
        if self._current is None:
            raise SnapshotError(self.settings.out, "is not open yet", "wait for the service to start")
        return self._current

    async def open(self) -> None:
        """Opens the published snapshot. Raises SnapshotError, EndpointError or ProblemError."""
        snapshot = current_snapshot(self.settings.out, store=not self.settings.endpoint)
        if self._current is not None and snapshot.version == self._current.version:
            return
        fresh = await open_dataset(snapshot, self.settings, self.metrics, self.cache, self.digests)
        old, self._current = self._current, fresh
        if old is not None:
            event("now serving", {"version": snapshot.version, "before": old.version})
            for pool in (old.public, old.pages):
                self._spawn(pool.drain())
        self.metrics.prewarmed.set(0)
        if self.settings.prewarm:
            self._spawn(self._ready(self._current))
            store = store_of(snapshot, self.settings)
            self._spawn(prewarm(store, fresh, self.settings, self.metrics))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ready(self, dataset: Dataset) -> None:
        """Reads ahead; what fails is read again, and reported, when somebody asks for it."""
        if self._prepare is not None:
            with suppress(DuchaError):
                await self._prepare(dataset)

    async def watch(self) -> None:
        """Looks for a newer snapshot for ever; one that does not open leaves the present one in force."""
        complaint = ""
        while True:
            await asyncio.sleep(self.settings.poll)
            try:
                await self.open()
                complaint = ""
            except DuchaError as error:
                if str(error) != complaint:
                    event("no newer snapshot", {"why": str(error), "serving": self.current.version}, logging.WARNING)
                complaint = str(error)

    async def close(self) -> None:
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._current is not None:
            await self._current.public.close()
            await self._current.pages.close()
