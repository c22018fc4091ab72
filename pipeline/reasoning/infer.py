"""Materialises what follows from one document's stated facts (docs/graph.md, "Derived").

Reads: a stated graph and the regions graph. Writes: the quads of `graph/document/<id>/derived`.
Each rule is a SPARQL CONSTRUCT of its own in `ontology/rules/`, run in the order of the file names: a later rule sees
what an earlier one derived. `tests/test_infer.py` proves the result equal to HermiT's answer where OWL can say it;
the cumulative shares are arithmetic and have no OWL counterpart.
"""

from collections.abc import Iterable
from functools import cache

import pyoxigraph as ox

from pipeline.assets import asset_path
from pipeline.errors import UsageError
from pipeline.vocabulary import graph_iri

_DEFAULT = ox.DefaultGraph()


@cache
def rules() -> tuple[tuple[str, str], ...]:
    """The rules as (file name without suffix, query text), in the order in which they run."""
    files = sorted(asset_path("ontology", "rules").glob("*.rq"))
    if not files:
        raise UsageError("ontology/rules", "holds no rules", "reinstall ducha")
    return tuple((file.stem, file.read_text(encoding="utf-8")) for file in files)


def derive(stated: Iterable[ox.Quad], regions: Iterable[ox.Quad], base: str, document_id: str) -> list[ox.Quad]:
    """The derived quads of one document, sorted, none of them stated already.

    `stated` holds the document's stated quads and `regions` the regions graph. The graph names of both are
    ignored. `base` ends in a slash; `document_id` is the document's 16 hex digits.
    """
    graph = ox.NamedNode(graph_iri(base, "document", document_id, "derived"))
    store = ox.Store()
    for quad in (*stated, *regions):
        store.add(_quad(quad.triple))
    derived: set[ox.Triple] = set()
    for _, query in rules():
        found = store.query(query)
        if not isinstance(found, ox.QueryTriples):
            raise UsageError("ontology/rules", "holds a query that is no CONSTRUCT", "reinstall ducha")
        new = {triple for triple in found if _quad(triple) not in store}
        store.extend(_quad(triple) for triple in new)
        derived |= new
    return sorted((_quad(triple, graph) for triple in derived), key=str)


def _quad(triple: ox.Triple, graph: ox.NamedNode | ox.DefaultGraph = _DEFAULT) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)
