"""Clauses: stretches of a sentence between semicolons, and the deadline that governs each.

A deadline at the head of a sentence governs the sentence, one in an item's heading the whole item; one inside governs the
clauses up to the next semicolon.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.facts.dates import DueMark
from pipeline.facts.page import Page
from pipeline.model import Basis, Due, Stated


_HEADING = 26  # a first sentence so short that holds a deadline is a heading: (一)近期目标(2020年底前)。


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence between semicolons with the deadline that governs its start."""

    begin: int
    end: int
    head: DueMark | None
    marks: tuple[DueMark, ...]

    def due_at(self, at: int) -> DueMark | None:
        """The deadline that governs an offset: the last one before it in the clause, else the head's."""
        before = [mark for mark in self.marks if mark.begin <= at]
        return before[-1] if before else self.head


def clauses(page: Page, begin: int, end: int) -> Iterator[Clause]:
    """The clauses of a range, each with what governs it."""
    heading: DueMark | None = None
    for low, high in page.sentences(begin, end):
        head: DueMark | None = heading
        for part in re.finditer(r"[^;]+", page.folded[low:high]):
            first, last = low + part.start(), low + part.end()
            marks = tuple(page.dues(first, last))
            yield Clause(first, last, head, marks)
            opening = page.folded[low : marks[0].begin] if marks and first == low else None
            if marks and low == begin and high - low <= _HEADING and high < end:
                heading = head = marks[-1]
            if (opening is not None and not re.search(r"[,:]", opening.removesuffix("提出")) and len(opening) < 6) or (
                marks and first == low and re.search(r"(?:目标,?|提出)$", opening or "")
            ):
                head = marks[-1]


def clause_begin(page: Page, clause: Clause, at: int) -> int:
    """Where the comma-part of a clause that holds an offset begins."""
    return max(page.folded.rfind(",", clause.begin, at) + 1, clause.begin)


def stated_due(page: Page, mark: DueMark, rule: str, begin: int | None = None) -> Stated[Due]:
    """A deadline with its source, from `begin` (the mark's own begin where not given) to the mark's end."""
    basis = Basis.INFERRED if mark.reason else Basis.STATED
    return Stated(mark.due, page.source(mark.begin if begin is None else begin, mark.end, rule, basis, mark.reason))
