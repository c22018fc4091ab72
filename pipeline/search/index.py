"""The labels, quoted sentences and texts of a snapshot in a file to search: `search.db`, SQLite with FTS5, written once.

Every entry is cut into its pairs of neighbouring signs, folded (`phrase.py`); a run of pairs is a phrase, found by their
positions, so that what FTS5 finds is exact and nothing has to be checked against the texts. Entries are numbered in the
order in which they are shown: labels, quotes, texts; of each the shortest first, then by code points. A phrase fills the
more of an entry the shorter it is, and a label that is the phrase comes first of all: the order of an answer is that of its
numbers, and its first page needs no other.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline.errors import SnapshotError
from pipeline.search.phrase import PRIVATE, folded

FORM = 1  # PRAGMA user_version; raise it when the tables below or the folding change
KINDS = ("label", "quote", "text")
FACTS = 3  # that an entry names; the others are counted
NO_FTS5 = "use a Python whose SQLite has it, as those of python.org, Debian and conda have"
BUFFER = 32 << 20  # bytes of the index, and 64 MiB of sorting, that are held in memory
TABLES = """
CREATE TABLE kind (name TEXT, first INTEGER, last INTEGER);
CREATE TABLE document (id INTEGER PRIMARY KEY, iri TEXT, title TEXT);
CREATE TABLE region (id INTEGER PRIMARY KEY, name TEXT, iri TEXT);
CREATE TABLE region_name (name TEXT, region INTEGER);
CREATE TABLE entry (id INTEGER PRIMARY KEY, iri TEXT, text TEXT, document INTEGER, about TEXT, facts INTEGER);
CREATE VIRTUAL TABLE pairs USING fts5(signs, place, content='', columnsize=0, prefix=1, tokenize='ascii');
"""
_STAGING = """
CREATE TABLE staged (kind INTEGER, length INTEGER, text TEXT, iri TEXT, document INTEGER, about TEXT, facts INTEGER, place TEXT);
"""
# The tokenizer divides at ASCII signs other than letters and digits; these stand in for them.
_STAND_INS = {code: chr(PRIVATE[code]) for code in range(0x80) if not chr(code).isalnum()}


@dataclass(frozen=True, slots=True)
class Node:
    """A node as a list shows it: its IRI, the IRI of its class, and its names."""

    iri: str
    type: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found. `kind` is one of KINDS; `iri` names the labelled node, the evidence, or the document; `text` is
    the label, the sentence or the document's text as it stands; `about` are some of the `facts` nodes that it belongs to;
    `regions` are the IRIs of those it lies in, those around them included."""

    kind: str
    iri: str
    text: str
    document: str = ""
    about: tuple[Node, ...] = ()
    facts: int = 0
    regions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Names:
    """What the entries refer to: document IRI → title, region IRI → its names. `text` gives a document's text by its IRI."""

    documents: Mapping[str, str]
    regions: Mapping[str, tuple[str, ...]]
    text: Callable[[str], str]


def check_fts5() -> None:
    """Raises SnapshotError when this Python's SQLite cannot search."""
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE trial USING fts5(text)")
        except sqlite3.OperationalError as error:
            subject = f"SQLite {sqlite3.sqlite_version} of this Python"
            raise SnapshotError(subject, f"has no full-text search ({error})", NO_FTS5) from None


def write_index(path: Path, entries: Iterable[Entry], names: Names) -> None:
    """Writes the entries, which may come in any order. They are sorted on the disk. Raises SnapshotError without FTS5."""
    check_fts5()
    staging = path.with_name(f"{path.name}.staging")
    with closing(_connected(path)) as connection:
        connection.executescript(f"PRAGMA user_version={FORM};{TABLES}")
        connection.execute("ATTACH ? AS staging", (str(staging),))
        connection.executescript(f"PRAGMA staging.journal_mode=OFF;{_STAGING.replace('TABLE ', 'TABLE staging.')}")
        for option, value in (("hashsize", BUFFER), ("automerge", 0), ("crisismerge", 1000)):
            connection.execute("INSERT INTO pairs(pairs, rank) VALUES (?, ?)", (option, value))
        connection.execute("BEGIN")
        documents = _documents(connection, names)
        regions = _regions(connection, names)
        connection.executemany(
            "INSERT INTO staged VALUES (?,?,?,?,?,?,?,?)", (_staged(one, documents, regions) for one in entries)
        )
        _fill(connection, names)
        connection.execute("INSERT INTO pairs(pairs) VALUES ('optimize')")
        connection.execute("COMMIT")
        connection.executescript("CREATE INDEX region_names ON region_name (name);")
    staging.unlink()


def pairs(text: str) -> str:
    """The folded text as tokens: at every sign the sign and its neighbour, and the last one alone."""
    signs = text.translate(_STAND_INS)
    return " ".join([*map("".join, pairwise(signs)), signs[-1:]])


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    # What is written is thrown away whole when the build fails, so that no journal is needed.
    connection.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=8192; PRAGMA cache_size=-65536;"
    )
    return connection


def _documents(connection: sqlite3.Connection, names: Names) -> dict[str, int]:
    numbered = {iri: number for number, iri in enumerate(sorted(names.documents), 1)}
    rows = ((number, iri, names.documents[iri]) for iri, number in numbered.items())
    connection.executemany("INSERT INTO document VALUES (?,?,?)", rows)
    return numbered


def _regions(connection: sqlite3.Connection, names: Names) -> dict[str, int]:
    numbered = {iri: number for number, iri in enumerate(sorted(names.regions), 1)}
    for iri, number in numbered.items():
        last = iri.rsplit("/", 1)[-1]
        connection.execute("INSERT INTO region VALUES (?,?,?)", (number, last, iri))
        rows = ((name, number) for name in sorted({last, *names.regions[iri]}))
        connection.executemany("INSERT INTO region_name VALUES (?,?)", rows)
    return numbered


def _staged(entry: Entry, documents: Mapping[str, int], regions: Mapping[str, int]) -> tuple[Any, ...]:
    about = json.dumps([[one.iri, one.type, one.zh, one.en] for one in entry.about], ensure_ascii=False)
    place = " ".join(f"r{number}" for number in sorted(regions[iri] for iri in entry.regions if iri in regions))
    text = "" if entry.kind == "text" else entry.text
    document = documents.get(entry.document)
    kind = KINDS.index(entry.kind)
    return kind, len(folded(entry.text)), text, entry.iri, document, about, entry.facts, place


def _fill(connection: sqlite3.Connection, names: Names) -> None:
    """Numbers what is staged, and writes it as entries and as pairs."""
    order = "SELECT * FROM staged ORDER BY kind, length, text, iri"
    ranges: dict[int, tuple[int, int]] = {}
    for number, (kind, _, text, iri, document, about, facts, place) in enumerate(_rows(connection, order), 1):
        ranges[kind] = (ranges.get(kind, (number,))[0], number)
        signs = pairs(folded(names.text(iri) if KINDS[kind] == "text" else text))
        connection.execute("INSERT INTO entry VALUES (?,?,?,?,?,?)", (number, iri, text, document, about, facts))
        connection.execute("INSERT INTO pairs (rowid, signs, place) VALUES (?,?,?)", (number, signs, place))
    for kind, name in enumerate(KINDS):
        connection.execute("INSERT INTO kind VALUES (?,?,?)", (name, *ranges.get(kind, (1, 0))))


def _rows(connection: sqlite3.Connection, query: str) -> Iterator[Any]:
    yield from connection.execute(query)
