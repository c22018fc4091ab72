"""Findings in lists and counts, and `ducha check`: filters, formats, two builds compared, the oracle asked."""

import csv
import io
import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.build import build
from pipeline.errors import SnapshotError, UsageError
from pipeline.load import load
from pipeline.snapshot import Snapshot, current_snapshot, other_snapshot, previous_snapshot
from pipeline.validation.browse import opened
from pipeline.validation.check import report_text
from pipeline.validation.facets import Filter
from pipeline.validation.finding_table import COLUMNS, safe
from pipeline.validation.index import Place, Source, write_index
from pipeline.validation.report import Finding, Judgement, Sentence, Severity, ordered, read_report
from pipeline.validation.shapes import rules
from pipeline.validation.suggestions import suggestions
from pipeline.validation.trend import compared
from pipeline.vocabulary import DEFAULT_BASE, DU, SHAPE
from tests.conftest import misreading

DUCHA = str(Path(sys.executable).with_name("ducha"))
DOCUMENT = f"{DEFAULT_BASE}document/00000000000000a{{}}"
PLACES = {
    f"{DEFAULT_BASE}region/450000": Place(f"{DEFAULT_BASE}region/450000", "广西壮族自治区", "Guangxi"),
    f"{DEFAULT_BASE}region/450300": Place(f"{DEFAULT_BASE}region/450300", "桂林市", "Guilin", f"{DEFAULT_BASE}region/450000"),
}  # fmt: skip
SOURCES = [
    Source(DOCUMENT.format(1), "甲.txt", "甲", (f"{DEFAULT_BASE}region/450300",)),
    Source(DOCUMENT.format(2), "乙.txt", "乙", (f"{DEFAULT_BASE}region/450000",), left_out=True),
    Source(DOCUMENT.format(3), "丙.txt", "丙"),
]


def hit(shape: str, number: int, *documents: int, judgement: Judgement | None = None) -> Finding:
    return Finding(
        shape=SHAPE + shape,
        severity=rules()[SHAPE + shape].severity,
        focus=f"{DEFAULT_BASE}plan/p",
        path=None,
        values=(f"{DEFAULT_BASE}plan/p/issue/{number}",),
        message_zh=f"第{number}项",
        message_en=f"number {number}",
        documents=tuple(DOCUMENT.format(one) for one in documents),
        evidence=tuple(Sentence(f"{DOCUMENT.format(one)}#char={number},{number + 3}", f"第{number}句") for one in documents),
        judgement=judgement,
    )  # fmt: skip


HITS = ordered(
    [
        *(hit("lead-known", number, 1) for number in (1, 2, 3, 4, 5)),
        hit("lead-known", 6, 3),
        hit("stated-days", 1, 1, 3, judgement=Judgement.ACCEPTED_IN_SOURCE),
        hit("quote-length", 1, 2),
    ]
)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    path = tmp_path / "findings.db"
    left_out = {one.key for one in HITS if one.severity is Severity.VIOLATION}
    write_index(path, [(one.key, one) for one in HITS], rules(), SOURCES, PLACES, left_out).close()
    return path


def test_a_filter_leaves_what_fits_all_its_fields(index: Path) -> None:
    with opened(index) as findings:

        def left(**wish: str) -> list[Finding]:
            return [one.finding for one in findings.every(findings.resolved(Filter(**wish)))]

        assert left() == list(HITS)
        assert left(region="桂林市") == left(region="Guilin") == left(region="450300")
        assert [one.message_en for one in left(region="450300", severity="info")] == [
            f"number {n}" for n in range(1, 6)
        ]
        assert len(left(region="广西壮族自治区")) == 7  # the city lies in it
        assert len(left(region="none")) == 2
        assert left(document="丙.txt") == left(document="00000000000000a3")
        assert [one.shape for one in left(document="丙.txt", judgement="judged")] == [SHAPE + "stated-days"]
        assert len(left(judgement="open")) == 7
        assert left(judgement="accepted-in-source") == left(rule="stated-days")
        assert [one.shape for one in left(state="left-out")] == [SHAPE + "quote-length"]
        assert left(severity="violation", region="450300") == []


