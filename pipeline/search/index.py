"""The labels, quoted sentences and texts of a snapshot in a file to search: `search.db`, SQLite with FTS5, written once.

Every entry is cut into its pairs of neighbouring signs, folded (`phrase.py`); a run of pairs is a phrase, found by their
positions, so that what FTS5 finds is exact and nothing has to be checked against the texts. Entries are numbered in the
order in which they are shown: labels, quotes, texts; of each the shortest first, then by code points. A phrase fills the
more of an entry the shorter it is, and a label that is the phrase comes first of all: the order of an answer is that of its
numbers, and its first page needs no other.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

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
CREATE TABLE staging.staged (kind INTEGER, length INTEGER, text TEXT, iri TEXT, document TEXT, regions TEXT);
CREATE TABLE staging.node (iri TEXT PRIMARY KEY, type TEXT, zh TEXT, en TEXT) WITHOUT ROWID;
CREATE TABLE staging.supports (evidence TEXT, fact TEXT);
"""
_FACTS = """
SELECT DISTINCT s.fact, COALESCE(n.type, ''), COALESCE(n.zh, ''), COALESCE(n.en, '')
FROM staging.supports s LEFT JOIN staging.node n ON n.iri = s.fact WHERE s.evidence = ?
ORDER BY COALESCE(n.zh, '') = '', s.fact
"""
_ITSELF = "SELECT iri, type, zh, en FROM staging.node WHERE iri = ?"
_STAGE = "INSERT INTO staging.staged VALUES (?,?,?,?,?,?)"
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
class Said:
    """What is said of one node, as far as it is searched or shown: its class and names, all its labels, the sentences that
    it quotes from a document, the evidence that supports `fact` (itself, or what it is an assertion about), and the regions
    that it is about."""

    iri: str
    type: str = ""
    zh: str = ""
    en: str = ""
    labels: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    document: str = ""
    evidence: tuple[str, ...] = ()
    fact: str = ""
    regions: tuple[str, ...] = ()


class Setting(Protocol):
    """What nodes lie in. It is asked when all nodes have been read; documents and regions are IRIs."""

    @property
    def texts(self) -> list[str]:
        """The documents whose texts are searched."""

    @property
    def regions(self) -> Mapping[str, tuple[str, ...]]:
        """Every region with its names."""

    def text(self, document: str) -> str: ...

    def title(self, document: str) -> str: ...

    def around(self, iri: str, regions: tuple[str, ...]) -> frozenset[str]:
        """The regions of a node that is about these, or is a region or a document itself, with those they lie in."""


def check_fts5() -> None:
    """Raises SnapshotError when this Python's SQLite cannot search."""
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE trial USING fts5(text)")
        except sqlite3.OperationalError as error:
            subject = f"SQLite {sqlite3.sqlite_version} of this Python"
            raise SnapshotError(subject, f"has no full-text search ({error})", NO_FTS5) from None


def write_index(path: Path, nodes: Iterable[Said], setting: Setting) -> None:
    """Writes what is said of nodes, in whatever order, each once. It is sorted and joined on the disk. Raises SnapshotError
    without FTS5."""
    check_fts5()
    staging = path.with_name(f"{path.name}.staging")
    with closing(_connected(path)) as connection:
        connection.executescript(f"PRAGMA user_version={FORM};{TABLES}")
        connection.execute("ATTACH ? AS staging", (str(staging),))
        connection.executescript(f"PRAGMA staging.journal_mode=OFF; PRAGMA staging.synchronous=OFF;{_STAGING}")
        for option, value in (("hashsize", BUFFER), ("automerge", 0), ("crisismerge", 1000)):
            connection.execute("INSERT INTO pairs(pairs, rank) VALUES (?, ?)", (option, value))
        connection.execute("BEGIN")
        _stage(connection, nodes)
        texts = ((2, len(folded(setting.text(iri))), "", iri, iri, "") for iri in setting.texts)
        connection.executemany(_STAGE, texts)
        _Filler(connection, setting).fill()
        connection.execute("INSERT INTO pairs(pairs) VALUES ('optimize')")
        connection.execute("COMMIT")
        connection.execute("CREATE INDEX region_names ON region_name (name)")
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


