"""Graphs of invented plans (`plans.py`), of any size: what a build asks the rules about.

    python bench/graphs.py TRIPLES DIR [--seed N] [--faults SHARE] [--jobs N]

Writes N-Quads, a file a document, until there are TRIPLES; one document is in memory at a time. As in a build, each is
cleaned, read, written as RDF and derived from; nothing is validated. The file `shared.nq` has the ontology, the concepts
and the rules, which every snapshot of a build holds.
"""

import argparse
import hashlib
import multiprocessing
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
from plans import plans

from pipeline.extract import TEXT, Extracted, Task, default_stages, extract
from pipeline.graph import region_quads
from pipeline.graph.shared import shared_quads
from pipeline.model import Document
from pipeline.region import load_regions
from pipeline.validation.report import Finding
from pipeline.vocabulary import DEFAULT_BASE

ENDLESS = 10**6  # plans, more than anyone asks for


def graphs(count: int, seed: int = 0, faults: float = 0.0, jobs: int = 1) -> Iterator[list[ox.Quad]]:
    """The graphs of `count` plans in their order, read by `jobs` processes."""
    documents = map(_document, plans(count, seed, faults))
    if jobs <= 1:
        _start()
        yield from map(graph_of, documents)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _start) as pool:
        waiting = deque(pool.submit(graph_of, document) for document in islice(documents, 2 * jobs))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(graph_of, document) for document in islice(documents, 1))


def of_size(triples: int, seed: int = 0, faults: float = 0.0, jobs: int = 1) -> Iterator[list[ox.Quad]]:
    """As many graphs, in their order, as it takes to have at least so many triples."""
    had = 0
    for graph in graphs(ENDLESS, seed, faults, jobs):
        yield graph
        had += len(graph)
        if had >= triples:
            return


def graph_of(document: Document) -> list[ox.Quad]:
    """What one document states, what follows from it, the regions that it mentions, and its text."""
    outcome = extract(document, _task)
    if not isinstance(outcome, Extracted):
        raise AssertionError(f"{outcome}\n{outcome.details}")
    text = ox.Quad(ox.NamedNode(f"{DEFAULT_BASE}document/{document.id}"), TEXT, ox.Literal(document.text))
    return [*outcome.stated, *outcome.derived, *_task.around(outcome.stated), text]


def keep(graphs: Iterable[list[ox.Quad]], folder: Path) -> list[Path]:
    """Writes each graph to a file of its own, in their order."""
    paths = []
    for at, graph in enumerate(graphs):
        paths.append(folder / f"{at:06}.nq")
        ox.serialize(graph, paths[-1], ox.RdfFormat.N_QUADS)
    return paths


def _document(plan: tuple[str, str]) -> Document:
    name, text = plan
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Document(sha256[:16], name, sha256, text, "utf-8")


def _unasked(quads: Sequence[ox.Quad], base: str) -> tuple[Finding, ...]:
    return ()


_task: Task


def _start() -> None:
    global _task  # noqa: PLW0603 - once a process, not with each document
    regions: defaultdict[str, list[ox.Quad]] = defaultdict(list)
    for quad in region_quads(load_regions(), DEFAULT_BASE):
        assert isinstance(quad.subject, ox.NamedNode)
        regions[quad.subject.value].append(quad)
    stages = replace(default_stages(reasoning=False), validate=_unasked)
    _task = Task(stages, dict(regions), DEFAULT_BASE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("triples", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--faults", type=float, default=0.0, help="share of plans that contradict themselves, 0 to 1")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    keep(of_size(options.triples, options.seed, options.faults, options.jobs), options.folder)
    ox.serialize(shared_quads(DEFAULT_BASE), options.folder / "shared.nq", ox.RdfFormat.N_QUADS)


if __name__ == "__main__":
    main()
