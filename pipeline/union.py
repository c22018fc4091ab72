"""The store of a snapshot: the graphs of the dump, its description, and their merge as the default graph, each triple once.

The engine's own union of graphs gives a triple once for every graph that holds it, so that COUNT and plain SELECTs say
more than there is. A merged default graph costs the space of the triples and makes every query right and most faster.
"""

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from pipeline.description.survey import Survey, survey


def fill_store(path: Path, dump: Path) -> tuple[int, Survey]:
    """Makes the store from the dump and closes it; returns the number of its quads, and what there is in it."""
    store = ox.Store(path)
    store.bulk_load(path=dump, format=ox.RdfFormat.N_QUADS)
    quads = len(store)
    merge_into_default_graph(store, ox.parse(path=dump, format=ox.RdfFormat.N_QUADS))
    store.optimize()
    store.flush()
    return quads, survey(store)


def add_graph(path: Path, name: str, turtle: bytes) -> None:
    """Adds a graph to a closed store, and to the merge."""
    store, graph = ox.Store(path), ox.NamedNode(name)
    quads = [
        ox.Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)
    ]
    store.extend(quads)
    merge_into_default_graph(store, quads)
    store.flush()


def merge_into_default_graph(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Adds the triples of `quads` to the store's default graph."""
    store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
