"""Evaluation: what is right, missed and wrong is counted once each, and a faulty gold file is named."""

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.errors import UsageError
from pipeline.evaluate import Evaluation, Score, evaluate, measure
from pipeline.gold import read_gold
from pipeline.snapshot import Snapshot, publish
from pipeline.vocabulary import DEFAULT_BASE, DU

GOLD = Path(__file__).parent / "gold"
DUCHA = str(Path(sys.executable).with_name("ducha"))
TEXT = (GOLD / "yunxi.txt").read_text(encoding="utf-8")


def put(out: Path, texts: dict[str, str], *more: ox.Quad) -> Snapshot:
    quads = [*ox.parse(path=GOLD / "yunxi.trig"), *more]
    manifest = {"base": DEFAULT_BASE, "documents": []}
    return publish(out, quads, texts, manifest, report_ttl=b"", report_json=b"{}")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return put(tmp_path_factory.mktemp("out"), {"5e0fd1c2ab3498d7": TEXT})


@pytest.fixture(scope="module")
def result(snapshot: Snapshot) -> Evaluation:
    return measure(GOLD, snapshot)


def counts(result: Evaluation) -> dict[str, tuple[int, int, int]]:
    return {score.kind: (score.gold, score.found, score.right) for score in (*result.scores, *result.apart)}


def test_every_kind_is_counted_as_gold_found_and_right(result: Evaluation) -> None:
    assert counts(result) == {
        "document kind": (1, 1, 1),
        "title": (1, 1, 1),
        "issued": (1, 0, 0),
        "city": (1, 1, 1),
        "province": (1, 1, 1),
        "level": (1, 1, 1),
        "supervision kind": (0, 1, 0),
        "round": (1, 1, 1),
        "team": (1, 1, 1),
        "start": (1, 1, 1),
        "end": (1, 1, 0),
        "stated days": (1, 1, 1),
        "count of Issue": (1, 1, 1),
        "principle": (3, 3, 2),
        "goal": (1, 1, 1),
        "target": (4, 4, 3),
        "target due": (4, 3, 2),
        "target comparator": (4, 3, 2),
        "baseline": (0, 1, 0),
        "issue": (2, 1, 1),
        "issue goal": (1, 1, 1),
        "issue due": (1, 1, 1),
        "issue status": (1, 1, 0),
        "issue lead organisation": (1, 1, 1),
        "issue responsible organisation": (3, 2, 1),
        "measure": (3, 1, 1),
        "evidence quotes": (18, 19, 18),
        "gaps": (4, 3, 2),
    }


def test_each_difference_has_one_line(result: Evaluation) -> None:
    assert [line for line in result.missed if ": target" not in line] == [
        "yunxi: issued: missed: 2022-06-01",
        "yunxi: end: missed: 2022-03-18",
        "yunxi: principle: missed: 依法依规",
        "yunxi: issue status: missed: completed",
        "yunxi: issue responsible organisation: missed: 市住建局",
        "yunxi: measure: missed: 建立巡河制度。",
        "yunxi: issue: missed: 砂石场扬尘未治理。",
        "yunxi: issue responsible organisation: missed: 市交通局",
        "yunxi: measure: missed: 安装喷淋设施。",
        "yunxi: gaps: missed: 溪河水清岸绿",
        "yunxi: gaps: missed: 整改率xx%",
    ]
    assert "yunxi: target: missed: 修复湿地 18 公里" in result.missed
    assert "yunxi: target: wrong: 修复湿地 18 处" in result.wrong
    assert "yunxi: target due: wrong: 2024-12-31" in result.wrong
    assert "yunxi: supervision kind: wrong: routine" in result.wrong
    assert "yunxi: evidence quotes: wrong: 全市现有污水厂3座" in result.wrong
    assert "yunxi: gaps: wrong: 为期" in result.wrong
    for score in (*result.scores, *result.apart):
        assert sum(f": {score.kind}: missed: " in line for line in result.missed) == score.gold - score.right
        assert sum(f": {score.kind}: wrong: " in line for line in result.wrong) == score.found - score.right


def test_precision_recall_and_f1() -> None:
    score = Score("measure", gold=4, found=3, right=2)
    assert score.precision == pytest.approx(2 / 3)
    assert score.recall == pytest.approx(1 / 2)
    assert score.f1 == pytest.approx(4 / 7)
    nothing_found = Score("measure", gold=4, found=0, right=0)
    assert (nothing_found.precision, nothing_found.recall, nothing_found.f1) == (None, 0, 0)
    invented = Score("measure", gold=0, found=2, right=0)
    assert (invented.precision, invented.recall, invented.f1) == (0, None, 0)


