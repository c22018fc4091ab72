"""SPARQLWrapper and rdflib's SPARQLStore: every way of asking and every format gives what the store itself answers."""

import csv
import io
import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import Result
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from pipeline.snapshot import current_snapshot
from pipeline.vocabulary import DEFAULT_BASE, DU, PREFIXES

ROOT = Path(__file__).parents[2]
DUCHA = Namespace(DU)
GUILIN = f"{DEFAULT_BASE}region/450300"
REGIONS, CONCEPTS = f"{DEFAULT_BASE}graph/regions", f"{DEFAULT_BASE}graph/concepts"
HEAD = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("du", "rdfs"))
SELECT = f"""{HEAD}SELECT ?target ?city ?due ?share ?value WHERE {{
  ?target a du:Target ; du:due ?due ; du:cumulativeShare ?share ; du:inPlan/du:region/rdfs:label ?city .
  OPTIONAL {{ ?target du:value ?value }}
}} ORDER BY ?target ?city ?due ?share ?value"""
PLANS = f"{HEAD}SELECT ?plan ?title WHERE {{ ?plan a du:Plan ; rdfs:label ?title }} ORDER BY ?plan"
CONSTRUCT = f"{HEAD}CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s a du:City ; ?p ?o . VALUES ?s {{ <{GUILIN}> }} }}"
DESCRIBE = f"DESCRIBE <{GUILIN}>"
WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]


# SPARQLWrapper calls a class of rdflib that rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")


@pytest.fixture(scope="module")
def store(five: Any) -> ox.Store:
    return ox.Store.read_only(str(current_snapshot(five).store_path))


def rows(store: ox.Store, query: str, **dataset: Any) -> list[tuple[Any, ...]]:
    """The rows as tuples of pyoxigraph's own terms."""
    return [tuple(row) for row in store.query(query, **dataset)]


def triples(store: ox.Store, query: str) -> set[tuple[str, ...]]:
    return {tuple(map(str, triple)) for triple in store.query(query)}


def told(graph: Graph) -> set[tuple[str, ...]]:
    """The triples of an rdflib graph, written as pyoxigraph writes them."""
    data = graph.serialize(format="nt")
    return {tuple(map(str, quad.triple)) for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)}


def ask(server: Any, query: str, form: str, way: tuple[str, str] = WAYS[0], conneg: bool = False) -> Any:
    """What SPARQLWrapper makes of the answer."""
    client = SPARQLWrapper(f"{server.url}/sparql")
    client.setQuery(query)
    client.setReturnFormat(form)
    client.setMethod(way[0])
    client.setRequestMethod(way[1])
    client.setOnlyConneg(conneg)
    return client.query().convert()


def json_term(value: dict[str, str] | None) -> Any:
    if value is None:
        return None
    if value["type"] == "uri":
        return ox.NamedNode(value["value"])
    if "xml:lang" in value:
        return ox.Literal(value["value"], language=value["xml:lang"])
    return ox.Literal(value["value"], datatype=ox.NamedNode(value["datatype"]) if "datatype" in value else None)


@pytest.mark.parametrize("conneg", [False, True], ids=["parameters", "accept"])
@pytest.mark.parametrize("way", WAYS, ids=["get", "form", "direct"])
class TestWrapper:
    """SPARQLWrapper repeats the format under three names, some twice, unless it is told to use Accept alone."""

    def test_tables(self, cities, store, way, conneg):
        expected = rows(store, SELECT)
        assert len(expected) > 10
        answer = ask(cities, SELECT, JSON, way, conneg)
        names = answer["head"]["vars"]
        found = [tuple(json_term(row.get(name)) for name in names) for row in answer["results"]["bindings"]]
        assert found == expected
        document = ask(cities, SELECT, XML, way, conneg)
        parsed = ox.parse_query_results(document.toxml().encode(), format=ox.QueryResultsFormat.XML)
        assert list(map(tuple, parsed)) == expected
        parsed = ox.parse_query_results(ask(cities, SELECT, TSV, way, conneg), format=ox.QueryResultsFormat.TSV)
        assert list(map(tuple, parsed)) == expected
        table = list(csv.reader(io.StringIO(ask(cities, SELECT, CSV, way, conneg).decode())))
        assert table[1:] == [[term.value if term else "" for term in row] for row in expected]

    def test_yes_and_no(self, cities, way, conneg):
        for city, truth in (("桂林市", True), ("北京", False)):
            query = f'{HEAD}ASK {{ ?plan a du:Plan ; du:region/rdfs:label "{city}"@zh }}'
            assert ask(cities, query, JSON, way, conneg)["boolean"] is truth
            (said,) = ask(cities, query, XML, way, conneg).getElementsByTagName("boolean")
            assert said.firstChild.data == str(truth).lower()

    @pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["construct", "describe"])
    @pytest.mark.parametrize("form", [XML, RDFXML, TURTLE, N3, JSONLD])
    def test_graphs(self, cities, store, way, conneg, query, form):
        expected = triples(store, query)
        assert any('"桂林市"@zh' in triple for triple in expected)
        answer = ask(cities, query, form, way, conneg)
        if isinstance(answer, bytes):
            answer = Graph().parse(answer, format="turtle")
        assert told(answer) == expected


