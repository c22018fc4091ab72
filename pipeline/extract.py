"""Document → quads, for one document or many at once: in this process, or in several.

A document that fails, in whatever way, costs itself alone: its error is returned, and a worker process that dies takes
no other document with it.
"""

import multiprocessing
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

import pyoxigraph as ox

from pipeline.cache import Extracted
from pipeline.errors import DuchaError
from pipeline.model import Document

FEW = 4  # documents that are read sooner in this process than workers start


@dataclass(frozen=True)
class Stages:
    """The steps between documents and the quads of a snapshot, functions at module level, so that workers find them.

    document_quads: document, base → what it states. shared_quads: base → ontology, concepts, regions.
    derive: stated, regions, base, document id → what follows. validate: all quads, texts by document id, base → the
    `du:Finding` nodes of `graph/validation` (docs/graph.md).
    """

    document_quads: Callable[[Document, str], list[ox.Quad]]
    shared_quads: Callable[[str], list[ox.Quad]]
    derive: Callable[[Sequence[ox.Quad], Sequence[ox.Quad], str, str], list[ox.Quad]]
    validate: Callable[[Sequence[ox.Quad], Mapping[str, str], str], list[ox.Quad]]


@dataclass(frozen=True)
class Failure:
    """Why a file gave nothing, in plain strings that cross processes; the traceback where the fault is ours."""

    file: str
    problem: str
    remedy: str
    details: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}; {self.remedy}"


@dataclass(frozen=True)
class Task:
    """What a worker needs to know beside the document."""

    stages: Stages
    regions: Sequence[ox.Quad]
    base: str


def default_stages() -> Stages:
    """The real steps, imported only when documents are read."""
    from pipeline.graph import document_quads, shared_quads  # noqa: PLC0415
    from pipeline.infer import derive  # noqa: PLC0415
    from pipeline.validate import validate  # noqa: PLC0415

    return Stages(document_quads, shared_quads, derive, validate)


def extract(document: Document, task: Task) -> Extracted | Failure:
    """The quads of one document, or why there are none. Never raises."""
    try:
        stated = task.stages.document_quads(document, task.base)
        return Extracted(stated, task.stages.derive(stated, task.regions, task.base, document.id))
    except DuchaError as error:
        return Failure(document.file_name, error.problem, error.remedy)
    except Exception as error:  # whatever a document does to our code, the others go on
        problem = f"cannot be processed ({type(error).__name__}: {str(error).splitlines()[0] if str(error) else '-'})"
        remedy = "run again with --debug and report it with the file"
        return Failure(document.file_name, problem, remedy, traceback.format_exc())


def extract_all(documents: Mapping[str, Document], task: Task, jobs: int) -> Iterator[tuple[str, Extracted | Failure]]:
    """Yields document id and outcome as they come, in no fixed order."""
    if jobs <= 1 or len(documents) <= FEW:
        for name, document in documents.items():
            yield name, extract(document, task)
        return
    done = set()
    try:
        for name, outcome in _in_workers(documents, task, jobs):
            done.add(name)
            yield name, outcome
    except BrokenProcessPool:
        # One document killed its worker, and with it the pool: find out which, each in a worker of its own.
        for name, document in documents.items():
            if name not in done:
                yield name, _alone(document, task)


def _in_workers(documents: Mapping[str, Document], task: Task, jobs: int) -> Iterator[tuple[str, Extracted | Failure]]:
    with _pool(min(jobs, len(documents)), task) as pool:
        futures = {pool.submit(_extract_here, document): name for name, document in documents.items()}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _alone(document: Document, task: Task) -> Extracted | Failure:
    try:
        with _pool(1, task) as pool:
            return pool.submit(_extract_here, document).result()
    except BrokenProcessPool:
        return Failure(document.file_name, "kills the process that reads it", "leave it out and report it")


_task: Task


def _start(task: Task) -> None:
    global _task  # noqa: PLW0603 - a worker process is given its task once, not with each document
    _task = task


def _extract_here(document: Document) -> Extracted | Failure:
    return extract(document, _task)


def _pool(workers: int, task: Task) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _start, (task,))
