"""Every IRI of every class dereferences, in every format; what describes the dataset is true, valid, and found."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

import httpx
import pyoxigraph as ox
import pytest

from pipeline.assets import asset_path
from pipeline.build import build
from pipeline.vocabulary import DU
from tests.test_service.conftest import Server, start, stop

CLIENT = httpx.Client(timeout=30)
BASE = "https://w3id.org/ducha/"
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
        by_accept, by_suffix = CLIENT.get(server.url + path, headers={"Accept": media_type}), CLIENT.get(f"{server.url}{path}.{suffix}")
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
    for iri in sorted(iri for iri in iris if iri.startswith(BASE) and iri != f"{BASE}sparql"):  # it answers queries
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
    own = {one.subject.value for one in described if one.subject.value.startswith(BASE)}
    assert {f"{BASE}catalog", f"{BASE}dataset", f"{BASE}sparql"} <= own
    assert problems(five, own) == []
