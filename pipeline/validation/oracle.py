"""pySHACL's verdict on the same rules: the oracle that the engine of `pipeline/validation/validate.py` is held against.

It is slower by one to two orders of magnitude, so it takes no part in a build: tests ask it, and `ducha check --oracle`.
"""

import logging
from collections.abc import Iterable
from functools import cache
from typing import Any

import pyoxigraph as ox
import pyshacl
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from pipeline.validation.findings import Hit, Term, store_of, told
from pipeline.validation.report import Finding
from pipeline.validation.shapes import shape_triples

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"

# rdflib logs a traceback for every ill-typed literal; the shapes report the same literal in a sentence.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)


class _PreparingGraph(Graph):
    """An rdflib graph that parses a query once: pySHACL asks the same text again for every focus node and document,
    and parsing takes longer than answering."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """As `rdflib.Graph.query`."""
        prepared = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


@cache
def _prepared(text: str) -> Query:
    return prepareQuery(text)


def check(triples: list[ox.Triple], *names: str) -> tuple[Finding, ...]:
    """The findings of the rules of some rooms in any triples, in order: as `pipeline.validation.validate.check`, by pySHACL.

    Raises RuntimeError when pySHACL cannot carry out a rule: that is a fault of the rule, never of the data.
    """
    data = rdflib_graph(triples, _PreparingGraph())
    _, results, text = pyshacl.validate(
        data, shacl_graph=shapes_graph(*names), inplace=True, advanced=False, inference="none"
    )
    if not isinstance(results, Graph):
        raise RuntimeError(f"shapes: pySHACL stopped: {text}")
    hits = {_hit(results, result): None for result in results.subjects(RDF.type, SH.ValidationResult)}
    return told(hits, store_of(triples))


@cache
def shapes_graph(*names: str) -> Graph:
    """The rules of some rooms as an rdflib graph. Parsed once, never changed."""
    return rdflib_graph(shape_triples(*names))


def rdflib_graph(triples: Iterable[ox.Triple], graph: Graph | None = None) -> Graph:
    """The triples in rdflib's terms; lexical forms are untouched."""
    graph = Graph() if graph is None else graph
    for triple in triples:
        graph.add((_node(triple.subject), _node(triple.predicate), _node(triple.object)))
    return graph


def _node(term: object) -> Node:
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal(language=str(language)):
            return Literal(term.value, lang=language)
        case ox.Literal():
            datatype = None if term.datatype.value == _XSD_STRING else URIRef(term.datatype.value)
            return Literal(term.value, datatype=datatype, normalize=False)
    raise TypeError(f"{term}: RDF 1.2 triple terms have no place in the graph (docs/graph.md)")


def _hit(results: Graph, result: Node) -> Hit:
    path, value = results.value(result, SH.resultPath), results.value(result, SH.value)
    return Hit(
        shape=str(results.value(result, SH.sourceShape)),
        component=str(results.value(result, SH.sourceConstraintComponent)),
        focus=_term(results.value(result, SH.focusNode)),
        path=str(path) if isinstance(path, URIRef) else None,
        value=_term(value) if value is not None else None,
    )


def _term(node: Node | None) -> Term:
    match node:
        case URIRef():
            return ox.NamedNode(str(node))
        case BNode():
            return ox.BlankNode(str(node))
        case Literal(language=str(language)):
            return ox.Literal(str(node), language=language)
        case Literal():
            return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype or _XSD_STRING)))
    raise TypeError(f"{node} is no term of a result")