@pytest.mark.parametrize(
    "wish", [{"severity": "bad"}, {"rule": "x"}, {"region": "成都"}, {"document": "no.txt"}, {"judgement": "maybe"}]
)
def test_a_filter_that_means_nothing_is_refused_with_a_way_out(index: Path, wish: dict[str, str]) -> None:
    with opened(index) as findings, pytest.raises(UsageError) as caught:
        findings.resolved(Filter(**wish))
    assert next(iter(wish.values())) in str(caught.value)
    assert caught.value.remedy


def test_counts_add_up_to_the_lists(index: Path) -> None:
    with opened(index) as findings:
        for wish in (Filter(), Filter(region="450000"), Filter(document="00000000000000a3")):
            facets = findings.facets(wish)
            assert facets.total == findings.count(wish) == len(list(findings.every(wish)))
            assert sum(facets.severities.values()) == sum(facets.judgements.values()) == facets.total
            for tally in facets.rules:
                assert tally.total == findings.count(replace(wish, rule=tally.about.id))
        facets = findings.facets(Filter())
        for tally in facets.regions:
            assert tally.total == findings.count(Filter(region=tally.about.name))
        for tally in facets.documents:
            assert tally.total == findings.count(Filter(document=tally.about.name))
        assert [(one.about.zh, one.depth) for one in facets.regions] == [
            ("广西壮族自治区", 0),
            ("桂林市", 1),
            ("地区不明", 0),
        ]


@pytest.mark.parametrize("sort", ["severity", "rule", "document"])
def test_pages_joined_are_the_list(index: Path, sort: str) -> None:
    with opened(index) as findings:
        pages = [one for begin in range(0, 12, 3) for one in findings.page(Filter(), sort, begin, 3)]
        assert pages == list(findings.every(Filter(), sort))
        assert {one.key for one in pages} == {one.key for one in HITS}


