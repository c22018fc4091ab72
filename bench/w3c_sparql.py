"""The W3C's SPARQL suites against a running service: the 1.1 Protocol, and query evaluation and syntax of 1.0 and 1.1.

    python bench/w3c_sparql.py PATH

PATH is a checkout of the repository w3c/rdf-tests. All data is published as one snapshot, a graph for each file, and
served by one process; every test names its dataset by the protocol's parameters. Evaluation is compared, in every
format, with pyoxigraph asked directly: what the service adds must change nothing. Names what differs, and why.
Updates, entailment and federated queries are not for an endpoint that only answers from its own graph.
"""

import csv
import http.client
import io
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import Namespace

from pipeline.load import load
from service.formats import RDF_FORMATS, RESULT_FORMATS
from service.guard import check
from service.problems import ProblemError

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
DESCRIPTION_TERMS = frozenset(
    [
        "Service",
        "Language",
        "Function",
        "Aggregate",
        "EntailmentRegime",
        "EntailmentProfile",
        "GraphCollection",
        "Dataset",
        "Graph",
        "NamedGraph",
        "Feature",
        "SPARQL10Query",
        "SPARQL11Query",
        "SPARQL11Update",
        "DereferencesURIs",
        "UnionDefaultGraph",
        "RequiresDataset",
        "EmptyGraphs",
        "BasicFederatedQuery",
        "endpoint",
        "feature",
        "defaultEntailmentRegime",
        "entailmentRegime",
        "defaultSupportedEntailmentProfile",
        "supportedEntailmentProfile",
        "extensionFunction",
        "extensionAggregate",
        "languageExtension",
        "supportedLanguage",
        "propertyFeature",
        "defaultDataset",
        "availableGraphs",
        "resultFormat",
        "inputFormat",
        "defaultGraph",
        "namedGraph",
        "name",
        "graph",
    ]
)
CNT = Namespace("http://www.w3.org/2011/content#")
BASE = "http://w3.example/"
NOTHING = f"{BASE}nothing"  # stands in the dataset of a test that has no data: the protocol cannot ask for none
THING = ox.Triple(*[ox.NamedNode(f"{BASE}thing")] * 3)
FOREIGN = {"entailment", "service", "service-description", "graph-store-protocol", "http-rdf-update", "protocol"}
SERVER = "import sys\nfrom pathlib import Path\nfrom service.serve import run\nrun(Path(sys.argv[1]), port=0)\n"
RDF_SUFFIXES = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}


@dataclass(frozen=True)
class Test:
    """One test of a manifest: `kind` is the local name of its class; `default` and `named` are graph IRIs."""

    name: str
    kind: str
    query: str
    default: tuple[str, ...]
    named: tuple[str, ...]


@dataclass
class Score:
    agreed: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def note(self, kind: str, name: str, fault: str) -> None:
        if fault:
            self.failed.append(f"{kind} {name}: {fault}")
        else:
            self.agreed[kind] += 1


