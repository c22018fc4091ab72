"""Schedules of completion: which numbers of issues or shares add up, and which are running totals (GENRE §3, NOTES of the genre).

2023年底前完成3个,2024年底前完成41个,2025年底前完成24个 of 68 are increments, since they sum to 68; 32%, 93%, 100% are
cumulative, since they rise to the whole. Where neither fits, the aggregation stays unsaid.
"""

import re
from bisect import bisect_left
from dataclasses import replace
from datetime import date
from decimal import Decimal

from pipeline.facts.page import Page
from pipeline.model import Basis, Count, Element, Quantity, Reason

CLOSED_SHARE = "indicator-issues-closed-share"
CLOSED = "indicator-issues-closed"
PETITIONS_SHARE = "indicator-petitions-closed-share"

_CUMULATIVE, _INCREMENT = "aggregation-cumulative", "aggregation-increment"
_WHOLE = re.compile(r"(?P<num>\d+)(?P<unit>个|项)(?:反馈|整改|具体|督察)?问题")


def with_schedule(page: Page, found: list[Element], counts: tuple[Count, ...]) -> list[Element]:
    """The elements with the aggregation of every schedule decided, and the whole added where the parts sum to it."""
    stated = {count.value for count in counts if count.of == "Issue"}
    extra: list[Element] = []
    decided: dict[str, str] = {}
    for indicator in (CLOSED_SHARE, PETITIONS_SHARE, CLOSED):
        for series in _series(found, indicator):
            values = [Decimal(q.value or "0") for q in series]
            if indicator != CLOSED:
                decided |= dict.fromkeys((q.path for q in series), _of_shares(values))
                continue
            whole = _whole(page, series, stated)
            aggregation = _of_counts(values, whole)
            decided |= dict.fromkeys((q.path for q in series), aggregation)
            if aggregation == _INCREMENT and whole and len(series) > 1:
                extra += _total(page, series, whole)
    settled = [
        replace(e, aggregation=decided[e.path]) if isinstance(e, Quantity) and decided.get(e.path) else e for e in found
    ]
    return settled + extra


def _series(found: list[Element], indicator: str) -> list[list[Quantity]]:
    """The dated targets of one indicator, grouped by what they belong to, in order of their dates."""
    groups: dict[str, list[Quantity]] = {}
    for made in found:
        if isinstance(made, Quantity) and made.kind == "Target" and made.indicator == indicator and made.due:
            groups.setdefault(made.belongs_to, []).append(made)
    return [sorted(group, key=lambda q: q.due.value.last_day if q.due else date.max) for group in groups.values()]


def _of_shares(values: list[Decimal]) -> str:
    rising = values == sorted(values)
    return _INCREMENT if not rising and sum(values) == 100 else _CUMULATIVE if rising else ""


def _of_counts(values: list[Decimal], whole: int | None) -> str:
    if whole is None:
        return ""
    if sum(values) == whole and len(values) > 1:
        return _INCREMENT
    return _CUMULATIVE if values == sorted(values) and values[-1] == whole else ""


def _whole(page: Page, series: list[Quantity], stated: set[int]) -> int | None:
    """How many issues there are: as the schedule's own sentence says, else the plan's one stated count."""
    sentences = {page.sentence_around(_at(page, q)) for q in series}
    here = {int(m["num"]) for b, e in sentences for m in _WHOLE.finditer(page.folded, b, e)}
    known = here or stated
    return next(iter(known)) if len(known) == 1 else None


def _at(page: Page, quantity: Quantity) -> int:
    """The offset of a quantity's sentence in the cleaned text."""
    return min(bisect_left(page.text.origin, quantity.source.spans[0].begin), len(page.text.origin) - 1)


def _total(page: Page, series: list[Quantity], whole: int) -> list[Element]:
    """All issues are closed with the last part, when the sentence that lists the parts states the whole."""
    begin, end = page.sentence_around(_at(page, series[0]))
    match = next((m for m in _WHOLE.finditer(page.folded, begin, end) if int(m["num"]) == whole), None)
    if match is None:
        return []
    numbers = "+".join(q.value_text for q in series)
    reason = Reason(
        f"各期之和{numbers}={whole},全部问题随最后一期完成", f"{numbers} = {whole}: all are closed with the last part"
    )
    last = series[-1]
    return [
        replace(
            last,
            path=f"{last.path}-total",
            label=f"{last.indicator_text} = {whole}{match['unit']}",
            text=page.words(match.start(), end),
            source=page.source(match.start(), end, "target.total", Basis.INFERRED, reason),
            value=str(whole),
            value_text=match["num"],
            unit_text=match["unit"],
            aggregation=_CUMULATIVE,
        )
    ]