def _stage(connection: sqlite3.Connection, nodes: Iterable[Said]) -> None:
    for one in nodes:
        regions = " ".join(one.regions)
        for text in one.labels:
            connection.execute(_STAGE, (0, len(folded(text)), text, one.iri, None, regions))
        for text in one.quotes:
            connection.execute(_STAGE, (1, len(folded(text)), text, one.iri, one.document, ""))
        if one.evidence:
            links = ((evidence, one.fact) for evidence in one.evidence)
            connection.executemany("INSERT INTO staging.supports VALUES (?,?)", links)
        if one.labels or one.evidence:
            row = (one.iri, one.type, one.zh, one.en)
            connection.execute("INSERT OR IGNORE INTO staging.node VALUES (?,?,?,?)", row)
    connection.execute("CREATE INDEX staging.supported ON supports (evidence, fact)")


class _Filler:
    """Numbers what is staged in its order, and writes it as entries and as pairs; documents are numbered as they are met."""

    def __init__(self, connection: sqlite3.Connection, setting: Setting) -> None:
        self._connection, self._setting = connection, setting
        self._documents: dict[str, int] = {}
        self._regions = {iri: number for number, iri in enumerate(sorted(setting.regions), 1)}
        for iri, number in self._regions.items():
            last = iri.rsplit("/", 1)[-1]
            connection.execute("INSERT INTO region VALUES (?,?,?)", (number, last, iri))
            rows = ((name, number) for name in sorted({last, *setting.regions[iri]}))
            connection.executemany("INSERT INTO region_name VALUES (?,?)", rows)

    def fill(self) -> None:
        ranges: dict[int, tuple[int, int]] = {}
        execute = self._connection.execute
        staged = execute(
            "SELECT kind, text, iri, document, regions FROM staging.staged ORDER BY kind, length, text, iri"
        )
        for number, (kind, text, iri, document, regions) in enumerate(staged, 1):
            ranges[kind] = (ranges.get(kind, (number,))[0], number)
            about, facts = self._about(KINDS[kind], iri)
            signs = pairs(folded(self._setting.text(iri) if KINDS[kind] == "text" else text))
            row = (number, iri, text, self._document(document), json.dumps(about, ensure_ascii=False), facts)
            execute("INSERT INTO entry VALUES (?,?,?,?,?,?)", row)
            place = self._place(document or iri, regions)
            execute("INSERT INTO pairs (rowid, signs, place) VALUES (?,?,?)", (number, signs, place))
        for kind, name in enumerate(KINDS):
            execute("INSERT INTO kind VALUES (?,?,?)", (name, *ranges.get(kind, (1, 0))))

    def _about(self, kind: str, iri: str) -> tuple[list[list[str]], int]:
        """The first nodes that an entry belongs to, those with a name before others, and how many there are."""
        if kind == "text":
            return [], 0
        found = self._connection.execute(_FACTS if kind == "quote" else _ITSELF, (iri,)).fetchall()
        return [list(row) for row in found[:FACTS]], len(found)

    def _document(self, iri: str | None) -> int | None:
        if not iri:
            return None
        if iri not in self._documents:
            self._documents[iri] = len(self._documents) + 1
            row = (self._documents[iri], iri, self._setting.title(iri))
            self._connection.execute("INSERT INTO document VALUES (?,?,?)", row)
        return self._documents[iri]

    def _place(self, iri: str, regions: str) -> str:
        """The regions of an entry as tokens: `r1 r17`."""
        around = self._setting.around(iri, tuple(regions.split()))
        return " ".join(f"r{number}" for number in sorted(self._regions[one] for one in around if one in self._regions))
