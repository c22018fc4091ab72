"""RDF files → snapshot, without extraction: so that the service serves any data."""

import gzip
import hashlib
import importlib.metadata
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from pipeline.document import printable
from pipeline.errors import UsageError
from pipeline.snapshot import Snapshot, publish
from pipeline.validation.report import counts, report_json
from pipeline.vocabulary import DEFAULT_BASE

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".n3": ox.RdfFormat.N3,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
}


def load(paths: Sequence[Path], out: Path, *, base: str = DEFAULT_BASE) -> Snapshot:
    """Publishes the quads of RDF files; quads keep their graphs, triples go to the default graph.

    `base` resolves relative IRIs. All files are read or none: a faulty one raises UsageError naming the place, and
    what was published before stays. Blank nodes get canonical labels (RDFC-1.0), so that the same data gives the same
    version; that takes memory for all quads, and long where many blank nodes are alike.
    """
    formats = {path: _format(path) for path in paths}
    blank = any(map(_has_blank, _read(formats, base)))
    manifest = {
        "base": base,
        "code_version": importlib.metadata.version("ducha"),
        "ontology_version": "",
        "documents": [],
        "sources": sorted(({"file": printable(path.name), "sha256": _sha256(path)} for path in formats), key=str),
        "duplicates": [],
        "quarantined": [],
        "failures": [],
        "findings": counts(()),
        "validated": False,
        "reasoned": False,
    }
    quads = _canonical(_read(formats, base)) if blank else _read(formats, base)
    return publish(out, quads, {}, manifest, report_ttl=b"", report_json=json.dumps(report_json((), {})).encode())


def _format(path: Path) -> ox.RdfFormat:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    suffix = suffixes[-1] if suffixes else ""
    if not path.is_file():
        raise UsageError(path, "is no file", "check the path")
    if suffix not in FORMATS:
        remedy = f"use one of {' '.join(FORMATS)}, or one of these with .gz"
        raise UsageError(path, f"has the suffix {suffix or '(none)'}, which names no RDF format", remedy)
    return FORMATS[suffix]


def _read(formats: dict[Path, ox.RdfFormat], base: str) -> Iterator[ox.Quad]:
    """All quads of all files; blank nodes of two files never share a label."""
    for path, form in formats.items():
        try:
            with _open(path) as file:
                yield from ox.parse(file, form, base_iri=base, rename_blank_nodes=True)
        except SyntaxError as error:
            place = f"line {error.lineno}" if error.lineno else "its syntax"
            raise UsageError(path, f"is not valid {form.name} at {place} ({error.msg})", "correct it") from None
        except (OSError, EOFError, ValueError) as error:
            raise UsageError(path, f"cannot be read ({error})", "check the file") from None


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def _has_blank(item: ox.Quad | ox.Triple) -> bool:
    terms = (item.subject, item.object, item.graph_name if isinstance(item, ox.Quad) else None)
    return any(isinstance(t, ox.BlankNode) or (isinstance(t, ox.Triple) and _has_blank(t)) for t in terms)


def _canonical(quads: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return iter(dataset)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