def main(checkout: Path) -> None:
    root = checkout / "sparql"
    tests = [test for version in ("sparql10", "sparql11") for test in tests_of(root / version, root)]
    graphs = {iri: graph_of(root, iri) for test in tests for iri in (*test.default, *test.named, *named_in(test.query))}
    with tempfile.TemporaryDirectory() as folder:
        publish(Path(folder), root, graphs)
        process = subprocess.Popen([sys.executable, "-c", SERVER, folder], stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split(" at ")[1].strip() + "sparql"
            time.sleep(2)
            protocol, begun = Score(), time.perf_counter()
            run_protocol(root / "sparql11" / "protocol", url, protocol)
            run_description(url, protocol)
            evaluation = Score()
            with httpx.Client(timeout=60) as client:
                for test in tests:
                    evaluation.note(test.kind, test.name, evaluate(client, url, test, graphs))
            seconds = time.perf_counter() - begun
        finally:
            process.terminate()
            process.wait()
    for title, score in (("Protocol", protocol), ("Evaluation and syntax, held against the engine", evaluation)):
        print(f"{title}: {sum(score.agreed.values())} of {sum(score.agreed.values()) + len(score.failed)}")
        for kind, number in sorted(score.agreed.items()):
            print(f"  {kind}: {number}")
        for line in score.failed:
            print(f"  not: {line[:300]}")
    print(f"{seconds:.0f} s")


def tests_of(folder: Path, root: Path) -> Iterator[Test]:
    """The query tests of every manifest below a folder, each once."""
    for manifest in sorted(folder.glob("*/manifest.ttl")):
        if manifest.parent.name in FOREIGN:
            continue
        place = f"{BASE}{manifest.parent.relative_to(root)}/"
        graph = rdflib.Graph().parse(manifest, format="turtle", publicID=f"{place}manifest.ttl")
        for entry in [node for entries in graph.objects(None, MF.entries) for node in Collection(graph, entries)]:
            kind = str(graph.value(entry, rdflib.RDF.type)).rpartition("#")[2]
            action = graph.value(entry, MF.action)
            name = f"{manifest.parent.relative_to(root)} {graph.value(entry, MF.name)}"
            if kind in {"QueryEvaluationTest", "CSVResultFormatTest"}:
                default = tuple(sorted(map(str, graph.objects(action, QT.data))))
                named = tuple(sorted(map(str, graph.objects(action, QT.graphData))))
                yield Test(name, kind, query_text(root, str(graph.value(action, QT.query))), default, named)
            elif "Syntax" in kind and "Update" not in kind:
                yield Test(name, kind, query_text(root, str(action)), (), ())


def query_text(root: Path, iri: str) -> str:
    return f"BASE <{iri}>\n" + (root / iri.removeprefix(BASE)).read_bytes().decode("utf-8")


def named_in(query: str) -> list[str]:
    """The graphs after FROM; none where the query is refused anyway."""
    try:
        return [iri for iri, _ in check(query).graphs]
    except ProblemError:
        return []


def graph_of(root: Path, iri: str) -> list[ox.Triple]:
    """The triples of a file; one of our own where a syntax test names a graph that the suite does not have."""
    path = root / iri.removeprefix(BASE)
    if not path.is_file():
        return [THING]
    parsed = ox.parse(path=path, format=RDF_SUFFIXES[path.suffix], base_iri=iri, rename_blank_nodes=True)
    return [quad.triple for quad in parsed]


def publish(out: Path, root: Path, graphs: dict[str, list[ox.Triple]]) -> None:
    quads = [ox.Quad(*triple, ox.NamedNode(iri)) for iri, triples in graphs.items() for triple in triples]
    kasei = "http://kasei.us/2009/09/sparql/data/data"
    for number in (1, 2, 3):
        path = root / "sparql11" / "protocol" / f"data{number}.nt"
        quads += [ox.Quad(*quad.triple, ox.NamedNode(f"{kasei}{number}.rdf")) for quad in ox.parse(path=path)]
    quads += [ox.Quad(*THING, ox.NamedNode(iri)) for iri in (NOTHING, f"{kasei}0.rdf")]
    dump = out / "all.nq"
    dump.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    load([dump], out)


def evaluate(client: httpx.Client, url: str, test: Test, graphs: dict[str, list[ox.Triple]]) -> str:
    """What differs between the service and the engine, empty where nothing does."""
    store = ox.Store()
    for iri in test.default:
        store.extend(ox.Quad(*triple) for triple in graphs[iri])
    for iri in test.named:
        store.extend(ox.Quad(*triple, ox.NamedNode(iri)) for triple in graphs[iri])
    try:
        checked = check(test.query)
    except ProblemError as refusal:
        answer = client.get(url, params={"query": test.query})
        return "" if answer.status_code == 400 and _not_ours(test, refusal) else f"refused ({refusal})"
    parameters: list[tuple[str, str]] = []
    if checked.graphs:
        for iri, _ in checked.graphs:
            store.extend(ox.Quad(*triple, ox.NamedNode(iri)) for triple in graphs.get(iri, ()))
    else:
        parameters = [("default-graph-uri", iri) for iri in test.default if graphs[iri]]
        parameters += [("named-graph-uri", iri) for iri in test.named if graphs[iri]]
        if not parameters:
            parameters = [("named-graph-uri", NOTHING)]
            store.add(ox.Quad(*THING, ox.NamedNode(NOTHING)))
    fields = [("query", test.query), *parameters]
    formats = RDF_FORMATS if checked.answers_graph else RESULT_FORMATS
    for form in sorted(formats):
        try:
            direct = store.query(test.query)
        except (SyntaxError, RuntimeError, ValueError, OSError) as error:
            answer = client.get(url, params=fields)
            expected = 400 if isinstance(error, SyntaxError) else 500
            return "" if answer.status_code == expected else f"{answer.status_code} for {error}"
        answer = client.get(url, params=[*fields, ("format", form)])
        if answer.status_code != 200:
            return f"{form} {answer.status_code} {answer.text[:200]}"
        if not isinstance(direct, ox.QueryBoolean) and "ducha-rows" not in answer.headers:
            return "no Ducha-Rows"
        if fault := _difference(direct, answer, form, checked.volatile):
            return f"{form}: {fault}"
    return ""


def _not_ours(test: Test, refusal: ProblemError) -> bool:
    """Whether the test wants the query refused, or it is one that this endpoint refuses to all: SERVICE, updates."""
    return "Negative" in test.kind or refusal.kind in {"service", "update"}


def _difference(direct: object, answer: httpx.Response, form: str, volatile: bool) -> str:
    if isinstance(direct, ox.QueryTriples):
        told = [quad.triple for quad in ox.parse(answer.content, RDF_FORMATS[form])]
        ours, theirs = ox.Dataset(map(_quad, told)), ox.Dataset(map(_quad, direct))
        if int(answer.headers["ducha-rows"]) < len(theirs):
            return "rows miscounted"
    elif form == "csv":
        return "" if volatile or isinstance(direct, ox.QueryBoolean) else _csv_difference(direct, answer)
    else:
        parsed = ox.parse_query_results(answer.content, RESULT_FORMATS[form])
        if isinstance(direct, ox.QueryBoolean):
            return "" if bool(parsed) == bool(direct) else "another truth"
        rows, expected = _rows(parsed), _rows(direct)
        if len(rows) != int(answer.headers["ducha-rows"]):
            return f"{len(rows)} rows, {answer.headers['ducha-rows']} counted"
        if volatile and len(rows) == len(expected):
            return ""
        if not any(isinstance(term, ox.BlankNode) for row in expected for _, term in row):
            return "" if Counter(rows) == Counter(expected) else f"{rows[:2]} for {expected[:2]}"
        ours, theirs = _dataset(rows), _dataset(expected)
    for dataset in (ours, theirs):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return "" if ours == theirs else "another graph"


def _csv_difference(direct: object, answer: httpx.Response) -> str:
    """CSV keeps values without types; blank nodes are any name that begins with `_:`."""
    assert isinstance(direct, ox.QuerySolutions)
    names = [variable.value for variable in direct.variables]
    expected = [[_value(row[name]) for name in names] for row in direct]
    header, *rows = csv.reader(io.StringIO(answer.text, newline=""))
    told = [["_:" if cell.startswith("_:") else cell for cell in row or [""] * len(names)] for row in rows]
    if header != names or int(answer.headers["ducha-rows"]) != len(expected):
        return f"{header}, {answer.headers['ducha-rows']} rows for {names}, {len(expected)} rows"
    return "" if Counter(map(tuple, told)) == Counter(map(tuple, expected)) else f"{told[:2]} for {expected[:2]}"


def _value(term: object) -> str:
    if isinstance(term, ox.BlankNode):
        return "_:"
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal)) else ""


