"""Snapshots: complete, immutable, named by their content, and switched in one step (`docs/snapshots.md`).

    DIR/current                    the version in force, one line
    DIR/previous                   the version in force before it, one line
    DIR/snapshots/<version>/       manifest.json, dump.nq, store/, texts/<document id>.txt,
                                   validation.ttl, validation.json, validation-summary.json,
                                   findings.db, search.db, void.ttl

A reader never meets half a snapshot: everything is written and synchronised under another name, the finished folder
is renamed, and only then is `current` replaced. A crash at any moment leaves the last good snapshot in force.
"""

import fcntl
import filecmp
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from pipeline.description.describe import describe, is_loaded
from pipeline.disk import remove_leftovers, set_pointer, synchronise
from pipeline.errors import SnapshotError, Wording
from pipeline.search.entries import search_index_of
from pipeline.search.index import FORM as SEARCH_FORM
from pipeline.search.index import check_fts5
from pipeline.serialise import write_sorted
from pipeline.union import add_graph, fill_store
from pipeline.validation.browse import opened
from pipeline.validation.finding_table import summary_json
from pipeline.validation.index import FORM
from pipeline.validation.index_graph import index_of
from pipeline.vocabulary import graph_iri

VERSION = re.compile(r"[0-9a-f]{16}")
DOCUMENT_ID = re.compile(r"[0-9a-f]{16}")
INDEX, SEARCH, SUMMARY = "findings.db", "search.db", "validation-summary.json"
INDEXES = (INDEX, SEARCH)
LOCK_SECONDS = 120.0
BUILD_AGAIN = "build it again with `ducha build` or `ducha load`"

Content = bytes | Iterable[bytes]
Index = Callable[[Path], None]


@dataclass(frozen=True)
class Snapshot:
    """One published version, read only. `manifest` is the parsed manifest.json: version, base, code_version,
    ontology_version, quads, counts (class IRI → number of its instances), documents (id, file, sha256, title, rights,
    text_length, facts, findings), duplicates, quarantined, failures (file, problem, remedy)."""

    version: str
    path: Path
    manifest: Mapping[str, Any]

    @property
    def store_path(self) -> Path:
        """The Oxigraph store; open it with `pyoxigraph.Store.read_only`."""
        return self.path / "store"

    @property
    def dump_path(self) -> Path:
        """Sorted N-Quads without duplicates: what the store was loaded from, lexical forms untouched."""
        return self.path / "dump.nq"

    @property
    def report_path(self) -> Path:
        """The validation report as Turtle."""
        return self.path / "validation.ttl"

    @property
    def report_json_path(self) -> Path:
        """The validation report as JSON."""
        return self.path / "validation.json"

    @property
    def findings_path(self) -> Path:
        """The findings to look things up in; `pipeline.validation.browse` reads it."""
        return self.path / INDEX

    @property
    def search_path(self) -> Path:
        """Labels, quotes and texts to search; `pipeline.search.find` reads it."""
        return self.path / SEARCH

    @property
    def summary_path(self) -> Path:
        """Counts of the findings as JSON."""
        return self.path / SUMMARY

    @property
    def void_path(self) -> Path:
        """The VoID and DCAT description as Turtle."""
        return self.path / "void.ttl"

    def text(self, document_id: str) -> str:
        """The document's text, exactly as evidence offsets count it (code points, newlines untouched).

        Raises SnapshotError when the snapshot keeps no such text.
        """
        path = self.path / "texts" / f"{document_id}.txt"
        if not DOCUMENT_ID.fullmatch(document_id) or not path.is_file():
            raise SnapshotError(document_id, "is no document of this snapshot", "look its id up in manifest.json")
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()


