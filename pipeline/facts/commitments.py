"""Targets, baselines and duties of a whole text, told apart by where they stand and by the words of tense around them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from pipeline.facts.amounts import amounts
from pipeline.facts.as_of import as_of, as_of_marks
from pipeline.facts.baselines import read_baselines
from pipeline.facts.clauses import Clause, clause_begin, clauses
from pipeline.facts.elements import Zone
from pipeline.facts.page import Page
from pipeline.facts.schedules import with_schedule
from pipeline.facts.targets import read_duties, read_targets
from pipeline.facts.tense import is_done, is_promised, is_told, next_steps
from pipeline.model import Count, Element, Issue, Quantity

_REACH = 200  # signs around an amount in which words of tense count
_PART_END = re.compile(r"[,;。:\n]|$")


def read_commitments(
    page: Page,
    zones: list[Zone],
    issues: list[Issue],
    counts: tuple[Count, ...],
    reporting: bool,
    page_date: date | None,
) -> list[Element]:
    """Every quantity and duty of the zones. A report (`reporting`) tells until it promises or turns to its next steps;
    a deadline after the page's own date promises too."""
    found: list[Element] = []
    turn = next_steps(page) if reporting else 0
    counted = [page.cleaned(count.source.spans[0]) for count in counts]
    for zone in zones:
        telling = zone.kind in {"Issue", "Status"} or (
            reporting and zone.kind in {"Plan", "MeasureCategory", "Safeguard"}
        )
        for clause in clauses(page, zone.begin, zone.end):
            here = telling and (clause.begin < turn or zone.kind in {"Issue", "Status"})
            found += _of_clause(page, zone, clause, issues, counted, here, page_date)
    return _distinct(with_schedule(page, _dated(page, found, page_date), counts))


def _dated(page: Page, found: list[Element], page_date: date | None) -> list[Element]:
    """The elements, each baseline with the date up to which it holds where its paragraph says one."""
    marks = as_of_marks(page, page_date)
    if not marks:
        return found
    return [
        replace(made, as_of=as_of(page, marks, page.cleaned(made.source.spans[-1])[1]))
        if isinstance(made, Quantity) and made.kind == "Baseline"
        else made
        for made in found
    ]


def _of_clause(
    page: Page,
    zone: Zone,
    clause: Clause,
    issues: list[Issue],
    counted: list[tuple[int, int]],
    telling: bool,
    page_date: date | None,
) -> Iterator[Element]:
    def told(begin: int, end: int) -> bool:
        """Whether an amount at `[begin, end)` is reported; else it is committed to."""
        low = max(clause_begin(page, clause, begin), begin - _REACH)
        furthest = min(clause.end, end + _REACH)
        stop = _PART_END.search(page.folded, end, furthest)
        high = stop.start() if stop else furthest
        if is_done(page, low, high):
            return True
        due = clause.due_at(end)
        if telling:
            ahead = due is not None and page_date is not None and due.due.last_day > page_date
            return zone.kind == "Issue" or not (ahead or is_promised(page, low, high))
        if due is not None or is_promised(page, low, high):
            return False
        return is_told(page, max(clause.begin, begin - _REACH) if zone.kind == "Plan" else low, high)

    found = amounts(page.folded, clause.begin, clause.end)
    if zone.kind != "Issue":
        yield from read_targets(page, zone, clause, found, issues, told)
        yield from read_duties(page, zone, clause, issues, told)
    yield from read_baselines(page, zone, clause, found, counted, told)


def _distinct(found: list[Element]) -> list[Element]:
    kept: dict[str, Element] = {}
    for made in found:
        kept.setdefault(made.path, made)
    return list(kept.values())
