"""What a page of a named query shows of an answer, in few bytes: an answer of ten thousand rows takes a second to parse,
and one of twenty megabytes is not kept."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
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
    """What the pages of an answer in SPARQL JSON share, as number 0, then the rows of page `number` (from 1) and of those
    after it, `most` in all."""
    found = rows(answer)
    shared = Digest(
        [],
        len(found),
        sorted(query_view.numeric_columns(query, found)),
        sorted(query_view.wide_columns(query, found)),
        query_view.denominators(query, found),
        query_view.mixes_units(query, found),
        query_view.drawn(query, found),
    )
    last = max(number, min(number + most - 1, -(-len(found) // PAGE_ROWS)))
    told: list[tuple[int, Any]] = [(0, asdict(shared))]
    for one in range(number, last + 1):
        shown = found[(one - 1) * PAGE_ROWS : one * PAGE_ROWS]
        told.append((one, [{name: asdict(term) for name, term in row.items()} for row in shown]))
    return [(one, json.dumps(part, ensure_ascii=False).encode()) for one, part in told]


def read_digest(shared: bytes, page: bytes) -> Digest:
    """The digest of a page from two parts that `digests` wrote."""
    told = json.loads(shared)
    return Digest(**{**told, "rows": _rows(json.loads(page)), "drawn": _rows(told["drawn"])})


def _rows(told: list[dict[str, Any]]) -> list[Row]:
    return [{name: Term(**term) for name, term in row.items()} for row in told]


def keep_digests(cache: ByteCache, version: str, text: str, pages: Iterable[tuple[int, bytes]]) -> None:
    """Puts the digests of a query's text where `kept_digest` finds them."""
    for number, told in pages:
        cache.put((version, "digest", text, number), Stored((), told), len(text))


def kept_digest(cache: ByteCache, version: str, text: str, number: int) -> Digest | None:
    """The digest of a page, where it is kept."""
    shared, page = (cache.get((version, "digest", text, one)) for one in (0, number))
    return read_digest(shared.body, page.body) if shared and page else None
