"""A table as RDF, in the result-set vocabulary of the W3C's SPARQL tests (`rs:`), for tools that read nothing else.

One `rs:ResultSet`, an `rs:solution` a row with its `rs:index` from 1, an `rs:binding` a bound variable.
"""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

FORMAT = "rs"
"""The name among `service.formats`: Turtle of the table, where `ttl` is Turtle of a graph."""
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")


def triples(names: list[str], rows: Iterable[ox.QuerySolution]) -> Iterator[ox.Triple]:
    """The triples of a table, row by row."""
    table = ox.BlankNode("table")
    yield ox.Triple(table, _TYPE, _rs("ResultSet"))
    for name in names:
        yield ox.Triple(table, _rs("resultVariable"), ox.Literal(name))
    for number, row in enumerate(rows, 1):
        solution = ox.BlankNode(f"r{number}")
        yield ox.Triple(table, _rs("solution"), solution)
        yield ox.Triple(solution, _rs("index"), ox.Literal(str(number), datatype=_INTEGER))
        for place, name in enumerate(names):
            if (value := row[name]) is not None:
                binding = ox.BlankNode(f"r{number}c{place}")
                yield ox.Triple(solution, _rs("binding"), binding)
                yield ox.Triple(binding, _rs("variable"), ox.Literal(name))
                yield ox.Triple(binding, _rs("value"), value)


def _rs(name: str) -> ox.NamedNode:
    return ox.NamedNode(RS + name)