def _quad(triple: ox.Triple) -> ox.Quad:
    return ox.Quad(*triple)


def _rows(solutions: object) -> list[tuple[tuple[str, object], ...]]:
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [tuple((name, row[name]) for name in sorted(names) if row[name] is not None) for row in solutions]


def _dataset(rows: list[tuple[tuple[str, object], ...]]) -> ox.Dataset:
    """The solutions as triples, so that their blank nodes can be compared by isomorphism."""
    dataset = ox.Dataset()
    for row in rows:
        node = ox.BlankNode()
        for name, term in row:
            dataset.add(ox.Quad(node, ox.NamedNode(f"{BASE}{name}"), term))  # type: ignore[arg-type]
    return dataset


def run_protocol(folder: Path, url: str, score: Score) -> None:
    """Sends every request of the protocol suite. An update must be refused, whatever the suite expects of it."""
    graph = rdflib.Graph().parse(folder / "manifest.ttl", format="turtle", publicID=f"{BASE}protocol")
    for entry in [node for entries in graph.objects(None, MF.entries) for node in Collection(graph, entries)]:
        name = str(entry).rpartition("#")[2] or str(entry)
        requests = Collection(graph, graph.value(graph.value(entry, MF.action), HT.requests))
        update = name.startswith("update")
        faults = [send(graph, request, url, refused=update) for request in list(requests)[: 1 if update else None]]
        score.note("updates, refused" if update else "queries", name, "; ".join(filter(None, faults)))


