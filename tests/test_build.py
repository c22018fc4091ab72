"""Building: one document's trouble is never another's, the same input gives the same bytes, and nothing is read twice."""

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from pipeline.assets import asset_path
from pipeline.build import BuildResult, build, check_base
from pipeline.cache import source_fingerprint
from pipeline.errors import SnapshotError, UsageError
from pipeline.extract import unreasoned
from pipeline.reasoning.contradiction import Contradiction, contradiction
from pipeline.reasoning.reason import check_slice
from pipeline.snapshot import current_snapshot
from pipeline.vocabulary import DEFAULT_BASE, DU

Build = Callable[..., BuildResult]


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "文件"
    folder.mkdir()
    for number in range(1, 4):
        (folder / f"方案{number}.txt").write_text(f"第{number}号整改方案,共3个问题。\n", encoding="utf-8")
    return folder


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Build:
    """`build` with the stages of tests/stand_in."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "stand_in"))
    monkeypatch.setenv("STAND_IN_LOG", str(tmp_path / "log"))
    import stand_in_stages

    def run(
        *arguments: Any, contradiction: Callable[[Sequence[ox.Quad]], Contradiction | None] = unreasoned, **options: Any
    ) -> BuildResult:
        stages = replace(stand_in_stages.STAGES, contradiction=contradiction)
        return build(*arguments, **options, stages=stages)

    return run


def read(tmp_path: Path) -> list[str]:
    """The names of the documents read since the last call."""
    log = tmp_path / "log"
    names = sorted(log.read_text(encoding="utf-8").splitlines()) if log.exists() else []
    log.unlink(missing_ok=True)
    return names


def content(out: Path) -> dict[str, bytes]:
    """Every file of the current snapshot but the store's."""
    root = current_snapshot(out).path
    files = (path for path in root.rglob("*") if path.is_file() and path.parent.name != "store")
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_a_snapshot_holds_texts_graph_report_and_manifest(stand_in: Build, inputs: Path, tmp_path: Path) -> None:
    text = "提示:乙市方案\r\n第二行\r"
    (inputs / "提示.txt").write_bytes(text.encode("gb18030"))
    result = stand_in([inputs], tmp_path / "out")
    assert (result.documents, result.facts, result.exit_code) == (4, 4, 0)
    assert result.findings == {"violation": 0, "warning": 0, "info": 1}

    snapshot = current_snapshot(tmp_path / "out")
    entry = next(entry for entry in snapshot.manifest["documents"] if entry["file"] == "提示.txt")
    assert snapshot.text(entry["id"]) == text
    assert entry["text_length"] == len(text)
    assert (entry["title"], entry["facts"], entry["findings"], entry["rights"]) == ("标题 提示.txt", 1, 1, "unknown")
    assert snapshot.manifest["counts"]["https://w3id.org/ducha/ontology#Issue"] == 4
    report = json.loads(snapshot.report_json_path.read_bytes())
    assert report["conforms"] is True
    assert [rule["id"] for rule in report["rules"]] == ["note"]
    assert b"sh:ValidationReport" in snapshot.report_path.read_bytes()
    store = ox.Store.read_only(str(snapshot.store_path))
    graphs = {graph.value.removeprefix("https://w3id.org/ducha/graph/") for graph in store.named_graphs()}
    assert {"regions", "validation", f"document/{entry['id']}/stated", f"document/{entry['id']}/derived"} <= graphs


def test_same_input_same_bytes_whatever_the_order_the_folder_or_the_jobs(
    stand_in: Build, inputs: Path, tmp_path: Path
) -> None:
    for number in range(4, 9):
        (inputs / f"方案{number}.txt").write_text(f"第{number}号整改方案(提示),共3个问题。\n", encoding="utf-8")
    paths = sorted(inputs.iterdir())
    stand_in([inputs], tmp_path / "a")
    stand_in(paths[::-1], tmp_path / "b")
    stand_in([inputs], tmp_path / "c", jobs=3)
    first = content(tmp_path / "a")
    assert content(tmp_path / "b") == first
    assert content(tmp_path / "c") == first
    lines = first["dump.nq"].splitlines()
    assert lines == sorted(set(lines))
    assert not list((tmp_path / "a" / "snapshots").glob(".building-*"))


def test_another_base_is_another_version(stand_in: Build, inputs: Path, tmp_path: Path) -> None:
    one = stand_in([inputs], tmp_path / "out")
    two = stand_in([inputs], tmp_path / "out", base="http://localhost:8000/")
    assert one.snapshot and two.snapshot
    assert one.snapshot.version != two.snapshot.version
    assert b"<http://localhost:8000/document/" in two.snapshot.dump_path.read_bytes()
    assert b"<https://w3id.org/ducha/document/" not in two.snapshot.dump_path.read_bytes()
    assert current_snapshot(tmp_path / "out").version == two.snapshot.version
    assert one.snapshot.dump_path.exists()


