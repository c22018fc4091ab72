"""Mutation of right graphs: every operator breaks something, changes what it says, and the rule it names sees it.

Each operator is tried on the first of a few documents in which there is something to break. The whole table over the
shipped and the development documents is `thorough`.
"""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.document import read_document
from pipeline.extract import Failure, Task
from pipeline.mutation import table
from pipeline.mutation.operator import Layer, Operator
from pipeline.mutation.operators import OPERATORS, THEMES
from pipeline.mutation.original import LABEL, Mutant, du, words
from pipeline.mutation.run import Outcome, mutants, mutate, mutate_all, outcome
from pipeline.mutation.subject import Subject, subject_of, task_of
from pipeline.validation import oracle
from pipeline.validation.shapes import ACROSS, room_of, rooms, rules
from pipeline.validation.validate import check
from pipeline.vocabulary import SHAPE

ROOT = Path(__file__).parent.parent
WHOLE = Path(__file__).parent / "mutation" / "whole-plan.txt"
DEVELOPMENT = Path(__file__).parent / "development"
SHIPPED = sorted((ROOT / "data" / "documents").glob("*.txt"))
TRIED = (WHOLE, SHIPPED[0], SHIPPED[1], DEVELOPMENT / "closure-01.txt", DEVELOPMENT / "report-03.txt", SHIPPED[4])
PAGE = ROOT / "docs" / "mutation.md"
IDS = [one.id for one in OPERATORS]
OPERATOR = dict(zip(IDS, OPERATORS, strict=True))
# What no document of the extraction says: two counted principles, and a body of a region that is gone.
MORE = """
<plan/320600-202009> du:statedCount <plan/320600-202009/count/Principle-2> .
<plan/320600-202009/count/Principle-2> a du:StatedCount ; du:countOf du:Principle ; du:value 2 ; du:valueText "2" ;
  du:basis duc:basis-stated ; du:evidence <document/00112233445566aa#char=183,189> .
<plan/320600-202009/principle/2> a du:Principle ; du:inPlan <plan/320600-202009> ; rdfs:label "坚持标本兼治"@zh ;
  du:number "2" ; du:text "坚持标本兼治。" ; du:basis duc:basis-stated ; du:rule "case" ;
  du:evidence <document/00112233445566aa#char=193,202> .
<organization/371200-1a2b3c4d> a du:Organization ; rdfs:label "莱芜市水利局"@zh ; du:region <region/371200> ;
  du:evidence <document/00112233445566aa#char=193,202> .
"""


@cache
def task() -> Task:
    return task_of()


@cache
def subject(path: Path) -> Subject:
    read = subject_of(read_document(path), task())
    assert not isinstance(read, Failure)
    return read


@cache
def corrected() -> Subject:
    """The complete plan of the cases of the rules, which a curator corrected; its text is what its quotes say."""
    turtle = (Path(__file__).parent / "shapes" / "base.ttl").read_text(encoding="utf-8") + MORE
    triples = [quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)]
    about: dict[str, dict[str, str]] = {}
    for triple in triples:
        about.setdefault(words(triple.subject), {})[triple.predicate.value] = words(triple.object)
    text = ["。"] * 509
    for node in about.values():
        if du("quote").value in node:
            begin, end = int(node[du("begin").value]), int(node[du("end").value])
            text[begin:end] = node[du("quote").value]
    stated = tuple(t for t in triples if t.predicate.value not in (du("concernsRegion").value, du("partOf").value))
    return Subject("case.txt", "00112233445566aa", "".join(text), stated, task())


@cache
def first(operator: Operator) -> tuple[Subject, Mutant]:
    """The first document in which an operator breaks anything, and the mutant."""
    for path in TRIED:
        if found := mutants(subject(path), operator, 1):
            return subject(path), found[0]
    (found,) = mutants(corrected(), operator, 1)
    return corrected(), found


@pytest.mark.parametrize("operator", OPERATORS, ids=IDS)
def test_the_rule_that_an_operator_names_sees_its_mutant(operator: Operator) -> None:
    about, mutant = first(operator)
    found = outcome(about, operator, mutant)
    assert found.caught, found


