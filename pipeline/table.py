"""Query results as CSV, and as a text table for a terminal, aligned by display width: a 汉字 takes two columns.

CSV is written here because Oxigraph's serialiser does not quote an IRI that holds a comma, as every evidence IRI
(`#char=812,861`) does: its rows have more cells than its header.
"""

import csv
import io
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

import pyoxigraph as ox

from pipeline.vocabulary import PREFIXES

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None
WIDEST = 60  # display columns of a literal; longer ones end in … (csv, tsv and json have them whole)
NUMBERS = {PREFIXES["xsd"] + kind for kind in ("integer", "decimal", "double", "float")}


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Term]]) -> Iterator[str]:
    """RFC 4180 lines of the header and the rows: plain values, unbound as empty, as SPARQL 1.1 CSV has it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([plain(term) for term in row])
    yield buffer.getvalue()


def plain(term: Term) -> str:
    """A literal's or IRI's characters; nothing for what is unbound."""
    if term is None:
        return ""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def text_table(header: Sequence[str], rows: Sequence[Sequence[Term]]) -> str:
    """Header, rule, rows and a line with the number of rows. Numbers stand right, IRIs are never cut."""
    cells = [[_cell(term) for term in row] for row in rows]
    widths = [max(display_width(cell) for cell in column) for column in zip(header, *cells, strict=True)]
    right = [bool(rows) and all(_is_number(term) for term in column) for column in zip(*rows, strict=True)]
    right = right or [False] * len(header)
    lines = [_line(header, widths, right), "  ".join("─" * width for width in widths)]
    lines += [_line(row, widths, right) for row in cells]
    return "\n".join([*lines, f"({len(rows)} {'row' if len(rows) == 1 else 'rows'})"]) + "\n"


def display_width(text: str) -> int:
    """Terminal columns: two for wide and full-width characters, none for combining marks."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _cell(term: Term) -> str:
    if term is None:
        return ""
    if not isinstance(term, ox.Literal):
        return str(term)[1:-1] if isinstance(term, ox.NamedNode) else str(term)
    text = "".join(" " if char.isspace() else char for char in term.value if char.isprintable() or char.isspace())
    ends = list(accumulate(map(display_width, text)))
    if not ends or ends[-1] <= WIDEST:
        return text
    return text[: bisect_right(ends, WIDEST - 1)] + "…"


def _is_number(term: Term) -> bool:
    return term is None or (isinstance(term, ox.Literal) and term.datatype.value in NUMBERS)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = (
        " " * (width - display_width(cell)) + cell if number else cell + " " * (width - display_width(cell))
        for cell, width, number in zip(cells, widths, right, strict=True)
    )
    return "  ".join(padded).rstrip()