def test_bad_documents_are_reported_and_the_others_built(stand_in: Build, inputs: Path, tmp_path: Path) -> None:
    (inputs / "空.txt").write_bytes(b"")
    (inputs / "图.txt").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    (inputs / "大.txt").write_bytes(b"a" * (50 * 2**20))
    (inputs / "断.txt").symlink_to(tmp_path / "没有")
    (inputs / "夹.txt").mkdir()
    (inputs / "出错.txt").write_text("出错的方案", encoding="utf-8")
    (inputs / "拒绝.txt").write_text("拒绝的方案", encoding="utf-8")
    (inputs / "错引.txt").write_text("错引的方案", encoding="utf-8")
    (inputs / "数据.csv").write_text("a,b", encoding="utf-8")
    result = stand_in([inputs], tmp_path / "out")

    failures = {failure.file: failure for failure in result.failures}
    assert {file: failure.problem for file, failure in failures.items()} == {
        "出错.txt": "cannot be processed (ZeroDivisionError: a fault of ours)",
        "图.txt": "is a JPEG image, not plain text",
        "大.txt": "is too large (50.0 MiB, at most 8 MiB)",
        "夹.txt": "is a folder, not a document",
        "拒绝.txt": "is refused",
        "断.txt": "is a link to a missing file",
        "空.txt": "is empty",
        "错引.txt": failures["错引.txt"].problem,
    }
    assert "1 quotes differ from the text" in failures["错引.txt"].problem
    assert "ZeroDivisionError" in failures["出错.txt"].details
    assert all("\n" not in str(failure) for failure in result.failures)
    assert [path.name for path, _ in result.skipped] == ["数据.csv"]
    assert (result.documents, result.exit_code) == (3, 1)
    manifest = current_snapshot(tmp_path / "out").manifest
    assert [failure["file"] for failure in manifest["failures"]] == sorted(failures)
    assert "Traceback" not in json.dumps(manifest)
    assert str(tmp_path) not in json.dumps(manifest, ensure_ascii=False)


@pytest.mark.slow
def test_a_document_that_kills_its_worker_costs_only_itself(stand_in: Build, inputs: Path, tmp_path: Path) -> None:
    for number in range(4, 9):
        (inputs / f"方案{number}.txt").write_text(f"第{number}号整改方案。\n", encoding="utf-8")
    (inputs / "崩溃.txt").write_text("崩溃的方案", encoding="utf-8")
    result = stand_in([inputs], tmp_path / "out", jobs=2)
    assert [failure.file for failure in result.failures] == ["崩溃.txt"]
    assert "kills the process" in result.failures[0].problem
    assert result.documents == 8


def test_a_violation_quarantines_its_document_alone(stand_in: Build, inputs: Path, tmp_path: Path) -> None:
    (inputs / "违规.txt").write_text("违规的方案", encoding="utf-8")
    result = stand_in([inputs], tmp_path / "out")
    assert (result.documents, result.quarantined, result.exit_code) == (3, ("违规.txt",), 1)
    snapshot = current_snapshot(tmp_path / "out")
    (entry,) = snapshot.manifest["quarantined"]
    assert entry["findings"] == 1
    assert entry["id"].encode() not in snapshot.dump_path.read_bytes()
    with pytest.raises(SnapshotError, match="is no document of this snapshot"):
        snapshot.text(entry["id"])
    report = json.loads(snapshot.report_json_path.read_bytes())
    assert report["counts"]["violation"] == 1
    assert entry["id"] in json.dumps(report)


def test_same_content_twice_is_kept_once_and_told(stand_in: Build, inputs: Path, tmp_path: Path) -> None:
    copy = inputs / "又一份.txt"
    copy.write_bytes((inputs / "方案1.txt").read_bytes())
    result = stand_in([inputs], tmp_path / "out")
    assert result.documents == 3
    assert result.duplicates == (("方案1.txt", "又一份.txt"),)
    assert current_snapshot(tmp_path / "out").manifest["duplicates"] == [{"file": "方案1.txt", "same_as": "又一份.txt"}]
    assert stand_in([inputs / "方案1.txt", inputs / "方案1.txt"], tmp_path / "o2").duplicates == ()