@pytest.mark.parametrize("operator", OPERATORS, ids=IDS)
def test_a_mutant_changes_what_is_there_and_leaves_the_original_alone(operator: Operator) -> None:
    about, mutant = first(operator)
    before = about.original(operator.layer).edited
    known = set(before)
    assert mutant.removed <= known
    assert set(mutant.of(before)) == known - mutant.removed | mutant.added != known
    assert set(about.original(operator.layer).edited) == known
    assert mutant.place in {words(t.subject) for t in mutant.removed | mutant.added}


def test_operators_have_names_and_labels_of_their_own_and_name_rules_that_exist() -> None:
    assert len(OPERATORS) >= 40
    for said in (IDS, [one.zh for one in OPERATORS], [one.en for one in OPERATORS]):
        assert len(set(said)) == len(OPERATORS)
    assert {SHAPE + rule for one in OPERATORS for rule in one.rules} <= rules().keys()


def short(triple: ox.Triple) -> str:
    """A triple's predicate and object, without their namespaces."""
    return " ".join(re.sub(r".*[#/](?=[^/#]+$)", "", words(term)) for term in (triple.predicate, triple.object))


@pytest.mark.parametrize(
    ("name", "removed", "added"),
    [
        ("change-stated-days", {"statedDays 21", "object 21"}, {"statedDays 22", "object 22"}),
        (
            "swap-visit-dates",
            {"startDate 2021-11-25", "object 2021-11-25", "endDate 2021-12-15", "object 2021-12-15"},
            {"startDate 2021-12-15", "object 2021-12-15", "endDate 2021-11-25", "object 2021-11-25"},
        ),
        ("early-feedback", {"feedbackDate 2022-01-20", "object 2022-01-20"}, {"feedbackDate 2021-11-25", "object 2021-11-25"}),
        ("drop-comparator", {"comparator comparator-at-most"}, set()),
        ("move-visit", {"region 511500", "object 511500"}, {"region 540100", "object 540100"}),
        ("stray-node", set(), {"label 无主"}),
    ],
)  # fmt: skip
def test_what_an_operator_changes(name: str, removed: set[str], added: set[str]) -> None:
    found = mutants(subject(WHOLE), OPERATOR[name], 50)
    changes = [({short(t) for t in one.removed}, {short(t) for t in one.added}) for one in found]
    assert (removed, added) in changes


def test_a_shifted_quote_keeps_its_words_and_gets_the_iri_of_its_new_place() -> None:
    about = subject(WHOLE)
    for mutant in mutants(about, OPERATOR["shift-quote"], 3):
        begin, end = map(int, mutant.place.rpartition("=")[2].split(","))
        moved = ox.NamedNode(f"{words(about.document)}#char={begin + 1},{end + 1}")
        said = {triple.predicate: triple.object for triple in mutant.added if triple.subject == moved}
        assert (words(said[du("begin")]), words(said[du("end")])) == (str(begin + 1), str(end + 1))
        assert words(said[du("quote")]) == about.text[begin:end]
        assert not any(moved.value == mutant.place for mutant in mutants(about, OPERATOR["shift-quote"], 3))


def test_a_lost_measure_is_gone_with_all_that_points_to_it() -> None:
    about = subject(WHOLE)
    mutant = mutants(about, OPERATOR["lose-measure"], 1)[0]
    lost = ox.NamedNode(mutant.place)
    assert not any(lost in (triple.subject, triple.object) for triple in mutant.of(about.stated))
    assert mutant.added == frozenset()


def test_what_follows_is_derived_anew_from_a_mutant() -> None:
    about = subject(WHOLE)
    (mutant,) = mutants(about, OPERATOR["move-plan"], 1)
    plan = ox.NamedNode(mutant.place)
    regions = {words(t.object)[-6:] for t in about.triples(Layer.STATED, mutant) if t.subject == plan and t.predicate == du("concernsRegion")}  # fmt: skip
    assert regions == {"540100", "540000"}


def test_a_right_graph_is_not_reported_and_a_harmless_change_is_missed() -> None:
    about = subject(WHOLE)
    assert about.findings(Layer.STATED, None, *rooms()) == ()
    plan = ox.NamedNode(first(OPERATOR["stray-node"])[1].place.removesuffix("/stray"))
    harmless = Operator("harmless", "无害", "harmless", ("stated-days",), lambda one: [one.plus(plan, LABEL, ox.Literal("甲", language="en"))])  # fmt: skip
    assert [(one.caught, one.instead) for one in mutate(about, 1, [harmless])] == [(False, ())]


