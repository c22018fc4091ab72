"""What a page of a named query shows of an answer, in few bytes: an answer of ten thousand rows takes a second to parse,
and one of twenty megabytes is not kept."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from pipeline.query import NamedQuery
from service import query_view
from service.cache import ByteCache, Stored
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


def digests(query: NamedQuery, answer: bytes, number: int, most: int) -> list[tuple[int, bytes]]:
    """Page `number` (from 1) of an answer in SPARQL JSON, and those after it, `most` in all."""
    found = rows(answer)
    shown = Digest(
        [],
        len(found),
        sorted(query_view.numeric_columns(query, found)),
        sorted(query_view.wide_columns(query, found)),
        query_view.denominators(query, found),
        query_view.mixes_units(query, found),
        query_view.drawn(query, found),
    )
    last = max(number, min(number + most - 1, -(-len(found) // PAGE_ROWS)))
    pages = []
    for one in range(number, last + 1):
        told = asdict(replace(shown, rows=found[(one - 1) * PAGE_ROWS : one * PAGE_ROWS]))
        pages.append((one, json.dumps(told, ensure_ascii=False).encode()))
    return pages


def read_digest(kept: bytes) -> Digest:
    """A digest that `digests` wrote."""
    told = json.loads(kept)
    return Digest(**{**told, "rows": _rows(told["rows"]), "drawn": _rows(told["drawn"])})


def _rows(told: list[dict[str, Any]]) -> list[Row]:
    return [{name: Term(**term) for name, term in row.items()} for row in told]


def keep_digests(cache: ByteCache, version: str, text: str, pages: Iterable[tuple[int, bytes]]) -> None:
    """Puts the digests of a query's text where `kept_digest` finds them."""
    for number, told in pages:
        cache.put((version, "digest", text, number), Stored((), told), len(text))


def kept_digest(cache: ByteCache, version: str, text: str, number: int) -> Digest | None:
    """The digest of a page, where it is kept."""
    stored = cache.get((version, "digest", text, number))
    return read_digest(stored.body) if stored else None