def test_an_unchanged_document_is_not_read_again(stand_in: Build, inputs: Path, tmp_path: Path) -> None:
    first = stand_in([inputs], tmp_path / "out")
    assert read(tmp_path) == ["方案1.txt", "方案2.txt", "方案3.txt"]
    again = stand_in([inputs], tmp_path / "out")
    assert (read(tmp_path), again.cached) == ([], 3)
    assert first.snapshot == again.snapshot

    (inputs / "方案2.txt").write_text("第2号整改方案,改过(提示)。", encoding="utf-8")
    assert stand_in([inputs], tmp_path / "out").cached == 2
    assert read(tmp_path) == ["方案2.txt"]
    (inputs / "方案1.txt").rename(inputs / "方案甲.txt")
    stand_in([inputs], tmp_path / "out")
    assert read(tmp_path) == ["方案甲.txt"]
    stand_in([inputs], tmp_path / "out", base="http://localhost/")
    assert len(read(tmp_path)) == 3


def test_findings_come_back_from_the_cache(stand_in: Build, inputs: Path, tmp_path: Path) -> None:
    (inputs / "提示.txt").write_text("提示的方案", encoding="utf-8")
    (inputs / "违规.txt").write_text("违规的方案", encoding="utf-8")
    first = stand_in([inputs], tmp_path / "out")
    before = content(tmp_path / "out")
    again = stand_in([inputs], tmp_path / "out")
    assert again.cached == 5
    assert (again.findings, again.quarantined) == (first.findings, first.quarantined)
    assert content(tmp_path / "out") == before


@pytest.mark.parametrize(
    "damage",
    [b"", b"noise", gzip.compress(b"{}"), gzip.compress(b'{"key": 1'), gzip.compress(b"[]")],
    ids=["empty", "noise", "no keys", "cut", "no entry"],
)
def test_a_damaged_cache_entry_is_ignored_and_written_anew(
    stand_in: Build, inputs: Path, tmp_path: Path, damage: bytes
) -> None:
    stand_in([inputs], tmp_path / "out")
    before = content(tmp_path / "out")
    for entry in (tmp_path / "out" / "cache").iterdir():
        entry.write_bytes(damage)
    read(tmp_path)
    assert stand_in([inputs], tmp_path / "out").cached == 0
    assert content(tmp_path / "out") == before
    assert stand_in([inputs], tmp_path / "out").cached == 3


def test_a_swapped_cache_entry_is_not_believed(stand_in: Build, inputs: Path, tmp_path: Path) -> None:
    stand_in([inputs], tmp_path / "out")
    before = content(tmp_path / "out")
    one, two, _ = sorted((tmp_path / "out" / "cache").iterdir())
    one.write_bytes(two.read_bytes())
    stand_in([inputs], tmp_path / "out")
    assert content(tmp_path / "out") == before


def test_changed_sources_make_the_cache_void(monkeypatch: pytest.MonkeyPatch) -> None:
    before = source_fingerprint()
    assert source_fingerprint() == before
    monkeypatch.setattr("pipeline.cache.DEPENDENCIES", ("pyoxigraph",))
    assert source_fingerprint() != before


def test_where_nothing_can_be_read_what_was_published_stays(stand_in: Build, inputs: Path, tmp_path: Path) -> None:
    published = stand_in([inputs], tmp_path / "out").snapshot
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "空.txt").write_bytes(b"")
    result = stand_in([tmp_path / "bad"], tmp_path / "out")
    assert (result.snapshot, result.exit_code) == (None, 1)
    (tmp_path / "none").mkdir()
    with pytest.raises(UsageError, match="holds no document"):
        stand_in([tmp_path / "none"], tmp_path / "out")
    assert current_snapshot(tmp_path / "out") == published


def test_rights_come_from_the_table_beside_the_folder(stand_in: Build, inputs: Path, tmp_path: Path) -> None:
    result = stand_in([inputs], tmp_path / "a")
    assert result.snapshot
    first = result.snapshot.manifest["documents"][0]
    (tmp_path / "文件.csv").write_text(f"file,sha256,rights\nx,{first['sha256']},quotes-only\n", encoding="utf-8")
    result = stand_in([inputs], tmp_path / "b")
    assert result.snapshot
    rights = {entry["id"]: entry["rights"] for entry in result.snapshot.manifest["documents"]}
    assert rights.pop(first["id"]) == "quotes-only"
    assert set(rights.values()) == {"unknown"}
    (tmp_path / "文件.csv").write_bytes("file,sha256,rights\n方案,x,公开\n".encode("gb18030"))
    with pytest.raises(UsageError, match="write it as UTF-8 CSV"):
        stand_in([inputs], tmp_path / "b")


