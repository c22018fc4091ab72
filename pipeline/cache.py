"""What was read from a document before, so that an unchanged one is not read again.

An entry's name is a hash of the document's content, text and name, the base, and every source the reading depends on.
It holds what was extracted and, where curators decided about it, what came of that too; it names their decisions, so
that other decisions are applied to the same extraction. It is only ever a shortcut: an entry that is damaged or of
another form counts as absent and is written anew.
"""

import gzip
import hashlib
import importlib.metadata
import json
import platform
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from pipeline.assets import asset_path
from pipeline.curation.decisions import Outcome
from pipeline.extract import Extracted
from pipeline.model import Document, Reason
from pipeline.serialise import lines
from pipeline.validation.report import Rule, read_report, report_json

FORM = 2  # of an entry; raise it when the fields below change
NO_SOURCES = {"documents", "documents.csv", "corrections", "evaluation.json", "_bundled", "__pycache__"}
DEPENDENCIES = (
    *("charset-normalizer", "markdown-it-py", "pdfminer.six", "pdfplumber", "selectolax"),
    *("owlready2", "pyoxigraph", "rdflib", "shacl", "spacy"),
)

_DAMAGE = (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, SyntaxError)


@dataclass(frozen=True)
class Cache:
    """Entries in `folder`, one gzipped JSON file a document. `rules` are those that findings may name."""

    folder: Path
    fingerprint: str
    rules: Mapping[str, Rule]

    def get(self, document: Document, base: str) -> Extracted | None:
        """The entry of this very document, or None."""
        path = self._path(document, base)
        try:
            entry = _read(path)
            findings, _ = read_report(entry["findings"])
            read = None if entry["read"] is None else _parse(entry["read"])
            outcomes = tuple(
                Outcome(name, (document.id,), Reason(*lapse) if lapse else None) for name, lapse in entry["outcomes"]
            )
            return Extracted(
                _parse(entry["stated"]), _parse(entry["derived"]), findings, read, entry["decided"], outcomes
            )
        except _DAMAGE:
            return None

    def put(self, document: Document, base: str, extracted: Extracted) -> None:
        """Writes the entry."""
        path = self._path(document, base)
        entry = {
            "stated": _text(extracted.stated),
            "derived": _text(extracted.derived),
            "findings": report_json(extracted.findings, self.rules),
            "read": None if extracted.read is None else _text(extracted.read),
            "decided": extracted.decided,
            "outcomes": [(outcome.decision, outcome.lapse) for outcome in extracted.outcomes],
        }
        _write(path, entry)

    def _path(self, document: Document, base: str) -> Path:
        text = hashlib.sha256(document.text.encode()).hexdigest()
        return _entry(self.folder, document.sha256, text, document.file_name, base, self.fingerprint)


@dataclass(frozen=True)
class TextCache:
    """The texts of documents whose reading takes long, one gzipped JSON file each: what `document.Texts` asks for."""

    folder: Path
    fingerprint: str

    def text(self, sha256: str, suffix: str) -> tuple[str, str] | None:
        """The text of a file with this content and suffix, and its encoding; None where it was not read before."""
        try:
            entry = _read(self._path(sha256, suffix))
            return entry["text"], entry["encoding"]
        except _DAMAGE:
            return None

    def keep_text(self, sha256: str, suffix: str, text: str, encoding: str) -> None:
        _write(self._path(sha256, suffix), {"text": text, "encoding": encoding})

    def _path(self, sha256: str, suffix: str) -> Path:
        return _entry(self.folder, sha256, suffix, self.fingerprint)


def _entry(folder: Path, *key: str) -> Path:
    name = hashlib.sha256("\n".join([str(FORM), *key]).encode()).hexdigest()[:32]
    return folder / f"{name}.json.gz"


def _read(path: Path) -> dict[str, Any]:
    """An entry; what is no entry, or another's, raises one of _DAMAGE."""
    entry: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    if entry["key"] != path.name:
        raise ValueError("another entry's")
    return entry


def _write(path: Path, entry: dict[str, Any]) -> None:
    """Writes an entry in one step. A cache that cannot be written costs time, not the build."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        words = json.dumps({"key": path.name, **entry}, ensure_ascii=False)
        temporary.write_bytes(gzip.compress(words.encode(), 6, mtime=0))
        temporary.replace(path)
    except OSError:
        return


def source_fingerprint() -> str:
    """A hash of all that the reading of a document depends on: code, ontology, shapes, tables and library versions."""
    total = hashlib.sha256(platform.python_version().encode())
    for name in DEPENDENCIES:
        total.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    folders = [Path(__file__).parent]
    for name in ("ontology", "shapes", "data"):
        try:
            folders.append(asset_path(name))
        except FileNotFoundError:
            continue
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_file() and not NO_SOURCES & set(inside.parts):
                total.update(f"{folder.name}/{inside.as_posix()}\n".encode() + path.read_bytes())
    return total.hexdigest()


def _text(quads: list[ox.Quad]) -> str:
    return b"".join(lines(quads)).decode()


def _parse(text: str) -> list[ox.Quad]:
    return list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
