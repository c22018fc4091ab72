"""The command line as a user meets it: real processes, exit codes, one line for each trouble."""

import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.assets import asset_path
from pipeline.snapshot import current_snapshot

DUCHA = str(Path(sys.executable).with_name("ducha"))
EXAMPLE = Path(__file__).parent / "graphs" / "example.trig"
SEEDS = sorted(asset_path("data", "documents").glob("*.txt"))


def ducha(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [DUCHA, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", cwd=cwd, check=False, timeout=300)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example graph in force."""
    out = tmp_path_factory.mktemp("loaded")
    assert ducha("load", EXAMPLE, "--out", out).returncode == 0
    return out


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A folder with the snapshot of three shipped documents and some bad ones, and how the build ended."""
    folder = tmp_path_factory.mktemp("input")
    for path in SEEDS[:2]:
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "白城 方案（报批稿）.txt").write_bytes(SEEDS[2].read_bytes().decode().encode("gb18030"))
    (folder / "照片.txt").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    (folder / "空.txt").write_bytes(b"")
    (folder / "notes.csv").write_text("a,b")
    out = tmp_path_factory.mktemp("built")
    return out, ducha("build", folder, "--out", out)


def one_complaint(run: subprocess.CompletedProcess[str], code: int, words: str) -> None:
    """The run ended with this code and said one line on standard error, which begins with `ducha:`."""
    assert run.returncode == code
    lines = run.stderr.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("ducha: ")
    assert words in lines[0]
    assert not run.stdout


@pytest.mark.slow
def test_build_reports_each_bad_file_and_builds_the_others(
    built: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    out, run = built
    assert run.returncode == 1
    lines = run.stderr.splitlines()
    assert any(line.startswith("ducha: skipped notes.csv (ducha reads .doc, ") for line in lines)
    assert "ducha: 照片.txt: is a JPEG image, not plain text; save its text as UTF-8 .txt" in lines
    assert "ducha: 空.txt: is empty; remove it or fetch it again" in lines
    assert "Traceback" not in run.stderr
    snapshot = current_snapshot(out)
    assert f"version    {snapshot.version}" in run.stdout
    names = {entry["file"]: entry for entry in (*snapshot.manifest["documents"], *snapshot.manifest["quarantined"])}
    assert {"白城 方案（报批稿）.txt", SEEDS[0].name, SEEDS[1].name} == set(names)
    assert snapshot.text(names[SEEDS[0].name]["id"]) == SEEDS[0].read_bytes().decode()


@pytest.mark.slow
def test_explain_shows_the_sentence_in_its_context(built: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out, _ = built
    run = ducha("explain", "plan/450300-202310", "--out", out)
    assert run.returncode == 0, run.stderr
    assert "https://w3id.org/ducha/plan/450300-202310\n" in run.stdout
    assert SEEDS[0].name in run.stdout
    assert "【" in run.stdout
    assert "basis stated" in run.stdout
    assert "statedCount" in run.stdout
    quote = run.stdout.partition("【")[2].partition("】")[0]
    assert quote in " ".join(SEEDS[0].read_text(encoding="utf-8").split())


@pytest.mark.slow
def test_check_prints_the_report(built: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out, _ = built
    run = ducha("check", "--out", out, "--language", "en")
    manifest = current_snapshot(out).manifest
    assert run.returncode == (1 if manifest["findings"]["violation"] else 0)
    for severity, word in (("warning", "warnings"), ("info", "notes")):
        assert (f"{word} (" in run.stdout) == bool(manifest["findings"][severity])


def test_facts_of_one_document_with_their_quotes() -> None:
    run = ducha("facts", SEEDS[0])
    assert run.returncode == 0, run.stderr
    assert "桂林市公开发布第二轮自治区生态环境保护督察反馈意见整改方案" in run.stdout
    structure = json.loads(ducha("facts", SEEDS[0], "--json").stdout)
    assert structure["file"] == SEEDS[0].name
    text = SEEDS[0].read_bytes().decode()
    (evidence,) = structure["facts"]["title"]["source"]["evidence"]
    assert text[evidence["begin"] : evidence["end"]] == evidence["quote"]


def test_load_serves_any_data_in_any_format(tmp_path: Path, loaded: Path) -> None:
    quads = {str(quad) for quad in ox.parse(path=EXAMPLE)}
    dump = current_snapshot(loaded).dump_path.read_text(encoding="utf-8").splitlines()
    assert {f"{quad} ." for quad in quads} == set(dump)
    (tmp_path / "a.ttl").write_text("@base <http://x/> . <a> <p> 'x' .", encoding="utf-8")
    with gzip.open(tmp_path / "b.nt.gz", "wb") as file:
        file.write('<http://x/b> <http://x/p> "整改" .\n'.encode())
    (tmp_path / "c.owl").write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="http://x/">'
        '<rdf:Description rdf:about="http://x/c"><p:p>x</p:p></rdf:Description></rdf:RDF>'
    )
    (tmp_path / "d.jsonld").write_text('{"@id": "http://x/d", "http://x/p": "x"}')
    (tmp_path / "e.trig").write_text("<http://x/g> { <http://x/e> <http://x/p> 'x' }")
    run = ducha("load", *sorted(tmp_path.iterdir()), "--out", tmp_path / "out")
    assert run.returncode == 0, run.stderr
    store = ox.Store.read_only(str(current_snapshot(tmp_path / "out").store_path))
    rows = store.query("SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s")
    assert isinstance(rows, ox.QuerySolutions)
    assert [str(row["s"]) for row in rows] == [f"<http://x/{name}>" for name in "abcde"]
    assert [str(graph) for graph in store.named_graphs()] == ["<http://x/g>"]


def test_blank_nodes_of_two_files_stay_apart_and_alike_from_load_to_load(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.ttl").write_text(f"_:x <http://p> '{name}' . [] <http://p> _:x .")
    runs = [ducha("load", tmp_path / "a.ttl", tmp_path / "b.ttl", "--out", tmp_path / out).stdout for out in "12"]
    assert runs[0] == runs[1]
    assert "quads      4" in runs[0]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bad.ttl", b"<http://a> <http://p>", "is not valid Turtle at line 1"),
        ("bad.nq", b"\xff\xfe", "is not valid N-Quads"),
        ("bad.nt.gz", b"no gzip", "cannot be read"),
        ("bad.txt", b"", "names no RDF format"),
        ("gone.ttl", None, "is no file"),
    ],
)
def test_a_faulty_rdf_file_stops_the_load_and_what_was_published_stays(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    (tmp_path / "good.nt").write_text('<http://a> <http://p> "x" .\n')
    assert ducha("load", tmp_path / "good.nt", "--out", tmp_path / "out").returncode == 0
    before = current_snapshot(tmp_path / "out")
    if content is not None:
        (tmp_path / name).write_bytes(content)
    run = ducha("load", tmp_path / "good.nt", tmp_path / name, "--out", tmp_path / "out")
    one_complaint(run, 2, words)
    assert name in run.stderr
    assert current_snapshot(tmp_path / "out") == before


def test_query_files_named_queries_and_formats(tmp_path: Path, loaded: Path) -> None:
    (tmp_path / "regions.rq").write_text(
        "PREFIX du: <https://w3id.org/ducha/ontology#> SELECT ?code WHERE { ?region du:adcode ?code } ORDER BY ?code"
    )
    run = ducha("query", tmp_path / "regions.rq", "--format", "csv", "--out", loaded)
    assert run.returncode == 0, run.stderr
    assert list(csv.reader(io.StringIO(run.stdout))) == [["code"], ["320000"], ["320600"]]
    assert "(2 rows)" in ducha("query", tmp_path / "regions.rq", "--out", loaded).stdout
    (tmp_path / "bad.rq").write_text("SELECT {")
    one_complaint(ducha("query", tmp_path / "bad.rq", "--out", loaded), 2, "is not SPARQL")
    one_complaint(ducha("query", "no-such-query", "--out", loaded), 2, "is neither a named query nor a file")
    run = ducha("query", tmp_path / "regions.rq", "--param", "x", "--out", loaded)
    one_complaint(run, 2, "write --param name=value")


def test_a_reader_that_stops_early_is_no_trouble(tmp_path: Path, loaded: Path) -> None:
    (tmp_path / "all.rq").write_text("SELECT * WHERE { ?s ?p ?o . ?a ?b ?c }")
    command = f"'{DUCHA}' query '{tmp_path / 'all.rq'}' --format csv --out '{loaded}' | head -n 1"
    run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert run.stderr == ""
    assert len(run.stdout.splitlines()) == 1


@pytest.mark.parametrize("form", ["nq", "trig", "jsonld", "nt", "ttl", "rdf"])
def test_dumps_hold_the_whole_graph(tmp_path: Path, loaded: Path, form: str) -> None:
    run = ducha("export", "--format", form, "--to", tmp_path, "--out", loaded)
    assert run.returncode == 0, run.stderr
    (path,) = tmp_path.iterdir()
    assert run.stdout == f"{path}\n"
    quads = set(ox.parse(path=current_snapshot(loaded).dump_path))
    again = set(ox.parse(path=path))
    if form in ("nq", "trig", "jsonld"):
        assert again == quads
    else:
        assert {quad.triple for quad in again} == {quad.triple for quad in quads}


def test_tables_open_in_excel_with_their_sentences(tmp_path: Path, loaded: Path) -> None:
    run = ducha("export", "--format", "csv", "--to", tmp_path, "--out", loaded)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == sorted(str(path) for path in tmp_path.iterdir())
    data = (tmp_path / "targets.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    (target,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert target["quote"]


def test_explain_knows_what_is_not_there(loaded: Path) -> None:
    one_complaint(ducha("explain", "plan/none", "--out", loaded), 2, "is not in the graph")
    one_complaint(ducha("explain", "a b", "--out", loaded), 2, "is not an IRI")
    run = ducha("explain", "plan/320600-202009", "--out", loaded)
    assert run.returncode == 0
    assert "【" in run.stdout


def test_a_loaded_snapshot_does_not_pretend_to_be_validated(loaded: Path) -> None:
    one_complaint(ducha("check", "--out", loaded), 2, "was loaded, not validated")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["bulid"], 2, "No such command 'bulid'"),
        (["build", "--jobs", "many"], 2, "--jobs"),
        (["build", "gone"], 2, "does not exist"),
        (["build", "."], 2, "holds no document"),
        (["build", ".", "--base", "ducha"], 2, "is no base IRI"),
        (["load"], 2, "Missing argument"),
        (["facts", "gone.txt"], 1, "does not exist"),
        (["check"], 2, "nothing is published here; run `ducha build`"),
        (["query", "x", "--out", "gone"], 2, "is neither a named query nor a file"),
        (["explain", "x", "--out", "gone"], 2, "nothing is published here"),
        (["serve", "--out", "gone"], 2, "nothing is published here"),
        (["serve", "--port", "99999"], 2, "--port"),
        (["evaluate", "gone", "--out", "gone"], 2, "nothing is published here"),
        (["export", "--format", "xls"], 2, "nothing is published here"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_use_is_one_line(tmp_path: Path, arguments: list[str], code: int, words: str) -> None:
    one_complaint(ducha(*arguments, cwd=tmp_path), code, words)


def test_an_unknown_export_format_names_the_known_ones(loaded: Path, tmp_path: Path) -> None:
    one_complaint(
        ducha("export", "--format", "xls", "--to", tmp_path, "--out", loaded), 2, "choose one of csv, parquet"
    )


def test_help_and_version_answer_at_once() -> None:
    start = time.monotonic()
    run = ducha("--help")
    assert time.monotonic() - start < 2
    assert run.returncode == 0
    for command in ("build", "load", "facts", "check", "query", "explain", "serve", "evaluate", "export"):
        assert f"  {command} " in run.stdout
    assert ducha().stdout == run.stdout
    assert ducha("--version").stdout.startswith("ducha ")
    script = "import sys, pipeline.cli; print(*sorted({'pyoxigraph', 'rdflib', 'spacy', 'fastapi', 'pyshacl'} & set(sys.modules)))"
    heavy = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert heavy == "\n"


@pytest.mark.slow
def test_an_interrupted_build_ends_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    lines = (f'<http://a/{n}> <http://p> "整改 {n}" .\n' for n in range(400_000))
    (tmp_path / "big.nt").write_text("".join(lines), encoding="utf-8")
    command = [DUCHA, "load", str(tmp_path / "big.nt"), "--out", str(tmp_path / "out")]
    # A test run in the background hands down that Ctrl-C is to be ignored.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=heed) as build:  # noqa: PLW1509 - no threads here
        time.sleep(1.5)
        os.kill(build.pid, signal.SIGINT)
        _, errors = build.communicate()
    assert build.returncode == 130
    assert errors == "ducha: interrupted\n"
    assert not list((tmp_path / "out" / "snapshots").glob("*"))


@pytest.mark.slow
def test_a_killed_parallel_build_leaves_no_process_and_no_new_snapshot(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.txt").write_bytes(SEEDS[number % 5].read_bytes() + f"第{number}份".encode())
    out = tmp_path / "out"
    assert ducha("load", EXAMPLE, "--out", out).returncode == 0
    before = current_snapshot(out)
    command = [DUCHA, "build", str(tmp_path), "--out", str(out), "--jobs", "2"]
    with subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as build:
        time.sleep(4)
        os.kill(build.pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while _group_lives(build.pid):
        assert time.monotonic() < deadline, "a worker outlived its build"
        time.sleep(0.2)
    assert current_snapshot(out) == before


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