def test_the_printed_report_goes_by_severity_then_rule_with_three_examples(index: Path) -> None:
    with opened(index) as findings:
        lines = list(report_text(findings, Filter(), "en"))
        both = "\n".join(report_text(findings, Filter()))
        nothing = list(report_text(findings, Filter(severity="violation", rule="stated-days"), "zh"))
    heads = [line for line in lines[: lines.index(next(one for one in lines if one.startswith("region")))] if line]
    assert [line for line in heads if not line.startswith("    ")] == [
        "open 7 / judged 1",
        "violations (ours: the document is quarantined): 1",
        "  quote-length · quote as long as its span: 1",
        "warnings (the source's own trouble): 1",
        "  stated-days · stated days agree with the dates: 1",
        "notes (worth knowing): 6",
        "  lead-known · lead organisation is known: 6",
    ]
    text = "\n".join(lines)
    assert "      “第3句”" in text
    assert "第4句" not in text
    assert "… and 3 more" in text
    assert ["乙.txt", "(left", "out)", "1", "0", "0"] in [line.split() for line in lines]
    assert "写明天数与起止相符 / stated days agree with the dates: 1" in both
    assert nothing == ["没有发现问题"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_a_cell_is_never_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"
    assert safe(f"x{cell}") == f"x{cell}"


def test_each_judgement_has_a_command_and_an_entry(index: Path) -> None:
    with opened(index) as findings:
        (listed,) = findings.page(Filter(rule="stated-days"))
        (left_out,) = findings.page(Filter(state="left-out"))
    found = suggestions(listed, DEFAULT_BASE)
    assert [one.judgement for one in found] == list(Judgement)
    for one, action in zip(found, ("accept", "reject", "fixed"), strict=True):
        assert f'key = "finding/{listed.key}"' in one.block
        assert f'action = "{action}"' in one.block
        assert one.command.startswith(f"ducha review 'finding/{listed.key}' --{action} ")
    (mend,) = suggestions(left_out, DEFAULT_BASE)
    assert 'key = "plan/p"' in mend.block
    assert mend.judgement is None


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    (tmp_path / "findings.db").write_bytes(b"nothing of the sort" * 100)
    with pytest.raises(SnapshotError, match="cannot be read"), opened(tmp_path / "findings.db"):
        pass
    with pytest.raises(SnapshotError, match="is missing"), opened(tmp_path / "other.db"):
        pass


def check(out: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [DUCHA, "check", "--out", str(out), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=300)


def published(out: Path) -> tuple[Snapshot, Snapshot]:
    """The snapshot in force and the one before."""
    now = current_snapshot(out)
    before = previous_snapshot(now)
    assert before is not None
    return now, before


@pytest.mark.slow
def test_the_index_holds_what_validation_json_holds(two_builds: Path) -> None:
    snapshot = current_snapshot(two_builds)
    findings, _ = read_report(json.loads(snapshot.report_json_path.read_bytes()))
    with opened(snapshot.findings_path) as index:
        listed = list(index.every(Filter()))
        assert [one.finding for one in listed] == list(findings)
        facets = index.facets(Filter())
    assert dict(facets.severities) == snapshot.manifest["findings"]
    assert {(one.about.file, one.total) for one in facets.documents} == {
        (entry["file"], entry["findings"])
        for entry in (*snapshot.manifest["documents"], *snapshot.manifest["quarantined"])
        if entry["findings"]
    }


@pytest.mark.slow
def test_a_finding_lies_where_its_document_is_about(two_builds: Path) -> None:
    """Counts by region agree with SPARQL on the published graph."""
    snapshot = current_snapshot(two_builds)
    store = ox.Store.read_only(str(snapshot.store_path))
    rows = store.query(
        f"PREFIX du: <{DU}> SELECT ?region (COUNT(DISTINCT ?finding) AS ?n) {{ ?finding a du:Finding ; du:inDocument ?d ."
        " ?d du:describes/du:region/du:directPartOf* ?region } GROUP BY ?region"
    )
    assert isinstance(rows, ox.QuerySolutions)
    asked = {row["region"].value.rpartition("/")[2]: int(row["n"].value) for row in rows}
    assert len(asked) > 3
    with opened(snapshot.findings_path) as index:
        assert {name: index.count(Filter(region=name, state="published")) for name in asked} == asked


@pytest.mark.slow
def test_two_builds_differ_in_what_came_went_and_changed(two_builds: Path) -> None:
    now, before = published(two_builds)
    old, new = (
        {one.key: one for one in read_report(json.loads(snapshot.report_json_path.read_bytes()))[0]}
        for snapshot in (before, now)
    )
    with compared(now.findings_path, before.findings_path) as trend:
        lists = {
            change: {one.key for one in trend.page(Filter(change=change), "severity", 0, 500)}
            for change in ("new", "gone", "changed", "unchanged")
        }
        totals: Counter[str] = sum(trend.by_rule(Filter()).values(), Counter())
        days = trend.by_rule(Filter(rule="stated-days"))
    assert lists["new"] == new.keys() - old.keys() != set()
    assert lists["gone"] == old.keys() - new.keys() != set()
    assert lists["changed"] == {key for key in old.keys() & new.keys() if old[key].numbers != new[key].numbers}
    assert lists["changed"] | lists["unchanged"] == old.keys() & new.keys()
    assert {change: len(keys) for change, keys in lists.items()} == dict(totals)
    assert days["stated-days"]["changed"] == 1
    assert {document for key in lists["gone"] for document in old[key].documents} == {
        f"{DEFAULT_BASE}document/{entry['id']}"
        for entry in before.manifest["documents"]
        if entry["file"] in {"closure-04.txt"}
    }


@pytest.mark.slow
def test_check_compares_with_a_version_or_a_folder(two_builds: Path) -> None:
    now, before = published(two_builds)
    runs = [check(two_builds, "--lang", "en", "--against", str(name)) for name in (before.version, before.path)]
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stdout.startswith(f"{before.version} → {now.version}\nnew ")
    assert "stated-days · stated days agree with the dates: changed 1" in runs[0].stdout
    assert runs[0].returncode == 1
    missing = check(two_builds, "--against", "0" * 16)
    assert missing.returncode == 2
    assert missing.stderr.count("\n") == 1


@pytest.mark.slow
def test_check_filters_and_gives_tables(two_builds: Path) -> None:
    wide = check(two_builds, "--format", "csv", "--lang", "zh")
    assert wide.returncode == 1
    rows = list(csv.DictReader(io.StringIO(wide.stdout.removeprefix("\ufeff"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert wide.stdout.startswith("\ufeff")
    snapshot = current_snapshot(two_builds)
    assert Counter(row["severity"] for row in rows) == Counter(
        {k: n for k, n in snapshot.manifest["findings"].items() if n}
    )
    some = check(
        two_builds, "--format", "json", "--severity", "info", "--region", "浙江省", "--document", "closure-02.txt"
    )
    wanted = [row["key"] for row in rows if row["documents"] == "closure-02.txt" and row["severity"] == "info"]
    assert [one["id"] for one in json.loads(some.stdout)] == wanted != []
    assert all("浙江省" in row["regions"] for row in rows if row["documents"] == "closure-02.txt")
    text = check(two_builds, "--rule", "stated-days", "--lang", "zh").stdout
    assert "写明15天，起止日期（2022-09-08至2022-09-27）为20天" in text
    assert "白城市" in text
    wrong = check(two_builds, "--rule", "no-such")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "rule no-such" in wrong.stderr


@pytest.mark.slow
def test_the_oracle_agrees_on_a_published_document(two_builds: Path) -> None:
    run = check(two_builds, "--oracle", "--document", "full-plan-04.txt")
    assert (run.returncode, run.stdout.splitlines()[-1]) == (0, "(1 of 1 documents equal)")
    assert check(two_builds, "--oracle", "--document", "no.txt").returncode == 2


@pytest.mark.slow
def test_a_loaded_dump_lists_its_findings_again(two_builds: Path, tmp_path: Path) -> None:
    snapshot = current_snapshot(two_builds)
    again = load([snapshot.dump_path], tmp_path)
    with opened(again.findings_path) as loaded, opened(snapshot.findings_path) as built:
        wish = Filter(state="published")
        assert {one.key for one in loaded.every(Filter())} == {one.key for one in built.every(wish)}
        named = [(one.about.id, one.about.label_zh, one.total) for one in built.facets(wish).rules]
        assert [(one.about.id, one.about.label_zh, one.total) for one in loaded.facets(Filter()).rules] == named
        regions = {one.about.name: one.total for one in built.facets(wish).regions}
        assert {one.about.name: one.total for one in loaded.facets(Filter()).regions} == regions


@pytest.mark.slow
def test_the_entry_of_a_left_out_document_brings_it_back(two_builds: Path, tmp_path: Path) -> None:
    snapshot = current_snapshot(two_builds)
    with opened(snapshot.findings_path) as findings:
        blocks = [one.block for listed in findings.every(Filter(severity="violation")) for one in suggestions(listed, DEFAULT_BASE)]  # fmt: skip
    entry = "\n".join(blocks).replace('by = ""', 'by = "甲"').replace('on = ""', "on = 2026-11-22")
    (tmp_path / "corrections").mkdir()
    (tmp_path / "corrections" / "a.toml").write_text(entry.replace('why = ""', 'why = "误读"'), encoding="utf-8")
    document = Path(__file__).parent / "development" / "closure-03.txt"
    corrections = tmp_path / "corrections"
    result = build([document], tmp_path / "out", reasoning=False, corrections=corrections, stages=misreading())
    assert (result.quarantined, result.applied, result.lapsed) == ((), 1, ())


def test_only_a_version_or_a_folder_is_another_snapshot(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError):
        other_snapshot(tmp_path, "nowhere")


HOSTILE = """@prefix du: <https://w3id.org/ducha/ontology#> .
@prefix duc: <https://w3id.org/ducha/concept/> .
<http://a/finding/x> a du:Finding ; du:shape <http://s/r> ; du:severity duc:severity-warning ; du:evidence "no node" ;
  du:judgement duc:judgement-odd ; du:numbers "days=20 · span=21" ; du:inDocument <http://a/d/1> .
<http://b/finding/x> a du:Finding ; du:shape <http://t/r> ; du:severity duc:severity-warning ; du:inDocument <http://b/d/1> .
<http://a/d/1> a du:Document ; du:describes <http://a/p> . <http://b/d/1> a du:Document .
<http://a/p> du:region <http://r/1> . <http://r/1> du:directPartOf <http://q/1> . <http://q/1> du:directPartOf <http://r/1> .
"""


def test_findings_of_odd_data_are_listed_without_harm(tmp_path: Path) -> None:
    """Two of one name, a judgement and evidence that are none, a region that lies in itself."""
    (tmp_path / "odd.ttl").write_text(HOSTILE, encoding="utf-8")
    snapshot = load([tmp_path / "odd.ttl"], tmp_path / "out")
    with opened(snapshot.findings_path) as findings:
        found = {one.finding.shape: one.finding for one in findings.every(Filter())}
    assert set(found) == {"http://s/r", "http://t/r"}
    assert dict(found["http://s/r"].numbers) == {"days": "20", "span": "21"}
    assert (found["http://s/r"].judgement, found["http://s/r"].evidence) == (None, ())