def test_the_current_folder_is_a_folder_of_documents(
    stand_in: Build, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(inputs)
    assert stand_in([Path()], tmp_path / "out").documents == 3


def test_an_output_folder_that_cannot_be_written_says_so(stand_in: Build, inputs: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SnapshotError, match="cannot be written here"):
        stand_in([inputs], tmp_path / "file")


@pytest.mark.parametrize(
    "base", ["", "ducha", "https://w3id.org/ducha", "http://例.cn/", "https://a b/", "ftp://x/", "http://x/#"]
)
def test_a_base_must_be_an_ascii_iri_with_a_slash(base: str) -> None:
    with pytest.raises(UsageError, match="is no base IRI"):
        check_base(base)


@pytest.mark.parametrize("base", ["https://w3id.org/ducha/", "http://localhost:8000/", "http://[::1]:80/a/b-c/"])
def test_usual_bases_are_taken(base: str) -> None:
    check_base(base)


def also_an_organization(quads: Sequence[ox.Quad]) -> list[ox.Quad]:
    """The quads, with a region that is an organization too."""
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    region = ox.NamedNode(f"{DEFAULT_BASE}region/450300")
    return [*quads, *(ox.Quad(region, kind, ox.NamedNode(DU + name)) for name in ("City", "Organization"))]


@pytest.mark.slow
def test_a_document_that_contradicts_the_ontology_costs_only_itself_and_says_what_clashes(
    stand_in: Build, inputs: Path, tmp_path: Path
) -> None:
    def mistaken(quads: Sequence[ox.Quad]) -> Contradiction | None:
        wrong = any("方案2" in str(quad.object) for quad in quads)
        return contradiction(also_an_organization([]) if wrong else [])

    result = stand_in([inputs], tmp_path / "out", contradiction=mistaken)
    (failure,) = result.failures
    assert (failure.file, result.documents) == ("方案2.txt", 2)
    assert failure.problem == (
        "its facts contradict the ontology (HermiT): du:City and du:Organization are disjoint classes: "
        "region/450300 rdf:type du:City and region/450300 rdf:type du:Organization"
    )
    manifest = current_snapshot(tmp_path / "out").manifest
    assert manifest["reasoned"] is True
    (listed,) = manifest["failures"]
    assert listed["problem"] == failure.problem
    assert listed["contradiction"]["kind"] == "disjoint-classes"
    assert listed["contradiction"]["minimal"] is True
    assert {one["object"] for one in listed["contradiction"]["statements"]} == {f"{DU}City", f"{DU}Organization"}
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "check", "--out", str(tmp_path / "out")]
    check = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (check.returncode, str(failure) in check.stdout) == (1, True)


@pytest.mark.slow
def test_a_time_out_of_the_reasoner_is_told_as_one_and_as_no_contradiction(
    stand_in: Build, inputs: Path, tmp_path: Path
) -> None:
    def slow(quads: Sequence[ox.Quad]) -> None:
        if any("方案2" in str(quad.object) for quad in quads):
            check_slice(quads, seconds=0.1)

    (failure,) = stand_in([inputs], tmp_path / "out", contradiction=slow).failures
    assert failure.problem.startswith("HermiT gave no answer in 0.1 s, so it is not known whether")
    assert failure.contradiction is None


def test_a_document_that_takes_too_long_costs_only_itself(
    stand_in: Build, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.extract.SECONDS", 0.5)

    def endless(quads: Sequence[ox.Quad]) -> None:
        if any("方案2" in str(quad.object) for quad in quads):
            re.search("(a|a)*b", "a" * 40)  # does not end by itself

    result = stand_in([inputs], tmp_path / "out", contradiction=endless)
    assert [(failure.file, failure.problem) for failure in result.failures] == [
        ("方案2.txt", "takes longer than 0 s to read")
    ]
    assert result.documents == 2


@pytest.mark.slow
def test_no_fact_of_an_invented_document_breaks_a_rule(tmp_path: Path) -> None:
    result = build([Path(__file__).parent / "documents"], tmp_path, jobs=2, reasoning=False)
    assert (result.failures, result.quarantined) == ((), ())
    assert result.documents == len(list((Path(__file__).parent / "documents").glob("*.txt")))


@pytest.mark.slow
def test_the_shipped_documents_build_alike_twice_and_in_parallel(tmp_path: Path) -> None:
    paths = sorted(asset_path("data", "documents").glob("*.txt"))
    assert len(paths) == 5
    first = build(paths, tmp_path / "a", jobs=1, reasoning=False)
    second = build(paths[::-1], tmp_path / "b", jobs=2, reasoning=False)
    assert not first.failures
    assert content(tmp_path / "a") == content(tmp_path / "b")
    assert second.facts == first.facts > 100
    assert [path.name for path in (tmp_path / "a" / "snapshots").iterdir()] == [
        current_snapshot(tmp_path / "a").version
    ]
