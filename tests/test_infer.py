"""What follows from a document's facts: the rules give what docs/graph.md says, and what HermiT says where OWL can."""

import runpy
from functools import cache
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import read_document
from pipeline.extract import Task, default_stages
from pipeline.graph import document_quads, region_quads
from pipeline.reasoning.infer import derive, rules
from pipeline.reasoning.reason import Inferred, check_slice, inferred
from pipeline.region import load_regions
from pipeline.vocabulary import DEFAULT_BASE, DU, PREFIXES

GRAPHS = Path(__file__).resolve().parent / "graphs"
REAL = GRAPHS.parent.parent / "data" / "documents"
TYPE = f"{PREFIXES['rdf']}type"
DEFINED = ("CompletionTarget", "QuantifiedGoal", "JointResponsibilityIssue", "OpenEndedElement", "ProvincialRound")
RELATIONS = ("concernsRegion", "responsibleParty", "measure", "ofIssue")
CLASSES, PROPERTIES = (frozenset(f"{DU}{name}" for name in names) for names in (DEFINED, RELATIONS))
PROLOGUE = f"@base <{DEFAULT_BASE}> .\n" + "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
PROLOGUE += "@prefix unit: <http://qudt.org/vocab/unit/> .\n"


@cache
def graphs(path: Path) -> dict[str, list[ox.Quad]]:
    """The quads of each named graph of a file, or of what a real document states, by the graph's name under the base."""
    found: dict[str, list[ox.Quad]] = {}
    for quad in read_real(path) if path.suffix == ".txt" else ox.parse(path=str(path)):
        found.setdefault(quad.graph_name.value.removeprefix(f"{DEFAULT_BASE}graph/"), []).append(quad)
    return found


def read_real(path: Path) -> list[ox.Quad]:
    """What a real document states, with the regions it speaks of and those they lie in."""
    stated = document_quads(read_document(path), DEFAULT_BASE)
    around = list(region_quads(load_regions(), DEFAULT_BASE))
    spoken_of = {quad.object for quad in stated}
    outer = {quad.object for quad in around if quad.subject in spoken_of and quad.predicate.value == f"{DU}partOf"}
    return stated + [quad for quad in around if quad.subject in spoken_of | outer]


def stated_graphs() -> list[tuple[Path, str]]:
    """Every stated graph of tests/graphs and of the real documents, as (file, document id)."""
    real = [(path, read_document(path).id) for path in sorted(REAL.glob("*.txt"))]
    return real + [
        (path, name.split("/")[1])
        for path in sorted(GRAPHS.glob("*.trig"))
        for name in sorted(graphs(path))
        if name.endswith("/stated")
    ]


def derived(path: Path, document: str) -> list[ox.Quad]:
    named = graphs(path)
    return derive(named[f"document/{document}/stated"], named["regions"], DEFAULT_BASE, document)


def from_turtle(turtle: str) -> set[tuple[str, str, str]]:
    """Short names of what follows from a few statements."""
    quads = ox.parse(PROLOGUE + turtle, format=ox.RdfFormat.TURTLE)
    return {short(quad) for quad in derive(quads, [], DEFAULT_BASE, "0" * 16)}


def short(quad: ox.Quad) -> tuple[str, str, str]:
    terms = (quad.subject.value, quad.predicate.value, quad.object.value)
    return tuple(term.removeprefix(DU).removeprefix(DEFAULT_BASE) for term in terms)  # type: ignore[return-value]


def shares(turtle: str) -> dict[str, str]:
    return {node: value for node, name, value in from_turtle(turtle) if name == "cumulativeShare"}


def plan(total: str, *targets: tuple[str, float, str]) -> str:
    """A plan with its stated numbers of issues (blank-separated) and increments (node, number, year) by year's end."""
    counts = "".join(
        f"<plan/x> du:statedCount <n/{n}> . <n/{n}> du:countOf du:Issue ; du:value {n} .\n" for n in total.split()
    )
    return counts + "".join(
        f"<{node}> a du:Target ; du:inPlan <plan/x> ; du:indicator duc:indicator-issues-closed ; du:value {number} ;"
        f' du:aggregation duc:aggregation-increment ; du:due "{year}-12-31"^^xsd:date .\n'
        for node, number, year in targets
    )


def test_the_small_example_has_the_derived_graph_the_contract_shows() -> None:
    path = GRAPHS / "example.trig"
    shown = {short(quad) for quad in graphs(path)["document/00112233445566aa/derived"]}
    found = {short(quad) for quad in derived(path, "00112233445566aa")}
    assert shown <= found
    assert {node for node, _, _ in found - shown} == {"organization/320600-1a2b3c4d"}