def test_wrapper_names_graphs(cities, store):
    query = f"{HEAD}SELECT (COUNT(*) AS ?n) WHERE {{ ?s a du:City }}"
    within = f"{HEAD}SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s a du:City }} }}"
    for way in WAYS[:2]:
        for name, text in (("default-graph-uri", query), ("named-graph-uri", within)):
            counts = []
            for graph in (REGIONS, CONCEPTS):
                client = SPARQLWrapper(f"{cities.url}/sparql", returnFormat=JSON)
                client.setQuery(text)
                client.setMethod(way[0])
                client.addParameter(name, graph)
                (row,) = client.queryAndConvert()["results"]["bindings"]
                counts.append(int(row["n"]["value"]))
            (known,) = rows(store, query, default_graph=ox.NamedNode(REGIONS))
            assert counts == [int(known[0].value), 0]
            assert counts[0] > 0


def test_wrapper_asks_for_a_graph_as_json(cities, store):
    """JSON of a graph is JSON-LD, whether the client calls it so or not."""
    with pytest.warns(RuntimeWarning, match="unexpected returned format"):
        answer = ask(cities, CONSTRUCT, JSON)
    assert told(answer) == triples(store, CONSTRUCT)


def test_wrapper_tells_what_is_wrong(cities):
    with pytest.raises(QueryBadFormed, match="line 1, column"):
        ask(cities, "SELECT ?s WHERE { ?s ?p ", JSON)


def as_oxigraph(term: Any) -> Any:
    """An rdflib term as pyoxigraph's, with the lexical form as it came."""
    if term is None:
        return None
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    return ox.Literal(str(term), language=term.language) if term.language else typed(term)


def typed(term: Literal) -> ox.Literal:
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "tsv", "csv"])
def test_store_tables(cities, store, method, form):
    expected = rows(store, SELECT)
    answer = SPARQLStore(f"{cities.url}/sparql", returnFormat=form, method=method).query(SELECT)
    assert isinstance(answer, Result)
    found = [tuple(row) for row in answer]
    if form == "csv":
        assert [tuple(str(term) if term else "" for term in row) for row in found] == [
            tuple(term.value if term else "" for term in row) for row in expected
        ]
        return
    assert [tuple(map(as_oxigraph, row)) for row in found] == expected
    shares = [row[3].toPython() for row in found]
    assert all(isinstance(share, Decimal) for share in shares)
    assert Decimal("64.71") in shares


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_store_graphs_and_truths(cities, store, method):
    endpoint = SPARQLStore(f"{cities.url}/sparql", method=method)
    for query in (CONSTRUCT, DESCRIBE):
        assert told(endpoint.query(query).graph) == triples(store, query)
    assert endpoint.query("ASK { ?s ?p ?o }").askAnswer is True
    assert endpoint.query(f"{HEAD}ASK {{ ?s a du:Nothing }}").askAnswer is False


def test_a_graph_over_the_endpoint_reads_as_a_graph_in_memory(cities, store):
    endpoint = SPARQLStore(f"{cities.url}/sparql")
    everything, guilin = Graph(endpoint), URIRef(GUILIN)
    assert everything.value(guilin, DUCHA.adcode) == Literal("450300")
    assert Literal("桂林市", lang="zh") in set(everything.objects(guilin, RDFS.label))
    assert (guilin, RDF.type, DUCHA.City) in everything
    assert (guilin, RDF.type, DUCHA.Plan) not in everything
    bound = everything.query("SELECT ?label { ?s rdfs:label ?label }", initBindings={"s": guilin})
    assert {str(row.label) for row in bound} >= {"桂林市"}
    ((known,),) = rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert len(everything) == int(known.value)


def test_named_graphs_over_the_endpoint(cities, store):
    endpoint = SPARQLStore(f"{cities.url}/sparql")
    names = {str(row[0].value) for row in rows(store, "SELECT ?g { GRAPH ?g { } }")}
    assert {str(getattr(one, "identifier", one)) for one in endpoint.contexts()} == names
    regions = Graph(endpoint, identifier=REGIONS)
    ((known,),) = rows(store, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{REGIONS}> {{ ?s ?p ?o }} }}")
    assert len(regions) == int(known.value)
    assert len(Graph(endpoint, identifier=CONCEPTS)) not in {0, int(known.value)}


def test_a_store_is_told_of_a_wrong_query(cities):
    status, message, _ = SPARQLStore(f"{cities.url}/sparql", method="POST").query("SELECT {")
    assert (status, message) == (400, "HTTP Error 400: Bad Request")
    assert json.loads(cities.query("SELECT {").content)["line"] == 1


@pytest.mark.parametrize("language", ["python", "sh"])
def test_the_snippets_of_the_documentation_work(cities, store, language):
    page = (ROOT / "docs" / "service.md").read_text("utf-8").partition("## Clients")[2].partition("\n## ")[0]
    snippets = re.findall(rf"```{language}\n(.*?)```", page, re.S)
    program = [sys.executable, "-c"] if language == "python" else ["sh", "-c"]
    expected = [[term.value for term in row] for row in rows(store, PLANS)]
    for snippet in snippets:
        command = [*program, snippet.replace("http://127.0.0.1:8000", cities.url)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=60)
        lines = [re.split("[ ,]", line, maxsplit=1) for line in done.stdout.splitlines()]
        assert [line for line in lines if line != ["plan", "title"]] == expected
    assert len(snippets) == {"python": 2, "sh": 1}[language]