def test_totals_weigh_facts_or_kinds_and_leave_out_what_stands_apart() -> None:
    scores = (Score("issue", 8, 8, 8), Score("goal", 2, 2, 0))
    whole = Evaluation(scores, (Score("gaps", 90, 90, 0),), (), (), ())
    assert (whole.micro.gold, whole.micro.found, whole.micro.right) == (10, 10, 8)
    assert whole.micro.f1 == pytest.approx(0.8)
    assert whole.macro == pytest.approx(0.5)
    assert Evaluation((), (), (), (), ()).macro is None


def test_the_table_is_aligned_and_complete(result: Evaluation) -> None:
    lines = result.table().splitlines()
    assert lines[0].split() == ["kind", "of", "fact", "gold", "found", "right", "precision", "recall", "F1"]
    assert lines[1:27] == [str(score) for score in result.scores]
    assert [line.split()[0] for line in lines[27:]] == ["all", "mean", "not", "evidence", "gaps"]
    assert {len(line) for line in lines if line != "not in the totals:"} == {83}
    assert "issued                               1     0     0          -      0.000      0.000" in lines


def test_a_document_that_the_graph_lacks_is_missed_and_said(snapshot: Snapshot, tmp_path: Path) -> None:
    gold = (GOLD / "yunxi.yaml").read_text(encoding="utf-8").replace("file: yunxi.txt", "file: elsewhere.txt")
    (tmp_path / "gone.yaml").write_text(gold, encoding="utf-8")
    result = measure(tmp_path, snapshot)
    assert result.notes == ("gone: elsewhere.txt is not in the graph: all its facts count as missed",)
    assert (result.micro.gold, result.micro.found, result.micro.right) == (40, 0, 0)
    assert result.wrong == ()


def test_without_the_stored_text_quotes_and_gaps_are_said_to_be_unchecked(tmp_path: Path) -> None:
    result = measure(GOLD, put(tmp_path, {}))
    assert result.apart == ()
    assert result.notes == ("yunxi: the snapshot keeps no text of it: quotes and gaps are not checked",)


def test_a_measure_of_which_the_document_says_nothing_is_wrong(tmp_path: Path) -> None:
    plan = f"{DEFAULT_BASE}plan/990100-202203/issue/1"
    stated = ox.NamedNode(f"{DEFAULT_BASE}graph/document/5e0fd1c2ab3498d7/stated")
    link = ox.Quad(ox.NamedNode(plan), ox.NamedNode(f"{DU}measure"), ox.NamedNode(f"{plan}/measure/9"), stated)
    result = measure(GOLD, put(tmp_path, {}, link))
    assert counts(result)["measure"] == (3, 2, 1)


def test_an_optional_fact_counts_only_when_it_is_found(snapshot: Snapshot, tmp_path: Path) -> None:
    gold = "document: {file: yunxi.txt}\nprinciples:\n"
    found, other = "- {label: 提高站位, inferred: true}\n", "- {label: 立行立改, number_inferred: true}\n"
    file = tmp_path / "optional.yaml"
    file.write_text(gold + found + other, encoding="utf-8")
    assert counts(measure(file, snapshot))["principle"] == (1, 3, 1)
    file.write_text(gold + other, encoding="utf-8")
    assert counts(measure(file, snapshot))["principle"] == (0, 3, 0)


def test_accepted_forms_and_masked_values(snapshot: Snapshot, tmp_path: Path) -> None:
    file = tmp_path / "forms.yaml"
    file.write_text(
        "document: {file: yunxi.txt, title: {value: 别的标题, accept: [云溪市贯彻落实省第四生态环境保护督察组反馈意见整改方案]}}\n"
        "supervision: {end: {value: 2022-03-19, placeholder: true}, team: {value: 省第五生态环境保护督察组}}\n",
        encoding="utf-8",
    )
    scores = counts(measure(file, snapshot))
    assert scores["title"] == (1, 1, 1)
    assert scores["end"] == (1, 1, 1)
    assert scores["team"] == (1, 1, 0), "another ordinal is another team"


