"""The graph as tables for R, pandas and Excel, and as dumps in the RDF formats (`docs/queries.md`).

Tables are the queries of `queries/tables/`; each row ends with the sentence behind it, its document and its offsets.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from pipeline.assets import asset_path
from pipeline.errors import UsageError
from pipeline.query import NamedQuery, load_queries
from pipeline.table import Term, csv_lines, plain
from pipeline.vocabulary import PREFIXES

XSD = PREFIXES["xsd"]
RDF_FORMATS: Mapping[str, ox.RdfFormat] = {
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "nt": ox.RdfFormat.N_TRIPLES,
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}
FORMATS = ("csv", "parquet", *RDF_FORMATS)
QUADS = {"nq", "trig", "jsonld"}  # these keep the named graphs; the others hold their union
Row = Sequence[Term]
Writer = Callable[[Path, list[str], list[Row]], None]


def export(store: ox.Store, dump: Path, form: str, target: Path, bom: bool = True) -> tuple[Path, ...]:
    """Writes the graph in one of FORMATS and returns the files written; tables from the store, RDF from the dump.

    `target` is a folder: csv and parquet put one file per table there, the RDF formats `ducha.<format>`. CSV is UTF-8
    with a byte order mark, which Excel needs to read Chinese; `bom=False` leaves it out. Dates are ISO 8601, nothing
    is rounded, rows and columns have a fixed order. Raises UsageError for an unknown format, a target that cannot be
    written, or parquet without pyarrow.
    """
    if form not in FORMATS:
        raise UsageError(f"format {form}", "is unknown", f"choose one of {', '.join(FORMATS)}")
    write = None if form in RDF_FORMATS else _parquet_writer() if form == "parquet" else _csv_writer(bom)
    try:
        target.mkdir(parents=True, exist_ok=True)
        if write is None:
            file = target / f"ducha.{form}"
            _dump(dump, form, file)
            return (file,)
        files = []
        for name, table in load_queries(asset_path("queries", "tables")).items():
            files.append(target / f"{name}.{form}")
            write(files[-1], list(table.columns), list(rows(store, table)))
        return tuple(files)
    except OSError as error:
        raise UsageError(target, f"cannot be written ({error})", "name a folder that you may write to") from error


def rows(store: ox.Store, table: NamedQuery) -> Iterator[Row]:
    """The rows of a table, columns in the order of its header."""
    answer = store.query(table.bound({}))
    if not isinstance(answer, ox.QuerySolutions):
        raise TypeError(f"queries/tables/{table.name}.rq is not a SELECT query")
    for row in answer:
        yield [row[name] for name in table.columns]


def _dump(dump: Path, form: str, target: Path) -> None:
    if form == "nq":
        shutil.copyfile(dump, target)
        return
    # sorted, so that the same graph gives the same file
    parsed = ox.parse(path=dump, format=ox.RdfFormat.N_QUADS)
    quads = sorted(parsed, key=lambda q: (str(q.graph_name), str(q.subject), str(q.predicate), str(q.object)))
    content: list[ox.Quad] | list[ox.Triple] = quads
    if form not in QUADS:
        content = sorted({q.triple for q in quads}, key=lambda t: (str(t.subject), str(t.predicate), str(t.object)))
    if form not in ("ttl", "trig"):
        ox.serialize(content, target, RDF_FORMATS[form])
        return
    body = bytes(ox.serialize(content, format=RDF_FORMATS[form], prefixes=dict(PREFIXES)) or b"")
    # the serialiser writes the prefixes in an order that changes from run to run
    with target.open("wb") as file:
        file.writelines(f"@prefix {name}: <{iri}> .\n".encode() for name, iri in sorted(PREFIXES.items()))
        file.writelines(line for line in body.splitlines(keepends=True) if not line.startswith(b"@prefix"))


def _csv_writer(bom: bool) -> Writer:
    def write(path: Path, columns: list[str], table: list[Row]) -> None:
        with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
            file.writelines(csv_lines(columns, table))

    return write


def _parquet_writer() -> Writer:
    try:
        import pyarrow  # noqa: PLC0415  # optional: imported only where it is asked for
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError as error:
        remedy = "install it with `pip install 'ducha[parquet]'`, or export csv"
        raise UsageError("format parquet", "needs pyarrow, which is not installed", remedy) from error

    types: Mapping[str, Any] = {
        "integer": pyarrow.int64(),
        "decimal": pyarrow.decimal128(38, 12),
        "boolean": pyarrow.bool_(),
        "date": pyarrow.date32(),
    }

    def write(path: Path, columns: list[str], table: list[Row]) -> None:
        arrays = []
        for column in zip(*table, strict=True) if table else [()] * len(columns):
            kind = _kind(column)
            values = [None if value is None else CONVERT[kind](plain(value)) for value in column]
            arrays.append(pyarrow.array(values, type=types.get(kind, pyarrow.string())))
        pyarrow.parquet.write_table(pyarrow.table(arrays, names=columns), path)

    return write


CONVERT: Mapping[str, Callable[[str], Any]] = {
    "integer": int,
    "decimal": Decimal,
    "boolean": lambda text: text == "true",
    "date": date.fromisoformat,
    "string": str,
}


def _kind(column: Sequence[Term]) -> str:
    """The type that every value of a column has, else `string` (a month among dates, an IRI, a text)."""
    found = {
        value.datatype.value.removeprefix(XSD) if isinstance(value, ox.Literal) else "string"
        for value in column
        if value is not None
    }
    if found == {"integer", "decimal"}:
        return "decimal"
    kind = found.pop() if len(found) == 1 else "string"
    fits = kind != "decimal" or all(_fits(value) for value in column if value is not None)
    return kind if kind in CONVERT and fits else "string"


def _fits(value: Term) -> bool:
    return bool(re.fullmatch(r"-?\d{1,26}(\.\d{1,12})?", plain(value)))
