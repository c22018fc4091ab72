"""What a remote store says has been published in it, what it really holds, and whether the two agree.

The graph `<base>graph/published` (the marker) lists every graph with its number of triples and a digest, and names the
version. The version is written last and taken away first: without it, nothing there is to be believed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from pipeline.description.statements import DCAT, VOID
from pipeline.errors import EndpointError
from pipeline.remote.endpoint import Client, check_address
from pipeline.serialise import lines
from pipeline.vocabulary import PREFIXES, graph_iri

DEFAULT = ""  # the default graph, where graphs are named by their IRI
SD = "http://www.w3.org/ns/sparql-service-description#"
PUBLISH = "publish again with `ducha publish`"
_HEAD = f"PREFIX dcat: <{DCAT}> PREFIX void: <{VOID}> PREFIX sd: <{SD}> PREFIX dcterms: <{PREFIXES['dcterms']}>\n"


@dataclass(frozen=True)
class Part:
    """A graph's number of triples, and a digest that does not depend on their order; empty where it is not known."""

    triples: int
    digest: str


@dataclass(frozen=True)
class Published:
    """The marker: the version (empty while one is being published), each graph's part, and whether the server makes
    its default graph of all named ones."""

    version: str
    parts: Mapping[str, Part]
    union: bool

    def triples(self, base: str) -> bytes:
        """The marker's triples as N-Triples."""
        marker = graph_iri(base, "published")
        found = [_literal(f"{base}dataset", f"{DCAT}version", self.version)] if self.version else []
        if self.union:
            found.append(
                ox.Triple(ox.NamedNode(marker), ox.NamedNode(f"{SD}feature"), ox.NamedNode(f"{SD}UnionDefaultGraph"))
            )
        for number, (name, part) in enumerate(sorted(self.parts.items())):
            node = f"{marker}#{number}"
            found.append(_literal(node, f"{VOID}triples", part.triples))
            found.append(_literal(node, f"{PREFIXES['dcterms']}identifier", part.digest))
            if name:
                found.append(ox.Triple(ox.NamedNode(node), ox.NamedNode(f"{SD}name"), ox.NamedNode(name)))
        return b"".join(lines(ox.Quad(one.subject, one.predicate, one.object) for one in found))


def _literal(subject: str, predicate: str, value: str | int) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.Literal(value))


def find_query(client: Client, url: str) -> str:
    """The address that answers queries: the one given, or `/query` or `/sparql` below it. Raises EndpointError."""
    url = check_address(url)
    first: EndpointError | None = None
    for address in (url, f"{url}/query", f"{url}/sparql"):
        try:
            client.ask(address, "ASK { }")
        except EndpointError as error:
            if error.status in {0, 401, 403} or error.status >= 500:
                raise
            first = first or error
        else:
            return address
    assert first is not None  # noqa: S101 - three addresses were tried
    remedy = "name the address of its SPARQL queries; /query and /sparql below this one were tried too"
    raise EndpointError(url, first.problem, remedy, first.status)


def read_published(client: Client, query: str, base: str) -> Published | None:
    """The marker, None where there is none. Raises EndpointError, also for a marker that was not written by us."""
    marker = graph_iri(base, "published")
    rows = client.select(
        query,
        f"{_HEAD}SELECT ?name ?triples ?digest {{ GRAPH <{marker}> {{ ?part void:triples ?triples ;"
        " dcterms:identifier ?digest . OPTIONAL { ?part sd:name ?name } } }",
    )
    if not rows:
        return None
    version = client.select(query, f"{_HEAD}SELECT ?v {{ GRAPH <{marker}> {{ <{base}dataset> dcat:version ?v }} }}")
    union = client.ask(query, f"{_HEAD}ASK {{ GRAPH <{marker}> {{ <{marker}> sd:feature sd:UnionDefaultGraph }} }}")
    try:
        parts = {_value(row["name"]): Part(int(_value(row["triples"])), _value(row["digest"])) for row in rows}
    except ValueError:
        raise EndpointError(query, f"holds a graph <{marker}> that is not ours", "give an empty dataset") from None
    return Published(_value(version[0]["v"]) if len(version) == 1 else "", parts, union)


def holds(base: str, version: str) -> str:
    """A query that asks whether the store holds this version, whole."""
    return f'{_HEAD}ASK {{ GRAPH <{graph_iri(base, "published")}> {{ <{base}dataset> dcat:version "{version}" }} }}'


def count_graphs(client: Client, query: str) -> dict[str, int]:
    """Graph → number of its triples as the server counts them, the default graph among them. Raises EndpointError."""
    rows = client.select(query, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    # An engine may answer a group of nothing by one row without a graph.
    counts = {_value(row["g"]): int(_value(row["n"])) for row in rows if row["g"] is not None}
    counts[DEFAULT] = count_graph(client, query, DEFAULT)
    return counts


def count_graph(client: Client, query: str, graph: str) -> int:
    """The number of triples of one graph. Raises EndpointError."""
    body = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
    (row,) = client.select(query, f"SELECT (COUNT(*) AS ?n) {{ {body} }}")
    return int(_value(row["n"]))


def disagreement(published: Published, counts: Mapping[str, int], base: str, ignored: Iterable[str] = ()) -> str:
    """In what the store differs from its marker, in words; empty where it does not."""
    marker = graph_iri(base, "published")
    expected = {name: part.triples for name, part in published.parts.items()}
    if published.union:
        expected[DEFAULT] = expected.get(DEFAULT, 0) + counts.get(marker, 0)
    for name in sorted({*expected, *counts} - {marker, *ignored}):
        there, wanted = counts.get(name, 0), expected.get(name, 0)
        if there != wanted:
            where = f"the graph <{name}>" if name else "the default graph"
            if not name and published.union and there > wanted:
                return f"its default graph counts a triple once for every graph that holds it ({there} instead of {wanted})"
            return f"{where} has {there} triples, {wanted} were published"
    return ""


def check_published(client: Client, query: str, base: str, version: str) -> Published:
    """The marker, when it names this version and the graphs agree with it. Raises EndpointError."""
    published = read_published(client, query, base)
    if published is None:
        raise EndpointError(query, f"holds nothing published under {base}", "publish to it with `ducha publish`")
    if not published.version:
        raise EndpointError(query, "holds a version that was not published to its end", PUBLISH)
    if published.version != version:
        raise EndpointError(query, f"holds version {published.version}, --out is at {version}", PUBLISH)
    staged = graph_iri(base, "incoming", "")
    counts = count_graphs(client, query)
    if problem := disagreement(published, counts, base, {name for name in counts if name.startswith(staged)}):
        raise EndpointError(query, problem, PUBLISH)
    return published


def _value(term: object) -> str:
    return str(term.value) if isinstance(term, (ox.Literal, ox.NamedNode, ox.BlankNode)) else ""
