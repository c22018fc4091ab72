"""What a page of a named query shows of an answer, in few bytes: an answer of ten thousand rows takes a second to parse,
and one of twenty megabytes is not kept."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.query import NamedQuery
from service import query_view
from service.terms import Row, Term, rows

PAGE_ROWS = 100


@dataclass(frozen=True)
class Digest:
    """`rows` of one page and, of the whole answer, their number, the kinds of its columns, its denominators by column,
    whether it mixes units, and the rows of its chart."""

    rows: list[Row]
    total: int
    numeric: list[str]
    wide: list[str]
    denominators: dict[str, str]
    mixed: bool
    drawn: list[Row]


def digest(query: NamedQuery, answer: bytes, number: int) -> bytes:
    """Page `number` (from 1) of an answer in SPARQL JSON."""
    found = rows(answer)
    shown = Digest(
        found[(number - 1) * PAGE_ROWS : number * PAGE_ROWS],
        len(found),
        sorted(query_view.numeric_columns(query, found)),
        sorted(query_view.wide_columns(query, found)),
        query_view.denominators(query, found),
        query_view.mixes_units(query, found),
        query_view.drawn(query, found),
    )
    return json.dumps(asdict(shown), ensure_ascii=False).encode()


def read_digest(kept: bytes) -> Digest:
    """The digest that `digest` wrote."""
    told = json.loads(kept)
    return Digest(**{**told, "rows": _rows(told["rows"]), "drawn": _rows(told["drawn"])})


def _rows(told: list[dict[str, Any]]) -> list[Row]:
    return [{name: Term(**term) for name, term in row.items()} for row in told]


def key(version: str, text: str, number: int) -> tuple[str, str, str, int]:
    """Where the cache has the digest of a query's text."""
    return version, "digest", text, number
