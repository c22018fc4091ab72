"""The ontology as files: the graphs of ontology and concepts, with blank nodes again where OWL expects them.

A snapshot has no blank nodes: class expressions carry IRIs of their place (docs/graph.md), which no OWL tool reads as
expressions. Every format holds the same triples.
"""

import re
from collections.abc import Iterable

import pyoxigraph as ox
import rdflib
from rdflib.term import Node

from pipeline.vocabulary import DU, PREFIXES
from service.dataset import Dataset
from service.formats import RDF_FORMATS
from service.ontology.words import OUTSIDE
from service.problems import MissingError, NotAcceptableError

GRAPHS = ("ontology", "concepts")
_TRIPLES = "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?g { UNDEF } GRAPH ?g { ?s ?p ?o } }"
_PLACE = re.compile(rf"{re.escape(DU.removesuffix('#'))}/ontology/(\w+)/node/(\w+)$")
_DECIMAL = ox.NamedNode(PREFIXES["xsd"] + "decimal")


async def ontology_triples(dataset: Dataset) -> list[ox.Triple]:
    """The triples of the ontology, sorted. Raises MissingError where the snapshot holds none."""
    triples: set[ox.Triple] = set()
    for name in GRAPHS:
        graph = ox.NamedNode(f"{dataset.base}graph/{name}")
        body = await dataset.ask_pages(_TRIPLES, "nt", g=graph)
        triples |= {_restored(quad.triple) for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)}
    if not triples:
        raise MissingError("/ontology", "this snapshot holds no ontology", "build one with `ducha build`")
    return sorted(triples, key=str)


def serialise(triples: Iterable[ox.Triple], form: str) -> bytes:
    """A file in a format of `service.formats`; the same triples give the same bytes."""
    if form not in ("ttl", "n3"):
        return ox.serialize(triples, format=RDF_FORMATS[form], prefixes=_prefixes() if form == "rdf" else None) or b""
    # rdflib nests class expressions and lists, as people read them.
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in _prefixes().items():
        graph.bind(prefix, namespace)
    for triple in triples:
        graph.add((_rdflib(triple.subject), _rdflib(triple.predicate), _rdflib(triple.object)))
    return graph.serialize(format="turtle", encoding="utf-8")


def _rdflib(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    """The same term; a blank node keeps its name, by which rdflib sorts."""
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, ox.Literal):
        kind = None if term.language else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=term.language, datatype=kind, normalize=False)
    raise NotAcceptableError("/ontology", "has a triple term, which Turtle 1.1 cannot hold", "ask for N-Triples")


def _prefixes() -> dict[str, str]:
    return dict(sorted({**PREFIXES, **OUTSIDE}.items()))


def _restored(triple: ox.Triple) -> ox.Triple:
    subject = _blank(triple.subject) if isinstance(triple.subject, ox.NamedNode) else triple.subject
    value = triple.object
    if isinstance(value, ox.NamedNode):
        value = _blank(value)
    elif isinstance(value, ox.Literal) and value.datatype == _DECIMAL and "." not in value.value:
        value = ox.Literal(f"{value.value}.0", datatype=_DECIMAL)  # the store drops the point that Turtle needs
    return ox.Triple(subject, triple.predicate, value)


def _blank(node: ox.NamedNode) -> ox.NamedNode | ox.BlankNode:
    place = _PLACE.match(node.value)
    return ox.BlankNode(f"{place[1]}{place[2]}") if place else node