@pytest.mark.parametrize(("path", "document"), stated_graphs(), ids=lambda part: getattr(part, "stem", part))
def test_derived_quads_are_new_sorted_repeatable_and_in_their_own_graph(path: Path, document: str) -> None:
    quads = derived(path, document)
    assert quads == sorted(quads, key=str)
    assert quads == derived(path, document)
    assert {quad.graph_name.value for quad in quads} <= {f"{DEFAULT_BASE}graph/document/{document}/derived"}
    assert not {quad.triple for quad in quads} & {quad.triple for quad in graphs(path)[f"document/{document}/stated"]}


@pytest.mark.slow
@pytest.mark.parametrize(("path", "document"), stated_graphs(), ids=lambda part: getattr(part, "stem", part))
def test_the_rules_derive_what_hermit_infers(path: Path, document: str) -> None:
    known = [*graphs(path)[f"document/{document}/stated"], *graphs(path)["regions"]]
    assert by_rules(known, derived(path, document)) == by_hermit(known, document)


def by_rules(known: list[ox.Quad], follows: list[ox.Quad]) -> Inferred:
    """The defined classes and the relations that are stated or derived by rule."""
    everything = [(quad.subject.value, quad.predicate.value, quad.object.value) for quad in (*known, *follows)]
    return Inferred(
        frozenset((s, o) for s, p, o in everything if p == TYPE and o in CLASSES),
        frozenset(triple for triple in everything if triple[1] in PROPERTIES),
    )


def by_hermit(known: list[ox.Quad], subject: str) -> Inferred:
    """The same as HermiT infers them."""
    found = inferred(known, PROPERTIES, subject)
    return Inferred(frozenset(pair for pair in found.types if pair[1] in CLASSES), found.relations)


@cache
def generated() -> list[tuple[list[ox.Quad], list[ox.Quad]]]:
    """Of fifty generated plans, in groups that share no subject: what they state with the regions, and what follows."""
    around: dict[str, list[ox.Quad]] = {}
    for quad in region_quads(load_regions(), DEFAULT_BASE):
        around.setdefault(quad.subject.value, []).append(quad)
    groups: list[tuple[set[str], list[ox.Quad], list[ox.Quad]]] = []
    for document in runpy.run_path(str(GRAPHS.parent / "generated.py"))["documents"](50, seed=7):
        stated = document_quads(document, DEFAULT_BASE)
        regions = Task(default_stages(), around, DEFAULT_BASE).around(stated)
        follows = derive(stated, regions, DEFAULT_BASE, document.id)
        own = {quad.subject.value for quad in stated}
        room = next((group for group in groups if len(group[1]) < 6000 and not own & group[0]), None)
        if room is None:
            groups.append(room := (set(), [], []))
        room[0].update(own)
        room[1].extend([*stated, *regions])
        room[2].extend(follows)
    return [(known, follows) for _, known, follows in groups]


def test_the_generated_plans_are_varied_enough_for_every_defined_class() -> None:
    facts = {(quad.predicate.value, quad.object.value) for _, follows in generated() for quad in follows}
    kinds = ("concernsRegion", "responsibleParty", "cumulativeShare")
    assert {f"{DU}{name}" for name in kinds} <= {predicate for predicate, _ in facts}
    assert {value for predicate, value in facts if predicate == TYPE} == CLASSES


@pytest.mark.slow
def test_fifty_generated_plans_agree_with_the_ontology() -> None:
    """A part of what has a model has one: when a group is consistent, so is each of its documents."""
    assert sum(quad.object.value == f"{DU}Document" for known, _ in generated() for quad in known) == 50
    for number, (known, follows) in enumerate(generated()):
        verdict = check_slice([*known, *follows], f"group {number}")
        assert verdict.consistent, verdict


@pytest.mark.thorough
def test_the_rules_derive_of_fifty_generated_plans_what_hermit_infers() -> None:
    """Several documents at once. HermiT finds of the union what it finds of each document and perhaps more; the rules
    run on each by itself. Their answers being equal, a document's rules find no less than HermiT does of it. They find
    no more either: no two documents of a group have a subject in common, what they share are regions, described alike
    in each slice, and concepts, so that nothing one document says bears on a subject of another."""
    for number, (known, follows) in enumerate(generated()):
        assert by_rules(known, follows) == by_hermit(known, f"group {number}")


def test_every_kind_of_derived_fact_occurs_in_the_cases() -> None:
    facts = {(q.predicate.value, q.object.value) for path, document in stated_graphs() for q in derived(path, document)}
    assert {f"{DU}{name}" for name in (*RELATIONS, "cumulativeShare")} <= {predicate for predicate, _ in facts}
    assert {f"{DU}{name}" for name in DEFINED} == {value for predicate, value in facts if predicate == TYPE}


def test_one_body_of_party_and_government_is_joint_responsibility_and_two_party_bodies_are_not() -> None:
    found = from_turtle("""
    <o/1> a du:PartyBody, du:GovernmentBody . <o/2> a du:PartyBody . <o/3> a du:PartyBody .
    <i/1> a du:Issue ; du:leadOrganization <o/1> . <i/2> a du:Issue ; du:leadOrganization <o/2>, <o/3> .
    """)
    assert {node for node, _, kind in found if kind == "JointResponsibilityIssue"} == {"i/1"}


