"""Validation of whole documents: what is found, with which sentence, and how it is told."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import SH, Graph, URIRef

from pipeline.validation.findings import finding_quads, validation_report
from pipeline.validation.report import (
    Finding,
    Rule,
    Sentence,
    Severity,
    counts,
    ordered,
    read_report,
    report_bytes,
    report_json,
)
from pipeline.validation.shapes import rules
from pipeline.validation.validate import Validation, validate
from pipeline.vocabulary import DEFAULT_BASE, DU, SHAPE

BASE_GRAPH = Path(__file__).parent / "shapes" / "base.ttl"
EXAMPLE = Path(__file__).parent / "graphs" / "example.trig"
SUPERVISION = f"{DEFAULT_BASE}supervision/320600-202009"
DOCUMENT = f"{DEFAULT_BASE}document/00112233445566aa"
STATED = ox.NamedNode(f"{DEFAULT_BASE}graph/document/00112233445566aa/stated")


def plan(*replacements: tuple[str, str]) -> Iterator[ox.Quad]:
    """The quads of the complete plan, with pieces of its Turtle replaced."""
    text = BASE_GRAPH.read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    for triple in ox.parse(text, format=ox.RdfFormat.TURTLE):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, STATED)


@pytest.fixture(scope="module")
def late() -> Validation:
    """A plan whose visit is stated to last 15 days, five less than its dates say."""
    return validate(plan(("du:statedDays 20", "du:statedDays 15"), ("rdf:object 20 ;", "rdf:object 15 ;")))


def test_a_clean_document_conforms_without_findings() -> None:
    result = validate(plan())
    assert result.findings == ()
    assert result.conforms


def test_a_warning_names_the_numbers_and_the_sentence_but_does_not_stop_the_document(late: Validation) -> None:
    (finding,) = late.findings
    assert late.conforms
    assert (finding.shape, finding.severity) == (SHAPE + "stated-days", Severity.WARNING)
    assert (finding.focus, finding.path) == (SUPERVISION, f"{DU}statedDays")
    assert finding.message_zh == "写明15天，起止日期（2020-09-03至2020-09-22）为20天"
    assert finding.message_en == "15 days are stated, the dates (2020-09-03 to 2020-09-22) span 20"
    quotes = {sentence.quote for sentence in finding.evidence}
    assert "为期20天" in quotes  # of the days, that of their assertion
    assert any(quote.startswith("2020年9月3日至2020年9月22日") for quote in quotes)  # of the dates
    assert finding.documents == (DOCUMENT,)


def test_a_violation_stops_the_document_and_shows_the_sentence_of_its_node() -> None:
    result = validate(plan(('rdfs:label "南通市水务局"@zh', 'rdfs:label "xx市水务局"@zh')))
    assert not result.conforms
    (finding,) = result.violations
    assert finding.shape == SHAPE + "label-placeholder"
    assert finding.focus == f"{DEFAULT_BASE}organization/320600-1a2b3c4d"
    assert finding.values == ("xx市水务局",)
    assert [sentence.quote for sentence in finding.evidence] == ["牵头单位:市水务局"]


def test_a_rule_that_looks_from_the_plan_shows_the_sentence_of_the_element() -> None:
    data = plan(('"2021-06-30"^^xsd:date', '"2022-06-30"^^xsd:date'))
    found = {finding.shape.removeprefix(SHAPE): finding for finding in validate(data).findings}
    late_measure = found["measure-within-issue"]
    assert late_measure.values == (f"{DEFAULT_BASE}plan/320600-202009/issue/1/measure/2",)
    assert late_measure.message_en == "the measure is due on 2022-06-30, its issue on 2021-12-31"
    assert [sentence.quote for sentence in late_measure.evidence] == ["2021年6月底前", "整改时限:2021年底前"]
    assert set(found) == {"measure-within-issue", "due-year-in-quote", "due-text-agrees"}


BOTH_SIDES = {
    "visit-order": ([('du:endDate "2020-09-22"', 'du:endDate "2020-09-01"')], {"2020年9月3日至2020年9月22日"}),
    "target-beyond-baseline": (
        [("du:value 68.2 ;", "du:value 95.5 ;")],
        {"污水集中收集率达到85%以上", "目前污水集中收集率为68.2%"},
    ),
    "due-after-visit": (
        [('"2021-06-30"^^xsd:date', '"2020-06-30"^^xsd:date')],
        {"2021年6月底前", "2020年9月3日至2020年9月22日"},
    ),
    "cumulative-never-falls": (
        [("du:cumulativeShare 100.0", "du:cumulativeShare 40.0")],
        {"2021年底前完成50%反馈问题整改", "2023年底前完成100%反馈问题整改"},
    ),
    "period-counts-sum": (
        [
            ("duc:indicator-issues-closed-share", "duc:indicator-issues-closed"),
            ("duc:aggregation-cumulative", "duc:aggregation-increment"),
        ],
        {"2021年底前完成50%反馈问题整改", "2023年底前完成100%反馈问题整改", "共2个问题"},
    ),
    "parts-as-stated": (
        [("du:countOf du:Goal ; du:value 2", "du:countOf du:Goal ; du:value 3")],
        {"明确2个目标", "反馈问题整改到位。", "环境质量持续改善。"},
    ),
    "already-due": (
        [('dcterms:issued "2021-03-01"', 'dcterms:issued "2022-03-01"')],
        {"2021-03-01", "整改时限:2021年底前"},
    ),
}


@pytest.mark.parametrize("rule", BOTH_SIDES)
def test_a_finding_about_several_facts_shows_the_sentence_of_each(rule: str) -> None:
    replacements, expected = BOTH_SIDES[rule]
    findings = [one for one in validate(plan(*replacements)).findings if one.shape == SHAPE + rule]
    assert findings
    shown = [{sentence.quote for sentence in finding.evidence} for finding in findings]
    assert any(all(any(part in quote for quote in quotes) for part in expected) for quotes in shown), shown


def test_a_value_of_the_wrong_kind_is_named_and_counted() -> None:
    result = validate(plan(('du:adcode "320600"', 'du:adcode "3206"')))
    assert "code of a region: exactly one (six digits); here 1: 3206" in [one.message_en for one in result.violations]
    result = validate(plan(("du:value 2 ; du:valueText", "du:value 2, 3 ; du:valueText")))
    assert "写明的数量的数值有且只有一个（非负整数），此处2个：2、3" in [one.message_zh for one in result.violations]


def test_a_value_with_a_backslash_is_reported_like_any_other() -> None:
    result = validate(plan(('du:valueText "68.2"', r'du:valueText "6\\8.2"')))
    assert [finding.message_en for finding in result.findings] == [
        "the value written “6·8.2” does not stand in a quote"
    ]


def test_earlier_findings_ontology_and_concepts_take_no_part() -> None:
    stray = ox.NamedNode(f"{DEFAULT_BASE}stray")
    about = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    for name in ("validation", "ontology", "concepts"):
        graph = ox.NamedNode(f"{DEFAULT_BASE}graph/{name}")
        assert validate([*plan(), ox.Quad(stray, about, ox.Literal("x"), graph)]).findings == ()
    assert not validate([*plan(), ox.Quad(stray, about, ox.Literal("x"), STATED)]).conforms


def test_ill_typed_literals_are_findings_without_a_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    result = validate(plan(('du:due "2023-12-31"^^xsd:date', 'du:due "2023-02-31"^^xsd:date')))
    assert SHAPE + "commitment-due" in {finding.shape for finding in result.violations}
    assert capfd.readouterr().err == ""


def test_findings_are_the_same_in_every_process() -> None:
    """Hash seeds differ between processes; findings, quads and the report do not."""
    code = (
        "import sys, pyoxigraph as ox; from pipeline.validation.validate import *;"
        "from pipeline.validation.findings import validation_report;"
        "found = validate(ox.parse(path=sys.argv[1])).findings;"
        "sys.stdout.buffer.write(b''.join(validation_report(found)) + repr(found).encode())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code, EXAMPLE],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert runs[0].count(b"a sh:ValidationResult") > 5  # the example's quotes are not cut from a text


def test_findings_become_nodes_as_docs_graph_says(late: Validation) -> None:
    (finding,) = late.findings
    quads = list(finding_quads(late.findings))
    assert {quad.subject.value for quad in quads} == {f"{DEFAULT_BASE}finding/{finding.key}"}
    assert {quad.graph_name.value for quad in quads} == {f"{DEFAULT_BASE}graph/validation"}
    facts = {(quad.predicate.value.removeprefix(DU), str(getattr(quad.object, "value", ""))) for quad in quads}
    assert {
        ("shape", SHAPE + "stated-days"),
        ("severity", "https://w3id.org/ducha/concept/severity-warning"),
        ("focus", SUPERVISION),
        ("path", f"{DU}statedDays"),
        ("inDocument", DOCUMENT),
        ("message", "15 days are stated, the dates (2020-09-03 to 2020-09-22) span 20"),
        ("evidence", finding.evidence[0].iri),
    } <= facts


def test_the_report_is_a_w3c_validation_report(late: Validation) -> None:
    graph = Graph().parse(data=b"".join(validation_report(late.findings)), format="turtle")
    report = URIRef(f"{DEFAULT_BASE}validation")
    (result,) = graph.objects(report, SH.result)
    assert str(graph.value(report, SH.conforms)) == "false"  # SHACL's word: any result at all
    assert graph.value(result, SH.resultSeverity) == SH.Warning
    assert graph.value(result, SH.sourceConstraintComponent) == SH.SPARQLConstraintComponent
    assert len(list(graph.objects(result, SH.resultMessage))) == 2
    empty = Graph().parse(data=b"".join(validation_report(())), format="turtle")
    assert str(empty.value(report, SH.conforms)) == "true"


def hit(shape: str, severity: Severity, number: int) -> Finding:
    return Finding(
        shape=SHAPE + shape,
        severity=severity,
        focus=f"{DEFAULT_BASE}plan/p",
        path=None,
        values=(f"{DEFAULT_BASE}plan/p/issue/{number}",),
        message_zh=f"第{number}项",
        message_en=f"number {number}",
        evidence=(Sentence(f"{DOCUMENT}#char=0,{number}", f"第{number}句"),),
    )


HITS = [
    *(hit("lead-known", Severity.INFO, number) for number in (1, 2, 3, 4, 5)),
    hit("stated-days", Severity.WARNING, 1),
    hit("quote-length", Severity.VIOLATION, 1),
]


def test_validation_json_can_be_read_back() -> None:
    structure = json.loads(json.dumps(report_json(HITS, rules())))
    assert structure["conforms"] is False
    assert structure["counts"] == {"violation": 1, "warning": 1, "info": 5}
    assert [rule["id"] for rule in structure["rules"]] == ["quote-length", "stated-days", "lead-known"]
    findings, known = read_report(structure)
    assert findings == ordered(HITS)
    assert report_json(findings, known) == structure
    assert json.loads(b"".join(report_bytes(HITS, rules()))) == structure


def test_the_same_hit_is_kept_once_and_its_name_ignores_the_wording() -> None:
    again = hit("stated-days", Severity.WARNING, 1)
    reworded = Finding(again.shape, again.severity, again.focus, None, again.values, "改写", "reworded")
    assert again.key == reworded.key
    assert len(ordered([*HITS, again])) == len(HITS)
    assert counts(()) == {"violation": 0, "warning": 0, "info": 0}


def test_rules_point_at_their_documentation() -> None:
    rule = rules()[SHAPE + "stated-days"]
    assert rule == Rule(
        SHAPE + "stated-days",
        Severity.WARNING,
        "写明天数与起止相符",
        "stated days agree with the dates",
        "https://w3id.org/ducha/docs/rules#stated-days",
    )
