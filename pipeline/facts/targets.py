"""Targets and duties: amounts, deeds and frequencies that a plan commits to, each with its deadline and its owner.

A measure's amount without a date inherits the issue's (DESIGN §3: `inherited`).
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from pipeline.facts.clauses import Clause, stated_due
from pipeline.facts.dates import DueMark
from pipeline.facts.elements import Zone, label_of
from pipeline.facts.frequencies import Frequency, frequencies
from pipeline.facts.gaps import is_damaged, with_ellipses
from pipeline.facts.page import Page
from pipeline.facts.quantities import Amount
from pipeline.facts.schedules import CLOSED, CLOSED_SHARE, PETITIONS_SHARE
from pipeline.facts.terms import indicator_of, topics_of
from pipeline.model import Basis, Due, Duty, Element, Issue, Quantity, Reason, Source, Stated

_QUALITATIVE = re.compile(
    r"(?P<what>[^,;。:\n]{0,24}?)(?P<how>基本消除|全面消除|不出现|消除|杜绝|清零(?!行动)|无(?=劣)|应退尽退)(?P<rest>[^,;。:\n]{0,16})"
)
_GONE = re.compile(r"消除|不出现|杜绝|清零|无劣|应退尽退")
_MILESTONE = re.compile(
    r"(?:(?:基本|全面)?(?:完成|实现|建成|制定|出台)|投入运行|投运|通水)(?P<what>(?!新|明显|显著|进一步|持续|稳步)[^,;。:\n]{3,40})"
)
_SYMBOL = {
    "comparator-at-least": "≥",
    "comparator-at-most": "≤",
    "comparator-equal": "=",
    "comparator-more-than": ">",
    "comparator-less-than": "<",
    "comparator-increase-by": "+",
    "comparator-decrease-by": "−",
}


def read_targets(
    page: Page, zone: Zone, clause: Clause, found: list[Amount], issues: list[Issue], told: Callable[[int, int], bool]
) -> Iterator[Quantity]:
    """What a clause commits to by its amounts `found` and in words; an amount that is `told` (its begin and end in the text) is none."""
    covered: set[int] = set()
    dated: set[int] = set()
    counted = any(amount.unit == "次" for amount in found)
    recurring = list(frequencies(page.folded, clause.begin, clause.end)) if counted else []
    for amount in with_carried_names(found):
        if told(amount.begin, amount.end):
            continue
        if amount.unit == "次" and any(one.begin <= amount.begin < one.end for one in recurring):
            continue  # so many times a period: `read_duties` says it
        covered.update(range(amount.begin, amount.end))
        mark = amount.due or (None if amount.rule == "target.within" else clause.due_at(amount.end))
        yield quantity(page, "Target", zone, amount, mark, issues)
    may = (_QUALITATIVE,) if _GONE.search(page.folded, clause.begin, clause.end) else ()
    for reader in (*may, *((_MILESTONE,) if clause.marks else ())):
        for match in reader.finditer(page.folded, clause.begin, clause.end):
            mark = clause.due_at(match.start())
            if told(match.start(), match.end()):
                continue
            if is_damaged(match[0]) or (reader is _MILESTONE and not _dated(page, clause, mark, match.start(), dated)):
                continue
            if covered.isdisjoint(range(*match.span())):
                covered.update(range(*match.span()))
                yield _qualitative(page, zone, match, mark, issues)


_NO_NAME = re.compile(r"(?:(?:到|至)?20\d{2}年(?:\d{1,2}月)?(?:年?[底末])?(?:之?前)?|再|也|则|要|,)*")


def with_carried_names(found: list[Amount]) -> Iterator[Amount]:
    """Amounts of a clause; one that only a date introduces (…达到55%,2022年底前不低于85%) is of the indicator before it."""
    before: Amount | None = None
    for amount in found:
        if before and _NO_NAME.fullmatch(amount.what) and amount.unit == before.unit:
            yield replace(amount, what=before.what)
            continue
        before = amount
        yield amount


def _dated(page: Page, clause: Clause, mark: DueMark | None, at: int, dated: set[int]) -> bool:
    """Whether a deed is a milestone: the first deed after a date of its own clause, at most one comma away."""
    if mark is None or mark not in clause.marks or mark.begin in dated or page.folded.count(",", mark.end, at) > 1:
        return False
    dated.add(mark.begin)
    return True


def _path(kind: str, *parts: object) -> str:
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:8]
    return f"{kind}/{digest}"


def quantity(page: Page, kind: str, zone: Zone, amount: Amount, mark: DueMark | None, issues: list[Issue]) -> Quantity:
    begin = amount.begin
    if (
        mark
        and mark.end <= begin
        and not re.search(r"[。;]", page.folded[mark.end : begin])
        and begin - mark.begin <= 80
    ):
        begin = mark.begin
    begin, end = page.trim(begin, amount.end)
    words = page.words(begin, end)
    due = _due(page, zone, mark, issues)
    indicator = _indicator(page, amount)
    sign = _SYMBOL.get(amount.comparator, "")
    what = with_ellipses(page.as_written(amount.what, begin, amount.end))[0]
    return Quantity(
        kind=kind,
        path=_path(kind.lower(), amount.what, amount.value, amount.unit, due.value.last_day if due else "", zone.owner),
        label=f"{label_of(amount.what)} {sign} {amount.value}{'个月' if amount.unit == '月' else amount.unit}".strip(),
        text=words,
        source=page.source(begin, end, amount.rule, amount.basis, amount.reason),
        topics=topics_of(words),
        indicator_text=what,
        indicator=indicator,
        comparator=amount.comparator,
        value=amount.value,
        value_text=amount.value_text,
        unit_text=amount.unit,
        due=due,
        belongs_to=zone.owner,
    )


_CLOSING = re.compile(r"(?:其中)?(?:完成|整改|完成整改|整改完成|销号|完成销号)")


def _indicator(page: Page, amount: Amount) -> str | None:
    """The indicator of an amount; 完成21个 counts what the sentence last named."""
    if "信访" in amount.what and amount.unit == "%":
        return PETITIONS_SHARE
    named = re.search(r"问题.{0,4}整改|完成整改|整改.{0,4}问题", amount.what)
    if _CLOSING.fullmatch(amount.what) and amount.unit in {"个", "项"}:
        said = page.folded[page.sentence_around(amount.begin)[0] : amount.begin]
        named = named if named and "任务" not in said else re.search(r"问题(?!.*(?:任务|措施|信访))", said)
    if named:
        return CLOSED_SHARE if amount.unit == "%" else CLOSED if amount.unit in {"个", "项"} else None
    return indicator_of(amount.what, amount.unit)


def _due(page: Page, zone: Zone, mark: DueMark | None, issues: list[Issue]) -> Stated[Due] | None:
    if mark:
        return stated_due(page, mark, "target.due")
    issue = next((i for i in issues if zone.owner == i.path or zone.owner.startswith(i.path + "/")), None)
    if issue is None or issue.due is None:
        return None
    reason = Reason("本条未写时限,沿用所属问题的整改时限", "no date of its own; the issue's deadline applies")
    return Stated(issue.due.value, Source(issue.due.source.spans, "target.due.inherited", Basis.INHERITED, reason))


def _qualitative(page: Page, zone: Zone, match: re.Match[str], mark: DueMark | None, issues: list[Issue]) -> Quantity:
    begin, end = page.trim(mark.begin if mark and mark.end == match.start() else match.start(), match.end())
    words = page.words(begin, end)
    gone = "how" in match.re.groupindex and match["how"] != "应退尽退"
    due = _due(page, zone, mark, issues)
    return Quantity(
        kind="Target",
        path=_path("target", words, due.value.last_day if due else "", zone.owner),
        label=label_of(words),
        text=words,
        source=page.source(begin, end, "target.eliminate" if gone else "target.milestone"),
        topics=topics_of(words),
        indicator_text=label_of(match["what"] if match["what"].strip() else words),
        indicator=indicator_of(words) if gone else None,
        comparator="comparator-eliminate" if gone else None,
        due=due,
        belongs_to=zone.owner,
    )


def read_duties(
    page: Page, zone: Zone, clause: Clause, issues: list[Issue], told: Callable[[int, int], bool]
) -> Iterator[Element]:
    """A recurring obligation is a duty, and a target of so many times a period."""
    for found in frequencies(page.folded, clause.begin, clause.end):
        if told(found.begin, found.end):
            continue
        begin, end = page.trim(found.begin, found.end)
        words = page.words(begin, end)
        source = page.source(begin, end, "duty", found.basis, found.reason)
        yield Duty(
            kind="Duty",
            path=_path("duty", words),
            label=label_of(words),
            text=words,
            source=page.source(begin, end, "duty"),
            topics=topics_of(words),
            actor=with_ellipses(found.actor)[0],
            frequency=found.duration,
            frequency_text=found.words,
        )
        yield _times(page, zone, clause, found, source, words, issues)


def _times(
    page: Page, zone: Zone, clause: Clause, found: Frequency, source: Source, words: str, issues: list[Issue]
) -> Quantity:
    due = _due(page, zone, None, issues)
    return Quantity(
        kind="Target",
        path=_path("target", words, found.times, found.unit, zone.owner),
        label=f"{label_of(found.act)} ≥ {found.times}{found.unit}",
        text=words,
        source=source,
        topics=topics_of(words),
        indicator_text=with_ellipses(found.act)[0],
        comparator="comparator-at-least",
        value=str(found.times),
        value_text=found.times_text,
        unit_text=found.unit,
        due=due,
        aggregation="aggregation-per-period",
        frequency=found.duration,
        frequency_text=found.words,
        belongs_to=zone.owner,
    )