def current_snapshot(out: Path, *, store: bool = True) -> Snapshot:
    """The snapshot that `out/current` names; without `store`, its store may be missing. Raises SnapshotError when there
    is none or it is not whole."""
    try:
        version = (out / "current").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise SnapshotError(
            out, "nothing is published here", "run `ducha build`, or name its folder by --out"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotError(out / "current", f"cannot be read ({_why(error)})", BUILD_AGAIN) from None
    if not VERSION.fullmatch(version):
        raise SnapshotError(out / "current", "names no version", BUILD_AGAIN)
    return open_snapshot(out / "snapshots" / version, store=store)


def previous_snapshot(snapshot: Snapshot) -> Snapshot | None:
    """The snapshot that was in force before this one, where it is still kept."""
    out = snapshot.path.parent.parent
    try:
        version = (out / "previous").read_text(encoding="ascii").strip()
        if not VERSION.fullmatch(version) or version == snapshot.version:
            return None
        return open_snapshot(out / "snapshots" / version)
    except (OSError, UnicodeDecodeError, SnapshotError):
        return None


def other_snapshot(out: Path, name: str) -> Snapshot:
    """The snapshot that a version, its folder, or a folder with snapshots stands for. Raises SnapshotError."""
    if VERSION.fullmatch(name) and (out / "snapshots" / name).is_dir():
        return open_snapshot(out / "snapshots" / name)
    path = Path(name)
    return current_snapshot(path) if (path / "current").is_file() else open_snapshot(path)


def open_snapshot(path: Path, *, store: bool = True) -> Snapshot:
    """The snapshot in the folder `path`; without `store`, its store may be missing. Raises SnapshotError when a part of
    it is missing."""
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        snapshot = Snapshot(manifest["version"], path, manifest)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotError(path, Wording("has no readable manifest ({why})", why=_why(error)), BUILD_AGAIN) from None
    parts = [snapshot.dump_path, snapshot.report_path, snapshot.report_json_path]
    for part in [snapshot.store_path, *parts] if store else parts:
        if not part.exists():
            remedy = "remove the folder and build it again"
            raise SnapshotError(path, Wording("{file} is missing", file=part.name), remedy)
    return snapshot


def publish(
    out: Path,
    quads: Iterable[ox.Quad],
    texts: Mapping[str, str],
    manifest: Mapping[str, Any],
    *,
    report_ttl: Content,
    report_json: Content,
    index: Index | None = None,
) -> Snapshot:
    """Writes a snapshot under `out` and puts it in force.

    `quads` may come in any order and more than once; they must have no blank nodes whose labels are random.
    `texts` maps document ids to texts. `manifest` needs `base`; version, quads and counts are added here. `index` writes
    findings.db to the path it is given; without it the findings of the graph are listed.
    The same content gives the same version, and a version that exists already is kept as it is.
    Raises SnapshotError when the disk refuses, another build does not end, or the existing version is damaged.
    """
    prepare(out)
    try:
        with _locked(out):
            building = Path(tempfile.mkdtemp(prefix=f".building-{os.getpid()}-", dir=out / "snapshots"))
            try:
                building.chmod(0o755)
                version = _write(building, quads, texts, manifest, report_ttl, report_json, index)
                return _put_in_force(out, building, version)
            finally:
                shutil.rmtree(building, ignore_errors=True)
    except OSError as error:
        raise _unwritable(out, error) from error


def prepare(out: Path) -> None:
    """Makes the folder `out` where it is not, and removes what dead builds left in it. Raises SnapshotError where it
    cannot be written, or no index can: better before an hour of reading than after."""
    check_fts5()
    try:
        with _locked(out):
            remove_leftovers(out / "snapshots")
    except OSError as error:
        raise _unwritable(out, error) from error


def _unwritable(out: Path, error: OSError) -> SnapshotError:
    remedy = "make room or choose another --out; what was published before stays in force"
    return SnapshotError(out, f"a snapshot cannot be written here ({_why(error)})", remedy)


def _write(
    building: Path,
    quads: Iterable[ox.Quad],
    texts: Mapping[str, str],
    manifest: Mapping[str, Any],
    report_ttl: Content,
    report_json: Content,
    index: Index | None,
) -> str:
    """Fills the folder, synchronises every file of it, and returns the version."""
    dump = building / "dump.nq"
    write_sorted(quads, dump)
    (building / "texts").mkdir()
    for document_id, text in texts.items():
        (building / "texts" / f"{document_id}.txt").write_bytes(text.encode("utf-8"))
    for name, content in (("validation.ttl", report_ttl), ("validation.json", report_json)):
        with (building / name).open("wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
    quad_count, found = fill_store(building / "store", dump)
    (index or index_of(building / "store", manifest))(building / INDEX)
    with opened(building / INDEX) as findings:
        (building / SUMMARY).write_bytes(summary_json(findings))
    search_index_of(dump, manifest, building / "texts")(building / SEARCH)
    counts = {name: number for name, (number, _) in found.classes.items()}
    described = {**manifest, "quads": quad_count, "counts": counts, "dump": _size_and_hash(dump)}
    version = _version(building, described, describe({**described, "version": ""}, found))
    (building / "manifest.json").write_bytes(_json({**described, "version": version}))
    (building / "void.ttl").write_bytes(description := describe({**described, "version": version}, found))
    if not is_loaded(manifest):  # other people's data stay what they are
        add_graph(building / "store", graph_iri(manifest["base"], "description"), description)
    for path in [*building.rglob("*"), building]:
        synchronise(path)
    return version


def _size_and_hash(path: Path) -> dict[str, int | str]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _version(building: Path, content: Mapping[str, Any], description: bytes) -> str:
    """The first 16 hex digits of a SHA-256 over the manifest, the description (without the version, which it names), and
    name and hash of every file but the store's and the indexes', whose bytes depend on the engines."""
    total = hashlib.sha256(_json(content) + f"{INDEX} {FORM}\n{SEARCH} {SEARCH_FORM}\n".encode() + description)
    for path in sorted(p for p in building.rglob("*") if p.is_file() and _counted(building, p)):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        total.update(f"{path.relative_to(building).as_posix()} {digest}\n".encode())
    return total.hexdigest()[:16]


def _counted(building: Path, path: Path) -> bool:
    return building / "store" not in path.parents and path.name not in INDEXES


def _put_in_force(out: Path, building: Path, version: str) -> Snapshot:
    """Gives the finished folder its name and switches `current` to it, both in one step each."""
    final = out / "snapshots" / version
    if final.exists():
        _check_equal(building, final)
    else:
        building.rename(final)
        synchronise(final.parent)
    with suppress(SnapshotError):
        if (before := current_snapshot(out).version) != version:
            set_pointer(out, "previous", before)
    set_pointer(out, "current", version)
    return open_snapshot(final)


def _check_equal(building: Path, final: Path) -> None:
    """Raises SnapshotError when the existing folder of this version lacks a file or differs in one."""
    names = [p.relative_to(building).as_posix() for p in building.rglob("*") if p.is_file() and _counted(building, p)]
    _, differing, unreadable = filecmp.cmpfiles(building, final, names, shallow=False)
    parts = {"store": "store/CURRENT", **{name: name for name in INDEXES}}
    missing = [name for name, part in parts.items() if not (final / part).is_file()]
    if differing or unreadable or missing:
        name = min([*differing, *unreadable, *missing])
        raise SnapshotError(final, f"is damaged ({name})", "move that folder away and build again")


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Builds into one folder publish one after another; the lock ends with its process, however that ends."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("ab") as file:
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise SnapshotError(out, "another build is publishing here", "wait for it to end") from None
                time.sleep(0.05)
        yield


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0]
