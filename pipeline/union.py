"""The default graph of a store: the merge of all its graphs, each triple once.

The engine's own union of graphs gives a triple once for every graph that holds it, so that COUNT and plain SELECTs say
more than there is. A merged default graph costs the space of the triples and makes every query right and most faster.
"""

from collections.abc import Iterable

import pyoxigraph as ox


def merge_into_default_graph(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Adds the triples of `quads` to the store's default graph."""
    store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
