"""Every IRI of every class dereferences, in every format; what describes the dataset is true, valid, and found."""

import hashlib
import json
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import httpx
import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from pipeline.assets import asset_path
from pipeline.build import build
from pipeline.vocabulary import DU, PREFIXES
from tests.test_service.conftest import Server, start, stop

CLIENT = httpx.Client(timeout=30)
BASE = "https://w3id.org/ducha/"
RDF = PREFIXES["rdf"]
TYPES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
# Of every class three instances, the first in the order of IRIs, the middle one and the last, of each kind of IRI.
INSTANCES = "SELECT ?class ?s WHERE { ?s a ?class FILTER(isIRI(?s) && isIRI(?class)) } ORDER BY ?class ?s"
NAMED = "SELECT DISTINCT ?g WHERE { GRAPH ?g { } }"


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a build of the five documents."""
    out = tmp_path_factory.mktemp("five")
    assert build([asset_path("data", "documents")], out, reasoning=False).snapshot is not None
    running = start(out, workers=1, timeout=30, cache_bytes=1 << 20)
    yield running
    stop(running)


def selected(server: Server, query: str) -> list[dict[str, str]]:
    answer = server.query(query, "application/sparql-results+json")
    assert answer.status_code == 200, answer.text
    return [{name: term["value"] for name, term in row.items()} for row in answer.json()["results"]["bindings"]]


def shape(iri: str) -> str:
    """The kind of an IRI: its path with every key made a star."""
    return re.sub(r"[0-9a-f]{8,}|\d[\d,-]*|central-\d|x-\w+", "*", iri)


def instances(server: Server) -> dict[str, set[str]]:
    """Class → some of its instances, at least one of each kind of IRI."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in selected(server, INSTANCES):
        found.setdefault(row["class"], {}).setdefault(shape(row["s"]), []).append(row["s"])
    chosen = {}
    for name, kinds in found.items():
        picked = [one for _, iris in sorted(kinds.items())[:5] for one in (iris[0], iris[len(iris) // 2])]
        chosen[name] = set(picked) | {next(reversed(kinds.values()))[-1]}
    return chosen


def triples(body: bytes, suffix: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(body, format=ox.RdfFormat.from_extension(suffix))}


def canonical(found: set[ox.Triple]) -> set[ox.Triple]:
    if not any(isinstance(term, ox.BlankNode) for one in found for term in (one.subject, one.object)):
        return found
    data = ox.Dataset(ox.Quad(one.subject, one.predicate, one.object) for one in found)
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {quad.triple for quad in data}


@cache
def dereferenced(server: Server, document: str) -> tuple[frozenset[ox.Triple], tuple[str, ...]]:
    """What the RDF at an address says, and what is wrong with its answers."""
    path = "/" + document.removeprefix(BASE)
    wrong: list[str] = []
    answers: list[set[ox.Triple]] = []
    for suffix, media_type in {**TYPES, "html": "text/html"}.items():
        by_accept, by_suffix = (
            CLIENT.get(server.url + path, headers={"Accept": media_type}),
            CLIENT.get(f"{server.url}{path}.{suffix}"),
        )
        headers = by_accept.headers
        expected = {
            "status": (200, 200),
            "media type": media_type,
            "location": f"{path}.{suffix}",
            "link": {f'<{document}>; rel="canonical"', f'<{path}.html>; rel="alternate"; type="text/html"'},
        }
        links = set(headers.get("link", "").split(", "))
        found = {
            "status": (by_accept.status_code, by_suffix.status_code),
            "media type": headers["content-type"].split(";")[0],
            "location": headers.get("content-location"),
            "link": expected["link"] & links,
        }
        wrong += [f"{document} {suffix}: {name} {found[name]}" for name in expected if found[name] != expected[name]]
        if suffix != "html" and found["status"] == (200, 200):
            if by_accept.content != by_suffix.content:
                wrong.append(f"{document} {suffix}: differs by suffix")
            answers.append(canonical(triples(by_suffix.content, suffix)))
    if any(one != answers[0] for one in answers):
        wrong.append(f"{document}: {[len(one) for one in answers]} triples by format")
    return frozenset(answers[0] if answers else ()), tuple(wrong)


def problems(server: Server, iris: Iterable[str]) -> list[str]:
    """What is wrong with how our IRIs dereference."""
    wrong: list[str] = []
    for iri in sorted({iri for iri in iris if iri.startswith(BASE)} - {BASE, f"{BASE}sparql"}):  # a page, an endpoint
        found, faults = dereferenced(server, iri.partition("#")[0])
        wrong += faults
        if not any(one.subject == ox.NamedNode(iri) for one in found):
            wrong.append(f"{iri}: nothing is said of it")
    return wrong


@pytest.mark.slow
def test_every_iri_of_every_class_dereferences_in_every_format(five: Server) -> None:
    chosen = instances(five)
    kinds = {name.removeprefix(DU) for name in chosen if name.startswith(DU)}
    assert {
        "Region",
        "Supervision",
        "Plan",
        "Issue",
        "Measure",
        "Target",
        "Document",
        "Evidence",
        "Organization",
    } & kinds
    assert {"Assertion", "Gap", "Round", "Finding", "SupervisionTeam", "Post", "StatedCount"} <= kinds
    graphs = {row["g"] for row in selected(five, NAMED)}
    every = set().union(*chosen.values(), graphs)
    assert len(every) > 150
    assert problems(five, every) == []


@pytest.mark.slow
def test_every_iri_of_the_description_dereferences(five: Server) -> None:
    described = triples(five.get("/dcat.nt").content, "nt")
    pages = {one.subject for one in described if one.object.value == "http://xmlns.com/foaf/0.1/Document"}
    own = {one.subject.value for one in described if one.subject not in pages and one.subject.value.startswith(BASE)}
    assert {f"{BASE}catalog", f"{BASE}dataset", f"{BASE}sparql"} <= own
    assert problems(five, own) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own parser uses it
def test_a_context_makes_json_ld_readable_and_changes_nothing(five: Server) -> None:
    (issue,) = selected(five, f"SELECT ?s {{ ?s a <{DU}Issue> ; <{DU}due> ?d }} ORDER BY ?s LIMIT 1")
    path = "/" + issue["s"].removeprefix(BASE)
    body = five.get(f"{path}.jsonld").content
    node = next(node for node in json.loads(body)["@graph"] if node["id"] == issue["s"])
    assert "Issue" in node["type"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", node["due"])
    assert node["label"]["zh"]
    assert node["deadlineKind"].startswith("duc:deadline-")
    by_turtle = rdflib.Graph().parse(five.get(f"{path}.ttl").content, format="turtle")
    assert set(rdflib.Graph().parse(body, format="json-ld")) == set(by_turtle)
    whole = five.get("/ontology/context.jsonld")
    assert whole.headers["content-type"] == "application/ld+json"
    context = whole.json()["@context"]
    used = json.loads(body)["@context"]
    assert used.items() <= context.items()
    assert context["leadOrganization"] == {"@id": f"{DU}leadOrganization", "@type": "@id"}
    assert context["due"]["@type"] == "http://www.w3.org/2001/XMLSchema#date"


@pytest.mark.slow
def test_what_describes_the_dataset_conforms_to_its_shapes(five: Server) -> None:
    data = rdflib.Graph().parse(five.get("/.well-known/void").content, format="turtle")
    shapes = rdflib.Graph().parse(Path(__file__).parents[1] / "description-shapes.ttl")
    conforms, _, text = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    assert conforms, text
    data.remove((None, rdflib.URIRef("http://www.w3.org/ns/dcat#byteSize"), None))
    assert not pyshacl.validate(data, shacl_graph=shapes, inference="none")[0]


@pytest.mark.slow
def test_the_counts_of_the_description_are_those_of_the_data(five: Server) -> None:
    own = f"FILTER NOT EXISTS {{ GRAPH <{BASE}graph/description> {{ ?s ?p ?o }} }}"
    head = "PREFIX void: <http://rdfs.org/ns/void#> "
    parts = selected(
        five,
        head
        + "SELECT ?class ?n { ?d void:sparqlEndpoint ?e ; void:classPartition ?c . ?c void:class ?class ; void:entities ?n }",
    )
    assert len(parts) > 30
    for part in parts[::5]:
        counted = f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o VALUES (?p ?o) {{ (<{RDF}type> <{part['class']}>) }} {own} }}"
        assert selected(five, counted) == [{"n": part["n"]}], part
    pattern = f"?c void:class <{DU}Target> ; void:propertyPartition ?u . ?u void:property <{DU}belongsTo> ; void:classPartition ?t . ?t void:class ?class ; void:triples ?n"
    leads = selected(five, head + f"SELECT ?class ?n {{ {pattern} }} ORDER BY ?class")
    counted = f"SELECT ?class (COUNT(*) AS ?n) {{ ?s a <{DU}Target> ; <{DU}belongsTo> ?o . ?o a ?class }} GROUP BY ?class ORDER BY ?class"
    assert leads == selected(five, counted)
    assert leads
    (dates,) = selected(
        five,
        f"{head} PREFIX e: <http://ldf.fi/void-ext#> SELECT ?type {{ ?c void:class <{DU}Target> ; void:propertyPartition ?u ."
        f" ?u void:property <{DU}due> ; e:datatypePartition ?d . ?d e:datatype ?type }}",
    )
    assert dates["type"].endswith("#date")


@pytest.mark.slow
def test_sibs_editor_finds_prefixes_examples_and_classes_by_itself(five: Server) -> None:
    """By the patterns that @sib-swiss/sparql-editor asks an endpoint for; it gives up after five seconds."""
    shacl = "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    prefixes = selected(
        five,
        shacl
        + "SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix",
    )
    assert {"prefix": "du", "namespace": DU} in prefixes
    assert len({row["prefix"] for row in prefixes}) == len(prefixes)
    examples = selected(
        five,
        shacl + "SELECT DISTINCT ?sq ?comment ?query { ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;"
        " sh:select|sh:ask|sh:construct ?query } ORDER BY ?sq",
    )
    names = {path.stem for path in asset_path("queries").glob("*.rq")}
    assert {row["sq"].rpartition("/")[2] for row in examples} == names
    assert len(examples) == len(names)
    assert [row["sq"] for row in examples if five.query(row["query"]).status_code != 200] == []
    void = """PREFIX void: <http://rdfs.org/ns/void#> PREFIX ext: <http://ldf.fi/void-ext#>
    PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT DISTINCT ?graph ?subjectClass ?prop ?objectClass ?objectDatatype ?triples ?label {
      { OPTIONAL { ?graph sd:graph ?about . ?about void:classPartition ?cp }
        ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
        OPTIONAL { ?subjectClass rdfs:label ?label }
        ?pp void:property ?prop .
        OPTIONAL { ?pp void:triples ?triples }
        OPTIONAL { { ?pp void:classPartition [ void:class ?objectClass ] }
          UNION { ?pp ext:datatypePartition [ ext:datatype ?objectDatatype ] } }
      } UNION {
        ?linkset void:subjectsTarget [ void:class ?subjectClass ] ; void:linkPredicate ?prop ;
          void:objectsTarget [ void:class ?objectClass ] }
    }"""
    found = selected(five, void)
    leads = {(row["subjectClass"], row["prop"], row.get("objectClass") or row.get("objectDatatype")) for row in found}
    assert (f"{DU}Issue", f"{DU}leadOrganization", f"{DU}GovernmentBody") in leads
    assert (f"{DU}Issue", f"{DU}text", "http://www.w3.org/2001/XMLSchema#string") in leads


@pytest.mark.slow
def test_the_service_description_is_about_the_address_that_is_asked(five: Server) -> None:
    found = triples(five.get("/sparql", headers={"Accept": "application/n-triples"}).content, "nt")
    address = ox.NamedNode(f"{five.url}/sparql")
    service = {one.subject for one in found if one.predicate.value.endswith("#endpoint") and one.object == address}
    said = {one.predicate.value.rpartition("#")[2] for one in found if one.subject in service}
    assert {"endpoint", "supportedLanguage", "resultFormat", "defaultDataset", "servesDataset"} <= said


def test_versions_that_are_kept_are_listed_and_their_dumps_stay(launch, publish_again) -> None:
    server = launch()
    old = server.get("/healthz").json()["version"]
    new = publish_again(server.out, extra=" 新").version
    for _ in range(100):
        if server.get("/healthz").json()["version"] == new:
            break
        time.sleep(0.1)
    found = triples(server.get("/dcat.nt").content, "nt")
    dcat = "http://www.w3.org/ns/dcat#"
    said = {(one.subject.value, one.predicate.value.rpartition("#")[2], one.object.value) for one in found}
    assert {(f"{BASE}dataset", "hasVersion", f"{BASE}dataset/{one}") for one in (old, new)} <= said
    assert (f"{BASE}dataset/{new}", "previousVersion", f"{BASE}dataset/{old}") in said
    for version in (old, new):
        dump = server.get(f"/dumps/{version}.nq")
        assert dump.content == (server.out / "snapshots" / version / "dump.nq").read_bytes()
        digest = hashlib.sha256(dump.content).hexdigest()
        assert (f"{BASE}dataset/{version}/dump/checksum", "checksumValue", digest) in {
            (subject, name.rpartition("/")[2], value) for subject, name, value in said
        }
        assert (f"{BASE}dataset/{version}/dump", "byteSize", str(len(dump.content))) in said
        alone = triples(server.get(f"/dataset/{version}.ttl").content, "ttl")
        assert (
            ox.Triple(ox.NamedNode(f"{BASE}dataset/{version}"), ox.NamedNode(f"{dcat}version"), ox.Literal(version))
            in alone
        )
        assert version in server.get(f"/dataset/{version}", headers={"Accept": "text/html"}).text
    shutil.rmtree(server.out / "snapshots" / old)
    assert old not in server.get("/dcat.nt").text
    assert server.get(f"/dataset/{old}.ttl").status_code == 404
    assert server.get(f"/dumps/{old}.nq").status_code == 404


def test_a_node_with_very_much_comes_in_parts_that_name_the_next(launch) -> None:
    region, many = ox.NamedNode(f"{BASE}region/320600"), 12_000
    concerns = ox.NamedNode(f"{DU}concernsRegion")
    graph = ox.NamedNode(f"{BASE}graph/more")
    more = [ox.Quad(ox.NamedNode(f"{BASE}thing/{number}"), concerns, region, graph) for number in range(many)]
    server = launch(more=more)
    path, seen, sizes = "/region/320600.nt", set(), []
    while path:
        answer = server.get(path)
        assert answer.status_code == 200
        part = triples(answer.content, "nt")
        sizes.append(len(part))
        seen |= part
        following = re.search(r'<([^>]*)>; rel="next"', answer.headers["link"])
        said = [one.object.value for one in part if one.predicate.value.endswith("hydra/core#next")]
        assert bool(said) == bool(following)
        path = following.group(1) if following else ""
    assert len(sizes) == 3
    assert max(sizes) <= 5010
    assert sum(one.predicate == concerns and one.object == region for one in seen) >= many
    first = {suffix: canonical(triples(server.get(f"/region/320600.{suffix}").content, suffix)) for suffix in TYPES}
    assert len({frozenset(one) for one in first.values()}) == 1
    assert server.get("/region/320600.nt?page=4").status_code == 404
    for wrong in ("0", "-1", "x", "1e9", "٣", "99999999999"):
        assert server.get("/region/320600.nt", params={"page": wrong}).status_code == 400
