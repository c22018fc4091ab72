"""Clauses: stretches of a sentence between semicolons, and the deadline that governs each.

A deadline at the head of a sentence governs the sentence, one in an item's heading the whole item; one inside governs the
clauses up to the next semicolon.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.facts.dates import DueMark
from pipeline.facts.page import Page
from pipeline.model import Basis, Due, Reason, Stated

_OPENING = 6  # signs before a deadline that heads its sentence
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
        before = bisect_right(self.marks, at, key=lambda mark: mark.begin)
        return self.marks[before - 1] if before else self.head


def clauses(page: Page, begin: int, end: int) -> Iterator[Clause]:
    """The clauses of a range, each with what governs it."""
    heading: DueMark | None = None
    paragraph: DueMark | None = None
    last = begin
    for low, high in page.sentences(begin, end):
        if "\n" in page.folded[last:low]:
            paragraph = None
        last = high
        head = heading or paragraph
        for part in re.finditer(r"[^;]+", page.folded[low:high]):
            first, stop = low + part.start(), low + part.end()
            marks = tuple(page.dues(first, stop))
            yield Clause(first, stop, head, marks)
            if not marks or first != low:
                continue
            if low == begin and high - low <= _HEADING and high < end:
                heading = head = marks[-1]
            opening = page.folded[low : marks[0].begin]
            opens = len(opening) < _OPENING and not re.search(r"[,:]", opening.removesuffix("提出"))
            if opens or re.search(r"(?:目标[是为]?[,:]?|提出)$", opening):
                head = marks[-1]
                paragraph = _carried(marks[-1]) if opens and len(marks) == 1 else None


def _carried(mark: DueMark) -> DueMark:
    reason = Reason(
        f"沿用本段开头的“{mark.due.text}”", f"{mark.due.text} at the head of the paragraph governs this sentence too"
    )
    return replace(mark, reason=mark.reason or reason)


def clause_begin(page: Page, clause: Clause, at: int) -> int:
    """Where the comma-part of a clause that holds an offset begins."""
    return max(page.folded.rfind(",", clause.begin, at) + 1, clause.begin)


def stated_due(page: Page, mark: DueMark, rule: str, begin: int | None = None) -> Stated[Due]:
    """A deadline with its source, from `begin` (the mark's own begin where not given) to the mark's end."""
    basis = Basis.INFERRED if mark.reason else Basis.STATED
    return Stated(mark.due, page.source(mark.begin if begin is None else begin, mark.end, rule, basis, mark.reason))
