"""Searches `search.db` (`index.py`): how much holds a phrase, and which, page by page, with the places to mark."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipeline.errors import SnapshotError, UsageError, Wording
from pipeline.search.index import FORM, KINDS, Node, check_fts5, pairs
from pipeline.search.phrase import Phrase, Range, phrase

BUILD_AGAIN = "build it again with `ducha build` or `ducha load`"
MOST_WORDS = 10
_STEPS = 20_000  # of SQLite's machine between two looks at the clock: a millisecond or two


class SearchTimeoutError(Exception):
    """A search took longer than it may."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that holds all the words. `marks` are their places in its text, code points, half-open. The text of a
    document is empty here: read it, and take the ranges of the phrase. `document` and `title` are empty where it has none."""

    kind: str
    iri: str
    text: str
    marks: tuple[Range, ...]
    document: str
    title: str
    about: tuple[Node, ...]
    facts: int


@contextmanager
def opened(path: Path, seconds: float = 0) -> Iterator["Search"]:
    """The index of a snapshot; `seconds` limits what is asked of it in all (0: nothing does). Raises SnapshotError, and
    SearchTimeoutError from within."""
    if not path.is_file():
        problem = Wording("{file} is missing, so that it cannot be searched", file=path.name)
        raise SnapshotError(path.parent, problem, BUILD_AGAIN)
    connection = sqlite3.connect(
        f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    try:
        if seconds:
            end = time.monotonic() + seconds
            connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        if connection.execute("PRAGMA user_version").fetchone() != (FORM,):
            raise SnapshotError(path, "has another form", BUILD_AGAIN)
        yield Search(connection)
    except sqlite3.DatabaseError as error:
        if str(error) == "interrupted":
            raise SearchTimeoutError from None
        check_fts5()
        raise SnapshotError(path, Wording("cannot be read ({why})", why=error), BUILD_AGAIN) from None
    finally:
        connection.close()


def asked(text: str) -> Phrase:
    """The phrase of a text. Raises UsageError when it has no words or too many."""
    wanted = phrase(text)
    if not wanted.words:
        raise UsageError("search", "has no words", "give a phrase, or several words with blanks between")
    if len(wanted.words) > MOST_WORDS:
        problem = Wording("has {n} words, more than {most}", n=len(wanted.words), most=MOST_WORDS)
        raise UsageError("search", problem, "leave some out")
    return wanted


class Search:
    """Questions to one connection. `region` is the number that `region` gives, 0 for all."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def region(self, name: str) -> int:
        """The region of a code or a name. Raises UsageError when it is none, or several."""
        found = self._ask(
            "SELECT DISTINCT r.id, r.name FROM region_name n JOIN region r ON r.id = n.region WHERE n.name = ? ORDER BY 2",
            name,
        )
        subject = f"region {name}"
        if not found:
            raise UsageError(subject, "is none that is known here", "give a code such as 450300, or a name")
        if len(found) > 1:
            names = ", ".join(one for _, one in found)
            raise UsageError(
                subject, Wording("stands for {n}", n=len(found)), Wording("give one of {names}", names=names)
            )
        return int(found[0][0])

    def counts(self, wanted: Phrase, region: int = 0) -> dict[str, int]:
        """How many entries of each kind hold the words."""
        query = "SELECT COUNT(*) FROM pairs WHERE pairs MATCH ? AND rowid BETWEEN ? AND ?"
        match = _match(wanted, region)
        return {kind: self._ask(query, match, *self._kinds[kind])[0][0] for kind in KINDS}

    def page(self, wanted: Phrase, kind: str = "", region: int = 0, offset: int = 0, limit: int = 20) -> list[Hit]:
        """Entries `offset` to `offset + limit`, of one kind or of all, in their order."""
        return [self._hit(number, wanted) for number in self.numbers(wanted, kind, region, offset, limit)]

    def numbers(self, wanted: Phrase, kind: str = "", region: int = 0, offset: int = 0, limit: int = -1) -> list[int]:
        """The numbers of the entries alone; a limit below 0 is none."""
        first, last = self._kinds[kind] if kind else (1, 1 << 62)
        query = "SELECT rowid FROM pairs WHERE pairs MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ? OFFSET ?"
        return [row[0] for row in self._ask(query, _match(wanted, region), first, last, limit, offset)]

    def iris(self, numbers: list[int]) -> list[str]:
        """What entries are of, in the order of their numbers, each once."""
        found = (self._ask("SELECT iri FROM entry WHERE id = ?", number)[0][0] for number in numbers)
        return list(dict.fromkeys(found))

    @cached_property
    def _kinds(self) -> dict[str, Range]:
        return {name: (first, last) for name, first, last in self._ask("SELECT name, first, last FROM kind")}

    def _hit(self, number: int, wanted: Phrase) -> Hit:
        query = "SELECT e.iri, e.text, d.iri, d.title, e.about, e.facts FROM entry e LEFT JOIN document d ON d.id = e.document WHERE e.id = ?"
        iri, text, document, title, about, facts = self._ask(query, number)[0]
        kind = next(name for name, (first, last) in self._kinds.items() if first <= number <= last)
        nodes = tuple(Node(*one) for one in json.loads(about))
        return Hit(kind, iri, text, tuple(wanted.ranges(text)), document or "", title or "", nodes, facts)

    def _ask(self, query: str, *values: object) -> list[Any]:
        return self._connection.execute(query, values).fetchall()


def _match(wanted: Phrase, region: int) -> str:
    """The words as FTS5 asks for them: the pairs of each one after the other; a single sign begins a pair."""
    words = [f'"{pairs(word)[:-2]}"' if len(word) > 1 else f'"{pairs(word)}" *' for word in wanted.words]
    parts = [f"signs : ({' AND '.join(words)})"]
    return " AND ".join([*parts, f"place : r{region}"] if region else parts)


def passages(text: str, marks: list[Range], most: int, around: int) -> list[Range]:
    """The first stretches of a text that show its marks, `around` signs on either side of the first in each."""
    found: list[Range] = []
    for begin, end in marks:
        if len(found) == most:
            break
        if not found or end > found[-1][1]:
            found.append((max(0, begin - around), min(len(text), end + around)))
    return found
