"""Operators that break the order of dates, and deadlines (时间)."""

from collections.abc import Iterator
from datetime import date as day
from datetime import timedelta

from pipeline.mutation.operator import operator
from pipeline.mutation.original import ISSUED, Mutant, Original, date, du, duc, edits, like, words
from pipeline.validation.findings import Term

_DATED = "?node du:startDate ?start ; du:endDate ?end . FILTER(STRLEN(STR(?start)) = STRLEN(STR(?end)) && STR(?start) < STR(?end))"
_DUE = "?node du:inPlan ?plan ; du:due ?value"
_ENDED = f"{_DUE} . ?plan du:respondsTo/du:endDate ?end"


@operator("起止日期对调", "swap first and last day of a visit", "visit-order")
def swap_visit_dates(original: Original) -> Iterator[Mutant]:
    for node, start, end in original.rows("?node ?start ?end", _DATED):
        yield original.changed(node, du("startDate"), start, end) | original.changed(node, du("endDate"), end, start)


@operator("督察未完即反馈", "feedback before the visit ends", "feedback-after-visit")
def early_feedback(original: Original) -> Iterator[Mutant]:
    for node, start, old in original.rows("?node ?start ?value", f"{_DATED} ?node du:feedbackDate ?value"):
        yield original.changed(node, du("feedbackDate"), old, start)


@operator("反馈之前已发布", "publish before the feedback", "published-after-feedback")
def early_publication(original: Original) -> Iterator[Mutant]:
    pattern = "?node dcterms:issued ?value ; du:concerns/du:feedbackDate ?feedback"
    for node, old, feedback in original.rows("?node ?value ?feedback", pattern):
        yield original.changed(node, ISSUED, old, like(old, f"{int(words(feedback)[:4]) - 1}-01-01"))


@operator("写明天数差一天", "change the stated days by one", "stated-days")
def change_stated_days(original: Original) -> Iterator[Mutant]:
    pattern = f"{_DATED} FILTER(STRLEN(STR(?start)) = 10) ?node du:statedDays ?value"
    yield from edits(original, pattern, du("statedDays"), lambda value: like(value, int(words(value)) + 1))


@operator("督察没有进驻日期", "drop the first day of a visit", "visit-dates-known")
def drop_start_date(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:startDate ?value", du("startDate"), lambda _: None)


@operator("督察没有轮次", "drop the round of a visit", "round-known")
def drop_round(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node a du:Supervision ; du:inRound ?value", du("inRound"), lambda _: None)


@operator("时限不是期间末日", "a deadline that is not the last day of its period", "due-is-last-day")
def due_one_day_early(original: Original) -> Iterator[Mutant]:
    pattern = f"{_DUE} ; du:duePrecision ?precision . FILTER(?precision != duc:precision-day)"

    def before(value: Term) -> Term:
        return like(value, (day.fromisoformat(words(value)) - timedelta(days=1)).isoformat())

    yield from edits(original, pattern, du("due"), before)


@operator("时限早于督察", "a deadline before the visit", "due-after-visit")
def due_before_visit(original: Original) -> Iterator[Mutant]:
    for node, old, end in original.rows("?node ?value ?end", _ENDED):
        yield original.changed(node, du("due"), old, like(old, f"{int(words(end)[:4]) - 1}-12-31"))


@operator("时限远在二十年后", "a deadline twenty years later", "due-within-eight-years")
def due_after_decades(original: Original) -> Iterator[Mutant]:
    for node, old, end in original.rows("?node ?value ?end", _ENDED):
        yield original.changed(node, du("due"), old, like(old, f"{int(words(end)[:4]) + 20}-12-31"))


@operator("措施时限晚于问题", "a measure due after its issue", "measure-within-issue")
def late_measure(original: Original) -> Iterator[Mutant]:
    pattern = "?issue du:due ?limit ; du:inPlan ?plan ; du:measure ?node . ?node du:due ?value"
    for node, old, limit in original.rows("?node ?value ?limit", pattern):
        yield original.changed(node, du("due"), old, like(old, f"{int(words(limit)[:4]) + 1}-12-31"))


@operator("时限没有精度", "drop the precision of a deadline", "due-with-precision")
def drop_precision(original: Original) -> Iterator[Mutant]:
    pattern = "?node du:inPlan ?plan ; du:due ?due ; du:duePrecision ?value"
    yield from edits(original, pattern, du("duePrecision"), lambda _: None)


@operator("长期坚持却有日期", "call a dated deadline open-ended", "deadline-kind-fits")
def open_ended_with_date(original: Original) -> Iterator[Mutant]:
    pattern = "?node du:inPlan ?plan ; du:due ?due ; du:deadlineKind ?value"
    yield from edits(original, pattern, du("deadlineKind"), lambda _: duc("deadline-long-term"))


@operator("限期完成却无日期", "drop the date of a fixed deadline", "deadline-kind-fits")
def drop_due(original: Original) -> Iterator[Mutant]:
    pattern = f"{_DUE} ; du:deadlineKind ?kind . FILTER(?kind != duc:deadline-long-term)"
    yield from edits(original, pattern, du("due"), lambda _: None)


@operator("历法中没有的时限", "a deadline that no calendar has", "commitment-due")
def impossible_due(original: Original) -> Iterator[Mutant]:
    yield from edits(original, _DUE, du("due"), lambda value: date(f"{words(value)[:4]}-02-30"))


@operator("两个时限", "two deadlines for one element", "commitment-due")
def two_dues(original: Original) -> Iterator[Mutant]:
    for node, value in original.rows("?node ?value", _DUE):
        yield original.plus(node, du("due"), like(value, f"{int(words(value)[:4]) + 1}-12-31"))


@operator("发布时已到期", "publish after a deadline", "already-due")
def late_publication(original: Original) -> Iterator[Mutant]:
    pattern = "?node dcterms:issued ?value ; du:describes ?plan . ?element du:inPlan ?plan ; du:due ?due"
    for node, old, due in original.rows("?node ?value ?due", pattern):
        yield original.changed(node, ISSUED, old, like(old, f"{int(words(due)[:4]) + 1}-01-01"))
