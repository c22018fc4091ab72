"""The RDF of a node: what is said of it, why, and what leads to it, in parts of bounded size that name the next one."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from pipeline.errors import Wording
from pipeline.serialise import turtle
from pipeline.vocabulary import PREFIXES
from service.dataset import Dataset
from service.formats import RDF_FORMATS
from service.jsonld import compact, read_context
from service.problems import BadRequestError, MissingError

PART = 5000
"""Triples of one part; a node with more has several."""
HYDRA = "http://www.w3.org/ns/hydra/core#"
_DEEPEST = 10_000  # parts

# The node, the assertions about it, the sentences behind both, the sentences of a document, and what leads to the node.
# An assertion's own parts lead to it too, and say no more than it does. Unsorted: to sort what leads to a basis or a
# region would take seconds, and the order of an immutable store does not change between two parts.
DESCRIPTION = """
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?a ?p ?o WHERE {
  { VALUES ?s { UNDEF } ?s ?p ?o . BIND(?s AS ?a) }
  UNION { SELECT DISTINCT ?a ?p ?o WHERE {
    { VALUES ?s { UNDEF } ?a rdf:subject ?s }
    UNION { VALUES ?s { UNDEF } ?s du:evidence ?a }
    UNION { VALUES ?s { UNDEF } ?assertion rdf:subject ?s ; du:evidence ?a }
    UNION { VALUES ?s { UNDEF } ?a du:document ?s }
    ?a ?p ?o
  } }
  UNION {
    VALUES ?s { UNDEF }
    ?a ?p ?s BIND(?s AS ?o)
    FILTER(?p NOT IN (rdf:subject, rdf:object, rdf:predicate, rdf:type, du:document))
  }
}
"""


@dataclass(frozen=True)
class Part:
    """Triples of a node, sorted, each once; `number` counts from 1, `last` says that no part follows."""

    iri: str
    triples: tuple[ox.Triple, ...]
    number: int
    last: bool

    def links(self, path: str) -> list[str]:
        """The Link header's entries for the parts before and after."""
        near = ([("prev", self.number - 1)] if self.number > 1 else []) + (
            [] if self.last else [("next", self.number + 1)]
        )
        return [f'<{path}?page={number}>; rel="{relation}"' for relation, number in near]

    def whole(self, address: str) -> tuple[ox.Triple, ...]:
        """The triples; where there are several parts, also that this is one of them, and which are next to it."""
        if self.last and self.number == 1:
            return self.triples
        here = ox.NamedNode(f"{address}?page={self.number}")
        about: list[tuple[str, ox.NamedNode | ox.Literal]] = [
            (f"{PREFIXES['rdf']}type", ox.NamedNode(f"{HYDRA}PartialCollectionView")),
            ("http://xmlns.com/foaf/0.1/primaryTopic", ox.NamedNode(self.iri)),
            (f"{PREFIXES['rdfs']}comment", ox.Literal(f"每部分至多 {PART} 条三元组,这是其一。", language="zh")),
            (f"{PREFIXES['rdfs']}comment", ox.Literal(f"One of several parts of {PART} triples.", language="en")),
        ]
        for name, step in (("previous", -1), ("next", 1)):
            if (step < 0 and self.number > 1) or (step > 0 and not self.last):
                about.append((HYDRA + name, ox.NamedNode(f"{address}?page={self.number + step}")))
        return (*self.triples, *(ox.Triple(here, ox.NamedNode(name), value) for name, value in about))


async def describe(dataset: Dataset, iri: str, number: int) -> Part:
    """One part of what the graph says of a node. Raises MissingError where there is no such part, and ProblemError."""
    first = (number - 1) * PART
    query = f"{DESCRIPTION}LIMIT {PART + 1} OFFSET {first}"
    body = await dataset.ask_pages(query, "json", s=ox.NamedNode(iri))
    found = await asyncio.to_thread(_triples, body)
    if not found and number > 1:
        subject = Wording("{iri}, page {n}", iri=iri, n=number)
        raise MissingError(subject, "is beyond the last", "begin with the first")
    triples = sorted({*found[:PART]}, key=lambda triple: _order(triple, iri))
    return Part(iri, tuple(triples), number, len(found) <= PART)


def _order(triple: ox.Triple, iri: str) -> tuple[bool, str, str, str]:
    """What is said of the node first."""
    return str(triple.subject) != f"<{iri}>", str(triple.subject), str(triple.predicate), str(triple.object)


def part_number(text: str | None) -> int:
    """The value of `page=`. Raises BadRequestError."""
    if text is None:
        return 1
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _DEEPEST):
        problem = Wording("{text!r} is no number of a page", text=text[:20])
        raise BadRequestError("page", problem, "give a whole number from 1")
    return int(text)


async def write(
    dataset: Dataset, triples: Sequence[ox.Triple], form: str, known: Mapping[str, str] = PREFIXES
) -> bytes:
    """The triples in a format of `service.formats`, with these prefixes; the same triples give the same bytes."""
    if form == "jsonld":
        context = await read_context(dataset)
        return await asyncio.to_thread(compact, triples, context)
    if form == "ttl":
        return await asyncio.to_thread(turtle, triples, known)
    prefixes = dict(sorted(known.items())) if form == "rdf" else None
    return await asyncio.to_thread(ox.serialize, triples, format=RDF_FORMATS[form], prefixes=prefixes) or b""


def _triples(body: bytes) -> list[ox.Triple]:
    results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(results, ox.QuerySolutions)  # noqa: S101 - narrows the type: a SELECT answers with solutions
    return [ox.Triple(row["a"], row["p"], row["o"]) for row in results]