def test_a_mutant_that_another_rule_sees_is_missed_and_says_which() -> None:
    wrong = Operator("wrong", "错", "wrong", ("visit-order",), OPERATOR["change-stated-days"].mutate)
    (found,) = mutate(subject(WHOLE), 1, [wrong])
    assert (found.caught, found.instead) == (False, ("stated-days",))
    (line,) = table.missed([found])
    assert line.startswith("missed wrong: whole-plan.txt, ")
    assert line.endswith(": stated-days instead")
    assert table.score([found]) == "1 mutants, 0 caught: mutation score 0.00 %"


def asked(about: Subject, operator: Operator, mutant: Mutant) -> list[ox.Triple]:
    """What the rules are asked of; across documents, both together."""
    if not operator.layer.across:
        return about.triples(operator.layer, mutant)
    return list({*about.stated, *mutant.of(about.original(operator.layer).edited)})


@pytest.mark.slow
@pytest.mark.parametrize("operator", OPERATORS, ids=IDS)
def test_pyshacl_says_the_same_of_a_mutant(operator: Operator) -> None:
    """In the rooms of the rules that must see it; a few seconds for all."""
    about, mutant = first(operator)
    names = sorted({room_of(SHAPE + rule) for rule in operator.rules})
    triples = asked(about, operator, mutant)
    assert check(triples, *names) == oracle.check(triples, *names)


@pytest.mark.slow
def test_the_command_prints_the_table_and_ends_well() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", "mutate", WHOLE, "--per-operator", "1"],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
        cwd=ROOT,
    )
    assert (run.returncode, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    row = next(line for line in lines if line.startswith("change-stated-days"))
    assert row.split()[-5:] == ["stated-days", "1", "1", "0", "0"]
    assert re.fullmatch(r"1 documents, (\d+) mutants, \1 caught: mutation score 100\.00 %", lines[-1])


def test_the_command_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    run = subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", "mutate", tmp_path / "empty.txt"],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        cwd=ROOT,
    )
    assert run.returncode != 0
    assert run.stdout == ""
    assert run.stderr.startswith("ducha: ")
    assert len(run.stderr.splitlines()) == 1


def test_the_page_lists_the_operators() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \| (.+?) \| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.M)
    assert listed == [(one.id, one.zh, one.en) for theme in THEMES.values() for one in theme]


@pytest.fixture(scope="module")
def everywhere() -> tuple[list[Outcome], int]:
    """What becomes of the mutants of the shipped and the development documents, and how many these are."""
    read = map(read_document, (*SHIPPED, *sorted(DEVELOPMENT.glob("*.txt")), WHOLE))
    documents = {one.id: one for one in read}
    outcomes, failures = mutate_all(documents, 2, 2)
    assert failures == []
    return outcomes, len(documents)


@pytest.mark.thorough
def test_nearly_every_mutant_of_every_document_is_caught(everywhere: tuple[list[Outcome], int]) -> None:
    outcomes, _ = everywhere
    assert sum(one.caught for one in outcomes) >= 0.99 * len(outcomes), list(table.missed(outcomes))


@pytest.mark.thorough
def test_the_same_documents_give_the_same_table(everywhere: tuple[list[Outcome], int]) -> None:
    outcomes, _ = everywhere
    for path in (WHOLE, SHIPPED[0]):
        alone = list(mutate(subject(path)))
        assert alone == [one for one in outcomes if one.file == alone[0].file]


@pytest.mark.thorough
@pytest.mark.parametrize("path", [WHOLE, SHIPPED[0], DEVELOPMENT / "closure-01.txt"], ids=lambda path: path.stem)
def test_pyshacl_says_the_same_of_many_mutants(path: Path) -> None:
    about = subject(path)
    for operator in OPERATORS:
        for mutant in mutants(about, operator, 2):
            names = (ACROSS,) if operator.layer.across else rooms()
            triples = asked(about, operator, mutant)
            assert check(triples, *names) == oracle.check(triples, *names), (operator.id, mutant.place)
