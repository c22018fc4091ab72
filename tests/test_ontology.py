"""Ontology, concepts and alignments as a user meets them; what `ducha lint` sees is in tests/test_lint.py."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.vocabulary import DU, DUC, PREFIXES

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology"
SKOS, RDFS, OWL, RDF = (PREFIXES[p] for p in ("skos", "rdfs", "owl", "rdf"))
KINDS = {f"{OWL}{kind}" for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")}


def read(name: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=str(ONTOLOGY / f"{name}.ttl"))]


def index(triples: Iterable[ox.Triple]) -> dict[str, dict[str, list]]:
    nodes: dict[str, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for t in triples:
        if isinstance(t.subject, ox.NamedNode):
            nodes[t.subject.value][t.predicate.value].append(t.object)
    return nodes


TERMS = {iri: facts for iri, facts in index(read("ducha")).items() if iri.startswith(DU)}
CONCEPTS = {iri: facts for iri, facts in index(read("concepts")).items() if iri.startswith(DUC)}
INDICATORS = {i: f for i, f in CONCEPTS.items() if i.startswith(f"{DUC}indicator-")}


def languages(values: list) -> list[str]:
    return sorted(value.language for value in values)


def values(facts: dict[str, list], *predicates: str) -> list[str]:
    return [value.value for predicate in predicates for value in facts[predicate]]


def test_the_header_names_the_version_twice_alike() -> None:
    header = index(read("ducha"))[DU.removesuffix("#")]
    (version,) = values(header, f"{OWL}versionInfo")
    assert values(header, f"{OWL}versionIRI") == [f"{DU.removesuffix('#')}/{version}"]
    assert languages(header[f"{PREFIXES['dcterms']}title"]) == ["en", "zh"]
    assert not header[f"{OWL}imports"]


def test_no_range_is_a_datatype_that_stops_the_reasoner() -> None:
    allowed = {f"{PREFIXES['xsd']}{name}" for name in ("string", "integer", "decimal")} | {f"{RDFS}Literal"}
    for iri, facts in TERMS.items():
        if f"{OWL}DatatypeProperty" in values(facts, f"{RDF}type"):
            assert set(values(facts, f"{RDFS}range")) <= allowed, iri


def test_a_transitive_or_chained_property_is_not_functional() -> None:
    """OWL 2 DL allows a functional property only where nothing composite lies beneath it."""
    composite = {
        iri
        for iri, facts in TERMS.items()
        if f"{OWL}TransitiveProperty" in values(facts, f"{RDF}type") or facts[f"{OWL}propertyChainAxiom"]
    }
    assert composite == {f"{DU}partOf", f"{DU}concernsRegion"}
    assert not any(f"{OWL}FunctionalProperty" in values(TERMS[iri], f"{RDF}type") for iri in composite)


def test_facts_that_two_documents_may_dispute_are_not_functional() -> None:
    disputed = (
        "startDate",
        "endDate",
        "feedbackDate",
        "statedDays",
        "batch",
        "due",
        "statedCount",
        "level",
        "kind",
        "status",
    )
    for name in disputed:
        assert f"{OWL}FunctionalProperty" not in values(TERMS[f"{DU}{name}"], f"{RDF}type"), name


def test_a_phrase_names_one_indicator_only() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for iri, facts in INDICATORS.items():
        for label in (*facts[f"{SKOS}prefLabel"], *facts[f"{SKOS}altLabel"], *facts[f"{SKOS}hiddenLabel"]):
            owners[unicodedata.normalize("NFKC", label.value)].add(iri)
    assert {phrase: iris for phrase, iris in owners.items() if len(iris) > 1} == {}


@pytest.mark.parametrize("iri", sorted(INDICATORS))
def test_an_indicator_says_its_unit_direction_topic_and_sane_bounds(iri: str) -> None:
    facts = INDICATORS[iri]
    (unit,) = values(facts, f"{DU}unit")
    assert unit.startswith("http://qudt.org/vocab/unit/")
    assert len(facts[f"{DU}improves"]) == 1
    assert set(values(facts, f"{DU}topic", f"{DU}improves")) <= set(CONCEPTS)
    low, high = values(facts, f"{DU}plausibleMinimum"), values(facts, f"{DU}plausibleMaximum")
    if low and high:
        assert Decimal(low[0]) < Decimal(high[0])
    if unit.endswith("/PERCENT"):
        assert Decimal(low[0]) >= 0
        assert Decimal(high[0]) <= 100


@pytest.mark.parametrize(
    ("phrase", "indicator"),
    [
        ("细颗粒物(PM2.5)浓度", "pm25-concentration"),
        ("空气质量优良天数比率", "good-air-days-share"),
        ("地表水I-III类水体比例", "surface-water-good-share"),
        ("国控断面优良比例", "national-section-good-share"),
        ("污水集中收集率", "sewage-collection-rate"),
        ("反馈问题整改完成率", "issues-closed-share"),
        ("完成整改问题数", "issues-closed"),
        ("群众信访件办结率", "petitions-closed-share"),
        ("受污染耕地安全利用率", "contaminated-farmland-safe-use-rate"),
    ],
)
def test_a_phrase_of_the_genre_finds_its_indicator(phrase: str, indicator: str) -> None:
    facts = INDICATORS[f"{DUC}indicator-{indicator}"]
    assert phrase in values(facts, f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}hiddenLabel")


def test_the_monitored_sections_are_narrower_than_surface_water_and_not_the_same() -> None:
    facts = INDICATORS[f"{DUC}indicator-national-section-good-share"]
    assert values(facts, f"{SKOS}broader") == [f"{DUC}indicator-surface-water-good-share"]


def test_alignments_declare_what_they_reason_with_and_import_nothing() -> None:
    nodes = index(read("alignments"))
    declared = {iri for iri, facts in nodes.items() if KINDS & set(values(facts, f"{RDF}type"))}
    declared |= {iri for iri, facts in index(read("ducha")).items() if facts[f"{RDF}type"]} | {f"{RDF}Statement"}
    for iri, facts in nodes.items():
        assert not facts[f"{OWL}imports"]
        assert set(values(facts, f"{RDFS}subClassOf", f"{RDFS}subPropertyOf")) <= declared, iri
        assert iri in set(TERMS) | set(CONCEPTS) | declared