def run_description(url: str, score: Score) -> None:
    """The three tests of the service description: it is RDF, names the endpoint, and keeps to its vocabulary."""
    answer = httpx.get(url, timeout=20)
    media_type = answer.headers["content-type"].partition(";")[0]
    kind = next((form for form in RDF_FORMATS.values() if form.media_type == media_type), None)
    score.note("descriptions", "returns-rdf", "" if kind else f"{media_type} is no RDF")
    graph = rdflib.Graph().parse(answer.content, format=media_type)
    endpoints = [*graph.subjects(SD.endpoint, rdflib.URIRef(url))]
    score.note("descriptions", "has-endpoint-triple", "" if endpoints else "does not name its address")
    terms = {str(term) for triple in graph for term in triple[1:] if str(term).startswith(str(SD))}
    foreign = sorted(term for term in terms if term.removeprefix(str(SD)) not in DESCRIPTION_TERMS)
    score.note("descriptions", "conforms-to-schema", f"unknown: {foreign}" if foreign else "")


def send(graph: rdflib.Graph, request: rdflib.term.Node, url: str, *, refused: bool) -> str:
    """Sends one request of the suite; says what is wrong with the answer."""
    place = urlsplit(url)
    target = str(graph.value(request, HT.absolutePath)).replace("/sparql/", place.path, 1)
    headers, body = {}, None
    if (content := graph.value(request, HT.body)) is not None:
        encoding = str(graph.value(content, CNT.characterEncoding))
        body = str(graph.value(content, CNT.chars)).encode(encoding)
    if (given := graph.value(request, HT.headers)) is not None:
        for header in Collection(graph, given):
            headers[str(graph.value(header, HT.fieldName))] = str(graph.value(header, HT.fieldValue))
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    connection.request(str(graph.value(request, HT.methodName)), target, body, headers)
    answer = connection.getresponse()
    told, media_type = answer.read(), (answer.getheader("content-type") or "").partition(";")[0]
    connection.close()
    wanted = graph.value(request, HT.resp)
    classes = {str(status)[-3] for status in graph.objects(wanted, MF.expectedStatus)}
    if str(answer.status)[0] not in ({"4"} if refused else classes):
        return f"status {answer.status}: {told[:200]!r}"
    if refused or (form := graph.value(wanted, MF.expectedFormat)) is None:
        return ""
    if str(form) == "RDF":
        return "" if media_type in {one.media_type for one in RDF_FORMATS.values()} else f"{media_type} is no RDF"
    results = ox.parse_query_results(told, next(f for f in RESULT_FORMATS.values() if f.media_type == media_type))
    if isinstance(results, ox.QueryBoolean) != (str(form) == "boolean"):
        return "another form of results"
    truth = graph.value(wanted, MF.expectedBoolean)
    return "" if truth is None or bool(results) == truth.toPython() else f"{bool(results)} for {truth}"  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