def test_a_kind_that_the_gold_leaves_out_is_not_scored(snapshot: Snapshot, tmp_path: Path) -> None:
    file = tmp_path / "short.yaml"
    file.write_text("document: {file: yunxi.txt}\nbaselines: []\n", encoding="utf-8")
    scores = counts(measure(file, snapshot))
    assert scores["baseline"] == (0, 1, 0)
    assert not {"principle", "issue", "target", "count of Issue", "gaps"} & set(scores)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "bad.yaml: document.file: is not a text"),
        ("- 1", "bad.yaml: the file: is not a mapping"),
        ("document: [", "bad.yaml: is no readable YAML"),
        ("document: {file: \x01}", "bad.yaml: is no readable YAML"),
        ("document: {file: a.txt, kind: leaflet}", "bad.yaml: document.kind: is not one of plan-announcement, "),
        ("document: {file: a.txt, published: {value: soon}}", "bad.yaml: document.published.value: is not a date"),
        ("document: {file: a.txt, published: 2023-13-01}", "bad.yaml: document.published: is not a date"),
        ("document: {file: a.txt}\nsupervision: 2", "bad.yaml: supervision: is not a mapping"),
        ("document: {file: a.txt}\nsupervision: {round: two}", "bad.yaml: supervision.round: is not a whole number"),
        ("document: {file: a.txt}\nplan: {counts: {issues: many}}", "bad.yaml: plan.counts.issues: is not a whole"),
        ("document: {file: a.txt}\nprinciples: 3", "bad.yaml: principles: is not a list"),
        ("document: {file: a.txt}\ngoals: [{number: 1}]", "bad.yaml: goals[0]: is not an entry with a text or a quote"),
        ("document: {file: a.txt}\ntargets: [{quote: a, value: all}]", "bad.yaml: targets[0].value: is not a number"),
        (
            "document: {file: a.txt}\ntargets: [{quote: a, value: 1, comparator: up}]",
            "bad.yaml: targets[0].comparator: is not one of >= ",
        ),
        (
            "document: {file: a.txt}\nissues: [{text: a, lead_orgs: {as_written: b}}]",
            "bad.yaml: issues[0].lead_orgs.expanded: is not a list",
        ),
        (
            "document: {file: a.txt}\nissues: [{text: a, responsible_orgs: [{role: b}]}]",
            "bad.yaml: issues[0].responsible_orgs[0]: is not a text",
        ),
    ],
)
def test_a_faulty_gold_file_is_one_line_that_names_file_and_key(
    text: str, message: str, snapshot: Snapshot, tmp_path: Path
) -> None:
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        measure(tmp_path, snapshot)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_the_documented_format_is_read(tmp_path: Path) -> None:
    page = (GOLD.parent.parent / "docs" / "evaluation.md").read_text(encoding="utf-8")
    file = tmp_path / "documented.yaml"
    file.write_text(page.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    (gold,) = read_gold(file)
    assert gold.document == "yunxi.txt"
    assert {"round", "feedback date", "count of Measure", "measure category", "issue"} <= set(gold.facts.parts)
    assert all(gold.facts.parts[kind] for kind in gold.facts.parts if kind != "baseline")
    assert [str(body) for body in gold.facts.parts["issue"][0].parts["issue responsible organisation"]] == [
        "市城管局",
        "市住建局",
    ]
    assert gold.marks == ("反馈问题个",)


def test_a_folder_without_gold_files_is_wrong_use(snapshot: Snapshot, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone"):
        with pytest.raises(UsageError, match="holds no gold file"):
            measure(path, snapshot)


def test_the_command_prints_the_table_and_with_verbose_the_differences(snapshot: Snapshot) -> None:
    command = [DUCHA, "evaluate", str(GOLD), "--out", str(snapshot.path.parent.parent)]
    plain = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    verbose = subprocess.run([*command, "--verbose"], capture_output=True, text=True, check=True, encoding="utf-8")
    assert plain.stdout.splitlines() == evaluate(GOLD, snapshot)
    assert verbose.stdout.splitlines() == evaluate(GOLD, snapshot, verbose=True)
    assert verbose.stdout.startswith(plain.stdout)
    assert "yunxi: principle: wrong: 提高站位" in verbose.stdout


def test_without_pyyaml_the_command_says_what_to_install(snapshot: Snapshot) -> None:
    # A module that is None cannot be imported, as in an installation without the dev extra.
    code = "import sys; sys.modules['yaml'] = None; from pipeline.cli import main; main()"
    command = [sys.executable, "-c", code, "evaluate", str(GOLD), "--out", str(snapshot.path.parent.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 2
    assert done.stderr == "ducha: ducha evaluate: reads YAML, and PyYAML is not installed; pip install pyyaml\n"
