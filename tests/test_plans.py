"""The invented plans of `bench/` are read whole, and what is wrong with one is found by the rule that it breaks."""

import random
import sys
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent.parent / "bench"))

from faults import FAULTS
from invented import Plan, invent
from layouts import LAYOUTS, written
from plans import plans

from pipeline.document import read_document
from pipeline.extract import Extracted, Task, default_stages, extract
from pipeline.facts import read_facts
from pipeline.graph import region_quads
from pipeline.model import Facts, Issue
from pipeline.region import load_regions
from pipeline.vocabulary import DEFAULT_BASE


def plan(at: int) -> Plan:
    return invent(at, random.Random(at))  # noqa: S311 - a repeatable choice, not a secret


@pytest.fixture(scope="module")
def task() -> Task:
    regions: dict[str, list[object]] = {}
    for quad in region_quads(load_regions(), DEFAULT_BASE):
        regions.setdefault(quad.subject.value, []).append(quad)
    return Task(default_stages(reasoning=False), regions, DEFAULT_BASE)


def found(text: str, folder: Path, task: Task) -> set[str]:
    """The rules that find something in a text."""
    path = folder / "plan.txt"
    path.write_text(text, encoding="utf-8")
    outcome = extract(read_document(path), task)
    assert isinstance(outcome, Extracted), outcome
    return {finding.shape.rpartition("/")[2] for finding in outcome.findings}


def read(text: str, folder: Path) -> Facts:
    path = folder / "plan.txt"
    path.write_text(text, encoding="utf-8")
    return read_facts(read_document(path))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_plan_is_read_whole_in_every_layout(layout, tmp_path):
    told = plan(3)
    facts = read(written(told, layout), tmp_path)
    assert facts.kind.value == "document-rectification-plan"
    assert facts.completeness.value == "completeness-full"
    visit = [
        str(moment.value) for moment in (facts.supervision.start, facts.supervision.end, facts.supervision.feedback)
    ]
    assert visit == [day.isoformat() for day in (told.begin, told.end, told.feedback)]
    number = Counter(element.kind for element in facts.plan.elements)
    assert number["Principle"] == len(told.principles)
    assert number["Safeguard"] == len(told.safeguards)
    assert number["MeasureCategory"] == len(told.works)
    issues = [element for element in facts.plan.elements if isinstance(element, Issue)]
    assert [issue.number for issue in issues] == [str(issue.number) for issue in told.issues]
    assert [len(issue.measures) for issue in issues] == [len(issue.measures) for issue in told.issues]
    assert [issue.due.value.last_day if issue.due else None for issue in issues] == [
        issue.due.day if issue.due else None for issue in told.issues
    ]


def test_nothing_is_found_in_plans_without_fault(tmp_path, task):
    for name, text in plans(6):
        assert not found(text, tmp_path, task), name


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_is_found_by_the_rule_that_it_breaks(rule, tmp_path, task):
    at = list(FAULTS).index(rule)
    assert rule in found(written(FAULTS[rule](plan(at)), LAYOUTS[at % len(LAYOUTS)]), tmp_path, task)


def test_the_same_seed_gives_the_same_texts():
    once = list(plans(9, seed=4, faults=0.5))
    assert once == list(islice(plans(30, seed=4, faults=0.5), 9))
    assert len({text for _, text in once}) == 9
    assert once != list(plans(9, seed=5, faults=0.5))