def test_counts_by_year_become_shares_of_the_stated_total() -> None:
    found = shares(plan("68", ("t/2023", 3, "2023"), ("t/2024", 41, "2024"), ("t/2025", 24, "2025")))
    assert found == {"t/2023": "4.41", "t/2024": "64.71", "t/2025": "100"}


def test_a_half_is_rounded_up() -> None:
    assert shares(plan("800", ("t/1", 1, "2023"))) == {"t/1": "0.13"}


def test_a_number_said_twice_for_one_date_counts_once() -> None:
    found = shares(plan("10", ("t/1", 4, "2023"), ("t/2", 4, "2023"), ("t/3", 6, "2024")))
    assert found == {"t/1": "40", "t/2": "40", "t/3": "100"}


@pytest.mark.parametrize(
    "statements",
    [
        plan("", ("t/1", 4, "2023")),
        plan("10 11", ("t/1", 4, "2023")),
        plan("10", ("t/1", 4, "2023"), ("t/2", 5, "2023"), ("t/3", 1, "2024")),
        plan("0", ("t/1", 0, "2023")),
    ],
    ids=["no total", "two totals", "two numbers for one date", "a total of none"],
)
def test_no_share_is_guessed(statements: str) -> None:
    assert shares(statements) == {}


def test_a_sum_over_the_total_has_no_share_but_the_earlier_dates_do() -> None:
    assert shares(plan("10", ("t/1", 4, "2023"), ("t/2", 7, "2024"))) == {"t/1": "40"}


def test_another_plan_and_another_kind_of_count_do_not_mix_in() -> None:
    other = """
    <n/m> du:countOf du:Measure ; du:value 99 . <plan/x> du:statedCount <n/m> .
    <t/y> a du:Target ; du:inPlan <plan/y> ; du:indicator duc:indicator-issues-closed ; du:value 9 ;
        du:aggregation duc:aggregation-increment ; du:due "2020-12-31"^^xsd:date .
    <t/b> a du:Baseline ; du:inPlan <plan/x> ; du:indicator duc:indicator-issues-closed ; du:value 9 ;
        du:aggregation duc:aggregation-increment ; du:due "2020-12-31"^^xsd:date .
    """
    assert shares(plan("10", ("t/1", 4, "2023")) + other) == {"t/1": "40"}


PERCENTAGE = (
    "<t/1> a du:Target ; du:inPlan <plan/x> ; du:indicator duc:indicator-{} ; du:value {} ; du:unit unit:PERCENT {} ."
)


@pytest.mark.parametrize(
    ("indicator", "value", "more", "share"),
    [
        ("issues-closed-share", "32", "", "32"),
        ("petitions-closed-share", "97.556", "; du:aggregation duc:aggregation-cumulative", "97.56"),
        ("issues-closed-share", "32", "; du:aggregation duc:aggregation-increment", None),
        ("issues-closed-share", "32", "; du:aggregation duc:aggregation-per-period", None),
        ("issues-closed-share", "32", "; du:comparator duc:comparator-increase-by", None),
        ("issues-closed-share", "132", "", None),
        ("forest-coverage", "32", "", None),
    ],
)
def test_a_completion_rate_is_a_share_as_it_stands(indicator: str, value: str, more: str, share: str | None) -> None:
    assert shares(PERCENTAGE.format(indicator, value, more)) == ({} if share is None else {"t/1": share})


def test_a_running_total_of_issues_is_a_share_of_the_stated_total() -> None:
    running = "<t/1> a du:Target ; du:inPlan <plan/x> ; du:indicator duc:indicator-issues-closed ; du:value 47 ;"
    assert shares(plan("68") + running + " du:aggregation duc:aggregation-cumulative .") == {"t/1": "69.12"}


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_shares_rise_and_end_at_all_when_the_counts_add_up(counts: list[int]) -> None:
    total = sum(counts)
    found = shares(plan(str(total), *((f"t/{i}", count, str(2020 + i)) for i, count in enumerate(counts))))
    in_order = [float(found[f"t/{i}"]) for i in range(len(counts)) if f"t/{i}" in found]
    assert len(in_order) == (len(counts) if total else 0)
    assert all(0 <= one <= other <= 100 for one, other in pairwise([*in_order, 100.0]))
    assert not in_order or in_order[-1] == 100


def test_every_rule_says_its_purpose_in_both_languages() -> None:
    assert [name for name, _ in rules()] == sorted(name for name, _ in rules())
    for name, query in rules():
        head = [line for line in query.splitlines() if line.startswith("# ")]
        assert any("一" <= sign <= "鿿" for sign in head[0]), name
        assert head[-1].isascii(), name
