"""The prefilled correction of a fact, from the part of the graph that it needs: a store of a few quads (`pipeline.curation`)."""

from collections.abc import Callable

import pyoxigraph as ox

from pipeline.curation.decide import Draft, drafts
from pipeline.curation.keys import subject_of
from pipeline.errors import QueryError, Wording
from service.dataset import Dataset
from service.reading import HEAD
from service.terms import Row, Term

# A node with all that its own graphs say of it, of its assertions and of the evidence of both.
_SLICE = (
    "SELECT DISTINCT ?g ?s ?p ?o WHERE { VALUES ?node { UNDEF } GRAPH ?g { ?node ?p ?o } BIND(?node AS ?s) }",
    "SELECT DISTINCT ?g ?s ?p ?o WHERE { VALUES ?node { UNDEF } GRAPH ?g { ?s rdf:subject ?node ; ?p ?o } }",
    "SELECT DISTINCT ?g ?s ?p ?o WHERE { VALUES ?node { UNDEF } GRAPH ?g { ?node du:evidence ?s . ?s ?p ?o } }",
    "SELECT DISTINCT ?g ?s ?p ?o WHERE { VALUES ?node { UNDEF }"
    " GRAPH ?g { ?a rdf:subject ?node ; du:evidence ?s . ?s ?p ?o } }",
)
# The labels of the values and of the properties, which other graphs hold.
_NAMES = (
    "SELECT DISTINCT ?g ?s ?p ?o WHERE { VALUES ?node { UNDEF } VALUES ?p { rdfs:label skos:prefLabel }"
    " { ?node ?any ?s } UNION { ?node ?s ?any } GRAPH ?g { ?s ?p ?o } }"
)


async def drafts_of(dataset: Dataset, key: str) -> list[Draft]:
    """What can be decided about the fact with this key, one for each document and value that has it. Raises QueryError
    where it is no key, or about nothing in the graph."""
    try:
        node = subject_of(key, dataset.base)
    except ValueError as error:
        raise QueryError(
            key, Wording("is no key ({why})", why=error), "follow a link from the page of a fact"
        ) from None
    store = ox.Store()
    for query in (*_SLICE, _NAMES):
        store.extend(_quad(row) for row in await dataset.select(HEAD + query + " ORDER BY ?g ?s ?p ?o", node=node))
    return drafts(store, key, _text_of(dataset), dataset.base)


def _text_of(dataset: Dataset) -> Callable[[str], str]:
    """The texts of the snapshot, except those of which only quotes may be shown."""
    closed = {one["id"] for one in dataset.snapshot.manifest.get("documents", []) if one.get("rights") == "quotes-only"}
    return lambda name: "" if name in closed else dataset.snapshot.text(name)


def _quad(row: Row) -> ox.Quad:
    subject, predicate, graph = (ox.NamedNode(row[name].value) for name in ("s", "p", "g"))
    return ox.Quad(subject, predicate, _term(row["o"]), graph)


def _term(term: Term) -> ox.NamedNode | ox.Literal:
    if term.is_iri:
        return ox.NamedNode(term.value)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype)) if term.datatype else ox.Literal(term.value)
