"""What sources get wrong: each makes a plan contradict itself so that one consistency rule of `shapes/` reports it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from invented import Due, Issue, Plan

Fault = Callable[[Plan], Plan]


def wrong_days(plan: Plan) -> Plan:
    """The stated days are not those from the first day to the last."""
    return replace(plan, days=plan.days + 2)


def fed_back_at_once(plan: Plan) -> Plan:
    """Feedback before the visit ends."""
    return replace(plan, feedback=plan.end - timedelta(days=3))


def published_before_feedback(plan: Plan) -> Plan:
    """The page is older than the feedback it tells of."""
    return replace(plan, issued=plan.feedback - timedelta(days=5))


def too_few_stated(plan: Plan) -> Plan:
    """More issues are listed than stated."""
    return replace(plan, stated=plan.stated - 1)


def closings_too_many(plan: Plan) -> Plan:
    """The issues closed by year add up to more than there are."""
    *others, (year, number) = plan.closings
    return replace(plan, closings=(*others, (year, number + len(plan.issues))))


def safeguard_missing(plan: Plan) -> Plan:
    """More safeguards are stated than listed."""
    return replace(plan, safeguards_stated=len(plan.safeguards) + 1)


def number_skipped(plan: Plan) -> Plan:
    """A safeguard's number is left out."""
    return replace(plan, skipped=2)


def measure_too_late(plan: Plan) -> Plan:
    """A measure is due a year after its issue."""
    issue = next(issue for issue in plan.issues if issue.due)
    assert issue.due
    year = issue.due.day.year + 1
    (words, _), *others = issue.measures
    late = Due(date(year, 12, 31), f"{year}年底前")
    return _with(plan, replace(issue, measures=((words, late), *others)))


def due_before_visit(plan: Plan) -> Plan:
    """An issue was due before the team came (`already-due` too)."""
    year = plan.begin.year - 1
    issue = plan.issues[-1]
    told = tuple((words, None) for words, _ in issue.measures)
    return _with(plan, replace(issue, due=Due(date(year, 12, 31), f"{year}年底前"), measures=told))


def due_too_far(plan: Plan) -> Plan:
    """An issue is due more than eight years after the visit."""
    year = plan.end.year + 9
    return _with(plan, replace(plan.issues[-1], due=Due(date(year, 12, 31), f"{year}年底前")))


def _with(plan: Plan, issue: Issue) -> Plan:
    return replace(plan, issues=tuple(issue if one.number == issue.number else one for one in plan.issues))


# By the rule that reports it.
FAULTS: dict[str, Fault] = {
    "stated-days": wrong_days,
    "feedback-after-visit": fed_back_at_once,
    "published-after-feedback": published_before_feedback,
    "issues-as-stated": too_few_stated,
    "closed-within-total": closings_too_many,
    "parts-as-stated": safeguard_missing,
    "ordinals-run": number_skipped,
    "measure-within-issue": measure_too_late,
    "due-after-visit": due_before_visit,
    "due-within-eight-years": due_too_far,
}
