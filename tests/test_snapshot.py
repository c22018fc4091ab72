"""Snapshots: named by their content, switched in one step, and whole after a crash at any moment."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SnapshotError
from pipeline.serialise import turtle, write_sorted
from pipeline.snapshot import Snapshot, current_snapshot, open_snapshot, previous_snapshot, publish
from pipeline.vocabulary import DEFAULT_BASE, PREFIXES, graph_iri

ID = "00112233445566aa"
DUCHA = str(Path(sys.executable).with_name("ducha"))
EXAMPLE = Path(__file__).parent / "graphs" / "example.trig"


def example() -> list[ox.Quad]:
    return list(ox.parse(path=EXAMPLE))


def named(store: ox.Store) -> set[ox.Quad]:
    """What a store holds in named graphs, its own description left out."""
    own = ox.NamedNode(graph_iri(DEFAULT_BASE, "description"))
    return {quad for quad in store if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name != own}


def described(snapshot: Snapshot) -> set[ox.Triple]:
    """The triples of void.ttl, as a store writes them."""
    triples = (quad.triple for quad in ox.parse(path=snapshot.void_path))
    return {quad.triple for quad in canonical([ox.Quad(*triple) for triple in triples])}


def canonical(quads: list[ox.Quad]) -> set[ox.Quad]:
    """The quads with their numbers as a store writes them (85.0 as 85)."""
    store = ox.Store()
    store.extend(quads)
    return set(store)


def put(out: Path, quads: list[ox.Quad], text: str = "整改\r\n方案\r\n", **more: object) -> Snapshot:
    manifest = {"base": DEFAULT_BASE, "documents": [], **more}
    return publish(out, quads, {ID: text}, manifest, report_ttl=b"", report_json=b"{}")


def files(snapshot: Snapshot) -> dict[str, bytes]:
    parts = (path for path in snapshot.path.rglob("*") if path.is_file() and path.parent.name != "store")
    return {path.relative_to(snapshot.path).as_posix(): path.read_bytes() for path in parts}


def test_what_is_published_is_what_is_read(tmp_path: Path) -> None:
    put(tmp_path, example())
    snapshot = current_snapshot(tmp_path)
    assert snapshot.text(ID) == "整改\r\n方案\r\n"
    assert snapshot.manifest["quads"] == len(set(example()))
    assert snapshot.manifest["counts"]["https://w3id.org/ducha/ontology#Organization"] == 3
    store = ox.Store.read_only(str(snapshot.store_path))
    assert named(store) == canonical(example())
    merged = [quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())]
    assert len(merged) == len(set(merged)), "the default graph holds every triple once"
    assert set(merged) == {quad.triple for quad in canonical(example())} | described(snapshot)
    assert set(ox.parse(path=snapshot.dump_path)) == set(example())
    assert snapshot.version in snapshot.void_path.read_text(encoding="utf-8")
    assert list(ox.parse(path=snapshot.void_path)), "the description is Turtle"


def test_the_version_is_the_contents(tmp_path: Path) -> None:
    first = put(tmp_path / "a", example())
    same = put(tmp_path / "b", [*reversed(example()), *example()])
    assert same.version == first.version
    assert files(same) == files(first)
    others = [
        put(tmp_path / "c", example()[1:]),
        put(tmp_path / "d", example(), text="整改\n方案\n"),
        put(tmp_path / "e", example(), code_version="2"),
    ]
    assert len({first.version, *(other.version for other in others)}) == 4


def test_an_existing_version_is_kept_and_put_in_force_again(tmp_path: Path) -> None:
    first = put(tmp_path, example())
    inode = first.path.stat().st_ino
    second = put(tmp_path, example()[1:])
    assert current_snapshot(tmp_path) == second
    assert put(tmp_path, example()) == first
    assert current_snapshot(tmp_path) == first
    assert first.path.stat().st_ino == inode
    assert sorted(path.name for path in (tmp_path / "snapshots").iterdir()) == sorted([first.version, second.version])


def test_the_version_before_is_remembered_while_it_is_kept(tmp_path: Path) -> None:
    first = put(tmp_path, example())
    assert previous_snapshot(first) is None
    second = put(tmp_path, example()[1:])
    assert previous_snapshot(second) == first
    assert previous_snapshot(put(tmp_path, example()[1:])) == first
    assert previous_snapshot(put(tmp_path, example())) == second
    shutil.rmtree(second.path)
    assert previous_snapshot(first) is None


def test_an_index_that_is_missing_is_damage(tmp_path: Path) -> None:
    put(tmp_path, example()).findings_path.unlink()
    with pytest.raises(SnapshotError, match=r"is damaged \(findings\.db\)"):
        put(tmp_path, example())


def test_lexical_forms_stay_in_the_dump(tmp_path: Path) -> None:
    value = ox.Literal("68.20", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    node = ox.NamedNode("https://example.org/a")
    snapshot = put(tmp_path, [ox.Quad(node, node, value)])
    assert b'"68.20"' in snapshot.dump_path.read_bytes()


def test_a_damaged_version_is_not_passed_off_as_the_new_one(tmp_path: Path) -> None:
    snapshot = put(tmp_path, example())
    snapshot.dump_path.write_bytes(b"")
    with pytest.raises(SnapshotError, match=r"is damaged \(dump\.nq\); move that folder away"):
        put(tmp_path, example())


def test_a_snapshot_that_is_not_there_or_not_whole_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=r"nothing is published here; run `ducha build`"):
        current_snapshot(tmp_path)
    snapshot = put(tmp_path, example())
    snapshot.report_path.unlink()
    with pytest.raises(SnapshotError, match=r"validation\.ttl is missing"):
        current_snapshot(tmp_path)
    (snapshot.path / "manifest.json").write_text("{")
    with pytest.raises(SnapshotError, match="has no readable manifest"):
        open_snapshot(snapshot.path)
    for content in ("../../etc", "\u4e2d", ""):
        (tmp_path / "current").write_text(content, encoding="utf-8")
        with pytest.raises(SnapshotError):
            current_snapshot(tmp_path)


@pytest.mark.parametrize("name", ["", "../manifest", "0" * 16, ID.upper(), f"{ID}\n"])
def test_only_the_documents_of_a_snapshot_have_texts(tmp_path: Path, name: str) -> None:
    with pytest.raises(SnapshotError, match="is no document of this snapshot"):
        put(tmp_path, example()).text(name)


def test_a_failed_publication_leaves_nothing_and_changes_nothing(tmp_path: Path) -> None:
    first = put(tmp_path, example())

    def breaking() -> Iterator[ox.Quad]:
        yield example()[0]
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        publish(tmp_path, breaking(), {}, {"base": DEFAULT_BASE}, report_ttl=b"", report_json=b"")
    assert current_snapshot(tmp_path) == first
    assert [path.name for path in (tmp_path / "snapshots").iterdir()] == [first.version]


def test_leftovers_go_when_their_build_is_dead(tmp_path: Path) -> None:
    put(tmp_path, example())
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as alive:
        dead = subprocess.Popen([sys.executable, "-c", ""])
        dead.wait()
        for pid in (alive.pid, dead.pid):
            (tmp_path / "snapshots" / f".building-{pid}-x" / "store").mkdir(parents=True)
        put(tmp_path, example())
        left = [path.name for path in (tmp_path / "snapshots").glob(".building-*")]
        assert left == [f".building-{alive.pid}-x"]
        alive.communicate(b"\n")


def test_a_second_build_waits_its_turn_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.snapshot.LOCK_SECONDS", 0.3)
    script = f"import fcntl; f = open({str(tmp_path / '.lock')!r}, 'a'); fcntl.flock(f, 2); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(SnapshotError, match="another build is publishing here; wait for it"):
            put(tmp_path, example())
        holder.communicate(b"\n")
    assert put(tmp_path, example())


def test_a_reader_keeps_its_snapshot_while_another_is_published(tmp_path: Path) -> None:
    store = ox.Store.read_only(str(put(tmp_path, example()).store_path))
    put(tmp_path, example()[1:])
    assert named(store) == canonical(example())


@pytest.mark.slow
def test_parallel_builds_into_one_folder_all_end_well(tmp_path: Path) -> None:
    sources = []
    for number in range(4):
        sources.append(tmp_path / f"{number}.nt")
        sources[-1].write_text(f'<http://a/{number}> <http://p> "x" .\n')
    builds = [subprocess.Popen([DUCHA, "load", str(source), "--out", str(tmp_path / "out")]) for source in sources]
    assert [build.wait() for build in builds] == [0, 0, 0, 0]
    assert len(list((tmp_path / "out" / "snapshots").iterdir())) == 4
    assert current_snapshot(tmp_path / "out").manifest["quads"] == 1


@pytest.mark.slow
def test_killed_at_any_moment_the_last_good_snapshot_stays_in_force(tmp_path: Path) -> None:
    """SIGKILL at moments spread over a whole `ducha load`; after each, the folder serves what it served before."""
    many, source, out = 30_000, tmp_path / "big.nq", tmp_path / "out"
    lines = (f'<http://a/{n}> <http://p> "整改措施 {n}" <http://g/{n % 7}> .\n' for n in range(many))
    source.write_text("".join(lines), encoding="utf-8")
    good = put(out, example())
    command = [DUCHA, "load", str(source), "--out", str(out)]
    start = time.monotonic()
    shutil.copytree(out, tmp_path / "rehearsal")
    subprocess.run([*command[:-1], str(tmp_path / "rehearsal")], check=True, capture_output=True)
    whole = time.monotonic() - start
    moments = random.Random(11)  # noqa: S311 - repeatable moments, no secret
    killed = 0
    for turn in range(20):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as build:
            time.sleep(whole * (turn + moments.random()) / 20)
            os.kill(build.pid, signal.SIGKILL)
        killed += build.returncode == -signal.SIGKILL
        snapshot = current_snapshot(out)
        store = ox.Store.read_only(str(snapshot.store_path))
        assert snapshot.manifest["quads"] == (len(set(example())) if snapshot == good else many)
        assert len(named(store)) == snapshot.manifest["quads"]
        assert snapshot != good or named(store) == canonical(example())
        if snapshot != good:  # it was done in time: go back, as an operator would
            put(out, example())
    assert killed >= 10
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    assert current_snapshot(out).version in result.stdout
    assert not list((out / "snapshots").glob(".building-*"))


@given(st.lists(st.tuples(st.integers(0, 9), st.text(max_size=5)), max_size=40))
@settings(max_examples=40)
def test_sorted_lines_are_those_of_one_sort(pairs: list[tuple[int, str]]) -> None:
    from tempfile import TemporaryDirectory

    from pipeline import serialise

    predicate = ox.NamedNode("http://p")
    quads = [ox.Quad(ox.NamedNode(f"http://a/{number}"), predicate, ox.Literal(text)) for number, text in pairs]
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        whole, in_runs = Path(folder, "whole.nq"), Path(folder, "runs.nq")
        write_sorted(quads, whole)
        patch.setattr(serialise, "RUN", 3)
        write_sorted(iter(quads), in_runs)
        assert in_runs.read_bytes() == whole.read_bytes() == b"".join(serialise.lines(quads))
        assert sorted(path.name for path in Path(folder).iterdir()) == ["runs.nq", "whole.nq"]
        assert set(ox.parse(path=whole)) == set(quads)


def test_turtle_is_the_same_from_run_to_run() -> None:
    script = (
        "import sys, pyoxigraph as ox; from pipeline.serialise import turtle; from pipeline.vocabulary import PREFIXES;"
        f"sys.stdout.buffer.write(turtle([q.triple for q in ox.parse(path={str(EXAMPLE)!r})], PREFIXES))"
    )
    runs = {subprocess.run([sys.executable, "-c", script], check=True, capture_output=True).stdout for _ in range(3)}
    assert len(runs) == 1
    (text,) = runs
    assert len(list(ox.parse(text, ox.RdfFormat.TURTLE))) == len({quad.triple for quad in example()})
    assert turtle([], {}) == b""


@pytest.mark.parametrize("name", ["urn:p", "urn:a:b", "http://x", "mailto:a@x", "http://x/#"])
def test_data_of_any_iris_can_be_described(tmp_path: Path, name: str) -> None:
    node = ox.NamedNode(name)
    quads = [ox.Quad(node, node, node), ox.Quad(node, ox.NamedNode(f"{PREFIXES['rdf']}type"), node)]
    manifest = {"base": DEFAULT_BASE, "documents": [], "sources": [{"file": "http://y", "sha256": "0"}]}
    snapshot = publish(tmp_path, quads, {}, manifest, report_ttl=b"", report_json=b"[]\n")
    assert list(ox.parse(path=snapshot.void_path))
    store = ox.Store.read_only(str(snapshot.store_path))
    assert {quad.triple for quad in store} == {quad.triple for quad in quads}, "loaded data stay what they are"
