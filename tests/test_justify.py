"""A contradiction is caught, and explained by exactly the triples that clash, their sentences and the axiom."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reasoning.contradiction import Clashing, Contradiction, contradiction
from pipeline.reasoning.justify import Justification, justify, smallest
from pipeline.vocabulary import DEFAULT_BASE, PREFIXES, graph_iri

EXAMPLE = Path(__file__).resolve().parent / "graphs" / "example.trig"
DOCUMENT = "00112233445566aa"
NAMES = {**PREFIXES, "ex": "https://w3id.org/ducha/example/"}
PROLOGUE = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in NAMES.items())

# kind of axiom → what is planted; none of its triples can be spared. The last are found by searching alone.
PLANTED = {
    "a region that is also an organization": ("disjoint-classes", "ex:a a du:Region, du:Organization ."),
    "an issue that is also a measure": ("disjoint-classes", "ex:a a du:Issue, du:Measure ."),
    "a target that is also a baseline": ("disjoint-classes", "ex:a a du:Target, du:Baseline ."),
    "a visit that is also a document": ("disjoint-classes", "ex:a a du:Supervision, du:Document ."),
    "a zone that is a city": ("disjoint-classes", "ex:a a du:Zone, du:City ."),
    "a target of completion that is an issue": ("disjoint-classes", "ex:a a du:CompletionTarget, du:Issue ."),
    "a plan with a comparator": ("domain", "ex:a a du:Plan ; du:comparator duc:comparator-equal ."),
    "a principle with a responsible body": ("domain", "ex:a a du:Principle ; du:acceptingOrganization ex:b ."),
    "a document with a measure": ("domain", "ex:a a du:Document . ex:m du:ofIssue ex:a ."),
    "a place that leads the work": ("range", "ex:a du:leadOrganization ex:b . ex:b a du:County ."),
    "a level that is a place": ("range", "ex:a du:level ex:b . ex:b a du:Province ."),
    "a target that belongs to a duty": ("range", "ex:a du:belongsTo ex:b . ex:b a du:Duty ."),
    "a plan that is in another as its region": ("range", "ex:a du:region ex:b . ex:c du:inPlan ex:b ."),
    "two numbers for one round": ("functional-property", "ex:a du:roundNumber 1, 2 ."),
    "two codes for one region": ("functional-property", 'ex:a du:adcode "450300", "450100" .'),
    "two values on one target": ("functional-property", "ex:a du:value 85.0, 90.0 ."),
    "two quotes at one place": ("functional-property", 'ex:a du:quote "甲", "乙" .'),
    "two comparators on one target": (
        "functional-property",
        "ex:a du:comparator duc:comparator-at-least, duc:comparator-at-most .",
    ),
    "two regions directly above one": (
        "functional-property",
        'ex:a du:directPartOf ex:b, ex:c . ex:b du:adcode "450000" . ex:c du:adcode "530000" .',
    ),
    "one passage in two documents": (
        "functional-property",
        'ex:a du:document ex:b, ex:c . ex:b du:sha256 "00" . ex:c du:sha256 "11" .',
    ),
    "a round number that is a word": ("datatype", 'ex:a du:roundNumber "二" .'),
    "a county with the code of a province": (
        "",
        'ex:a a du:County ; du:adcode "459999" . ex:b a du:Province ; du:adcode "459999" .',
    ),
    "two regions above the two above one": (
        "",
        "ex:a du:directPartOf ex:b, ex:c . ex:b du:directPartOf ex:d . ex:c du:directPartOf ex:e ."
        'ex:d du:adcode "450000" . ex:e du:adcode "530000" .',
    ),
}


def triples(turtle: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(PROLOGUE + turtle, format=ox.RdfFormat.TURTLE)]


def company() -> list[ox.Quad]:
    """A document that agrees with the ontology, and its regions."""
    return list(ox.parse(path=str(EXAMPLE)))


def explained(turtle: str, seconds: float = 90.0) -> Justification:
    return justify([*(quad.triple for quad in company()), *triples(turtle)], seconds)


# No axiom shows in these: they are found by search alone, which takes half a minute each.
SEARCHED = {"two regions above the two above one", "a county with the code of a province"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "statements"),
    [pytest.param(*PLANTED[name], id=name, marks=[pytest.mark.thorough] * (name in SEARCHED)) for name in PLANTED],
)
def test_a_planted_contradiction_is_caught_and_explained_by_exactly_what_was_planted(
    kind: str, statements: str
) -> None:
    found = explained(statements)
    assert set(found.triples) == set(triples(statements))
    assert (found.clash.kind.value if found.clash else "") == kind
    assert found.minimal


@pytest.mark.slow
def test_the_sentences_behind_the_clashing_facts_are_told() -> None:
    graph = ox.NamedNode(graph_iri(DEFAULT_BASE, "document", DOCUMENT, "stated"))
    quads = company()
    target = min(q.subject.value for q in quads if q.object == ox.NamedNode(f"{NAMES['du']}Target"))
    node = target.removeprefix(DEFAULT_BASE)
    wrong = triples(f"<{target}> a du:Issue .")
    found = contradiction([*quads, *(ox.Quad(t.subject, t.predicate, t.object, graph) for t in wrong)])
    assert found is not None
    assert {(one.subject, one.object.removeprefix(NAMES["du"]), one.graph) for one in found.statements} == {
        (target, "Issue", "stated"),
        (target, "Target", "stated"),
    }
    (quote,) = {quote for one in found.statements for quote in one.quotes}
    assert quote in {q.object.value for q in quads if q.predicate.value == f"{NAMES['du']}quote"}
    said = f"from the sentence “{quote}”"
    assert found.told(DEFAULT_BASE) == (
        "its facts contradict the ontology (HermiT): du:Issue and du:Target are disjoint classes: "
        f"{node} rdf:type du:Issue, {said} and {node} rdf:type du:Target, {said}"
    )


@pytest.mark.slow
def test_the_assertion_of_a_scalar_has_the_sentence_and_a_region_of_ours_has_none() -> None:
    stated, regions = (
        ox.NamedNode(graph_iri(DEFAULT_BASE, *p)) for p in (("document", "0" * 16, "stated"), ("regions",))
    )
    said = triples("""
    ex:visit du:region ex:body ; du:evidence ex:e1 . ex:e1 du:quote "督察组进驻" .
    ex:a a du:Assertion ; rdf:subject ex:visit ; rdf:predicate du:region ; rdf:object ex:body ; du:evidence ex:e2 .
    ex:e2 du:quote "对桂林市开展督察" .
    """)
    ours = triples("ex:body a du:Organization .")
    quads = [ox.Quad(t.subject, t.predicate, t.object, g) for g, ts in ((stated, said), (regions, ours)) for t in ts]
    found = contradiction(quads)
    assert found is not None
    assert {(one.graph, one.quotes) for one in found.statements} == {("stated", ("对桂林市开展督察",)), ("regions", ())}
    assert found.axiom == "the range of du:concernsRegion is du:Region, which is disjoint with du:Organization"


@pytest.mark.slow
def test_what_agrees_with_the_ontology_has_nothing_to_explain() -> None:
    assert contradiction(company()) is None


def test_a_search_that_runs_out_of_time_says_so() -> None:
    at_once = explained(PLANTED["a county with the code of a province"][1], seconds=0)
    assert (at_once.triples, at_once.clash, at_once.minimal) == ((), None, False)
    assert "which of them was not found in time" in Contradiction("", "", (), False).told(DEFAULT_BASE)
    some = Clashing(
        f"{DEFAULT_BASE}round/central-2", f"{NAMES['du']}roundNumber", "2", f"{NAMES['xsd']}integer", "stated", ()
    )
    assert Contradiction("", "", (some,), False).told(DEFAULT_BASE) == (
        "its facts contradict the ontology (HermiT), perhaps not all of these, since the search ran out of time: "
        "round/central-2 du:roundNumber “2”^^xsd:integer"
    )


@given(st.data())
def test_the_search_finds_a_set_of_which_nothing_can_be_spared(data: st.DataObject) -> None:
    elements = list(range(data.draw(st.integers(1, 60))))
    conflicts = data.draw(st.lists(st.sets(st.sampled_from(elements), min_size=1, max_size=5), min_size=1, max_size=4))

    def contradictory(chosen: list[int]) -> bool:
        return any(conflict <= set(chosen) for conflict in conflicts)

    found = smallest(elements, contradictory)
    assert contradictory(found)
    assert not any(contradictory([other for other in found if other != one]) for one in found)
