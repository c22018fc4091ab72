"""The rules of `shapes/` against their cases: small graphs with one defect each, or one near miss.

A case lies in `tests/shapes/<rule>/` as `valid.<why>.*` or `invalid.<why>.*`. A `.ttl` file is a graph of its own; a
`.ru` file is an update that damages `tests/shapes/base.ttl`, a plan without a finding, in one place. A case meets all
rules of its room, the file of `shapes/` that holds its rule. The rows expected stand in its `# expect:` lines:
`severity|focus|path|shape`, IRIs shortened.
"""

import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef

from pipeline.validation import oracle
from pipeline.validation.oracle import shapes_graph
from pipeline.validation.report import Finding
from pipeline.validation.shapes import STYLE, room_of, rooms, rules
from pipeline.validation.validate import check
from pipeline.vocabulary import DEFAULT_BASE, PREFIXES, SHAPE

CASES = Path(__file__).parent / "shapes"
RULES = Path(__file__).parent.parent / "docs" / "rules.md"
FILES = sorted(path for path in CASES.glob("*/*") if path.suffix in {".ttl", ".ru"})
ROOMS = rooms(about_documents=False)
# What these miss has no value to name.
NAMELESS = {"lead-known", "report-with-plan", "round-known", "visit-dates-known"}


def short(iri: str) -> str:
    """An IRI as the cases write it: below the base as a path, else with its prefix."""
    for prefix in ("du", "duc", "dcterms", "rdf", "rdfs"):
        if iri.startswith(PREFIXES[prefix]):
            return f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}"
    return iri.removeprefix(SHAPE).removeprefix(DEFAULT_BASE)


def row(finding: Finding) -> str:
    path = short(finding.path) if finding.path else "-"
    return f"{finding.severity}|{short(finding.focus)}|{path}|{short(finding.shape)}"


@cache
def base() -> Graph:
    return Graph().parse(CASES / "base.ttl", format="turtle")


def triples(case: Path) -> list[ox.Triple]:
    """The graph of one case."""
    graph = Graph()
    if case.suffix == ".ru":
        graph += base()
        graph.update(case.read_text(encoding="utf-8"))
    else:
        graph.parse(case, format="turtle")
    return [quad.triple for quad in ox.parse(graph.serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)]


def test_base_graph_has_no_finding() -> None:
    assert check(triples(CASES / "base.ttl"), *ROOMS) == ()


@pytest.mark.parametrize("case", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_case(case: Path) -> None:
    expected = sorted(re.findall(r"^# expect: (.*)$", case.read_text(encoding="utf-8"), re.MULTILINE))
    found = check(triples(case), room_of(SHAPE + case.parent.name))
    assert sorted(map(row, found)) == expected
    names = {line.rsplit("|", 1)[-1] for line in expected}
    assert (case.parent.name in names) == case.name.startswith("invalid")


@pytest.mark.parametrize("case", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_pyshacl_says_the_same_of_all_rules(case: Path) -> None:
    """Not of the rules of its room alone: a case damages what other rules look at, too."""
    assert check(triples(case), *ROOMS) == oracle.check(triples(case), *ROOMS)


def test_every_rule_has_a_failing_and_a_passing_case() -> None:
    failing = {path.parent.name for path in FILES if path.name.startswith("invalid")}
    # base.ttl is the passing case of the rules whose failing cases are made from it
    passing = {path.parent.name for path in FILES if path.name.startswith("valid") or path.suffix == ".ru"}
    assert failing == passing == {rule.id for rule in rules().values()}


def test_shapes_are_well_formed() -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes_graph(*ROOMS), meta_shacl=True)
    assert conforms, text


@pytest.mark.parametrize("room", ROOMS)
def test_every_rule_says_what_it_means_in_both_languages(room: str) -> None:
    graph = shapes_graph(room)
    for shape in graph.subjects(SH.severity):
        for predicate in (RDFS.label, SH.message):
            languages = sorted(str(o.language) for o in graph.objects(shape, predicate) if isinstance(o, Literal))
            assert languages == ["en", "zh"], (shape, predicate)
        variables = [set(re.findall(r"\{\?\w+\}", str(text))) for text in graph.objects(shape, SH.message)]
        assert len(list(graph.objects(shape, SH.sparql))) <= 1, f"{shape}: one rule per shape, or severity is lost"
        query = "".join(
            str(text) for node in graph.objects(shape, SH.sparql) for text in graph.objects(node, SH.select)
        )
        words = {"{?chinese}", "{?english}", "{?class}"}  # a name in the language of the message
        assert variables[0] - words == variables[1] - words, f"{shape}: one language names what the other does not"
        for variable in set.union(*variables):
            known = query.split("WHERE", 1)[0] if query else "?value ?number"
            assert variable.strip("{}") in known, f"{shape}: {variable} is not selected"
        named = variables[0] or room == STYLE or str(shape).removeprefix(SHAPE) in NAMELESS
        assert named, f"{shape}: names no value"


@pytest.mark.parametrize("room", ROOMS)
def test_shapes_without_a_severity_only_gather_properties(room: str) -> None:
    graph = shapes_graph(room)
    allowed = {RDF.type, SH.targetClass, SH.property}
    for shape in graph.subjects(RDF.type, SH.NodeShape):
        if (shape, SH.severity, None) not in graph:
            assert set(graph.predicates(shape)) <= allowed, shape


def test_every_rule_is_documented_with_its_messages() -> None:
    text = RULES.read_text(encoding="utf-8")
    headings = set(re.findall(r"^#{2,4} (.+)$", text, re.MULTILINE))
    graph = shapes_graph(*ROOMS)
    for rule in rules().values():
        assert rule.documentation.split("#")[1] in headings, rule.id
        assert f"`{rule.id}`" in text or rule.id in headings, rule.id
        for message in graph.objects(URIRef(rule.shape), SH.message):
            assert str(message) in text, f"{rule.id}: docs/rules.md does not say “{message}”"


def test_rules_in_sparql_mean_the_same_in_oxigraph() -> None:
    """A store can ask the same questions: every query of the shapes gives the same rows in Oxigraph."""
    graph = shapes_graph(*ROOMS)
    declared = "".join(
        f"PREFIX {graph.value(node, SH.prefix)}: <{graph.value(node, SH.namespace)}>\n"
        for node in graph.objects(URIRef(SHAPE + "prefixes"), SH.declare)
    )
    asked = 0
    for case in FILES:
        shape = URIRef(SHAPE + case.parent.name)
        constraint = graph.value(shape, SH.sparql)
        if constraint is None or case.suffix != ".ttl":
            continue
        store = ox.Store()
        store.load(case.read_bytes(), format=ox.RdfFormat.TURTLE)
        targets = " ".join(f"<{target}>" for target in graph.objects(shape, SH.targetClass))
        query = str(graph.value(constraint, SH.select)).replace(
            "WHERE {", f"WHERE {{ $this a ?target . FILTER(?target IN ({', '.join(targets.split())}))", 1
        )
        hits = list(store.query(declared + query))
        assert bool(hits) == case.name.startswith("invalid"), case
        asked += 1
    assert asked > 80
