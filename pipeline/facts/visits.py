"""The visits a page tells of: a period of supervision, the words about it, and when it was reported back (GENRE §1, §2).

A page may tell of several visits, each with its own dates. `find_visits` gives them in reading order; which of them the
plan answers is decided in `supervision`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipeline.facts.dates import Period, next_day_after, periods
from pipeline.facts.page import Page
from pipeline.model import Basis, Moment, Reason, Source, Stated
from pipeline.numbers import NUMERAL, integer

_ABOUT = re.compile(
    r"督察组|进驻|督察“?回头看|“回头看”|(?:开展|进行|实施|接受)[^,。;]{0,40}?督察(?!整改|反馈|问题|攻坚)|督察(?:工作)?(?:期间|时间)|入驻"
)
_NO_VISIT_BEFORE = re.compile(r"(?:截至|截止|公示(?:期|时间|日期)?(?:为|:|自)?|受理时间[^,。]{0,6}|整改期限|时限:?)$")
_NO_VISIT_AFTER = re.compile(r",?(?:为[^,。]{0,12}(?:阶段|期)|期间?(?:接受|受理)|公示)")
_JOINT = re.compile(r"[、,和及与]|以及")
_REPORTED_BACK = re.compile(r"(?:反馈|移交|通报)(?!问题|意见整改|意见问题|报告整改|报告反馈|的问题|期间)")
_REACH = 30  # between a date and the word 反馈
_FAR = 400  # between a visit and its feedback


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit's period and the stretch `[begin, end)` of the sentence that is about it."""

    period: Period
    begin: int
    end: int
    feedback: Stated[Moment] | None = None


def find_visits(page: Page, page_date: date | None) -> list[Visit]:
    """The visits with a period, in reading order; the same period told twice is one visit."""
    found: list[Visit] = []
    for begin, end in page.sentences():
        if not _ABOUT.search(page.folded, begin, end):
            continue
        here = sorted(
            (p for p in periods(page.folded, begin, end, page_date) if _is_visit(page, p, end)), key=lambda p: p.begin
        )
        for place, period in enumerate(here):
            low = here[place - 1].stop if place else begin
            high = here[place + 1].begin if place + 1 < len(here) else end
            if all(str(period.start) != str(visit.period.start) for visit in found):
                found.append(Visit(period, low, high))
    return [replace(visit, feedback=one) for visit, one in zip(found, _feedbacks(page, found), strict=True)]


def _is_visit(page: Page, period: Period, end: int) -> bool:
    before = page.folded[max(0, period.begin - 18) : period.begin]
    return not (
        "公示" in before or _NO_VISIT_BEFORE.search(before) or _NO_VISIT_AFTER.match(page.folded, period.stop, end)
    )


def _feedbacks(page: Page, visits: list[Visit]) -> Iterator[Stated[Moment] | None]:
    """When each visit was reported back. Visits listed together (于A、B和C) match a list of as many dates by order."""
    place = 0
    while place < len(visits):
        last = place
        while last + 1 < len(visits) and together(page, visits[last], visits[last + 1]):
            last += 1
        group = visits[place : last + 1]
        if len(group) == 1:
            following = visits[last + 1].period.begin if last + 1 < len(visits) else len(page.folded)
            yield _feedback(page, group[0], following)
        else:
            yield from _matched(page, group)
        place = last + 1


def together(page: Page, one: Visit, other: Visit) -> bool:
    """Whether two visits are told in one breath (于A、B和C)."""
    first, second = sorted((one, other), key=lambda visit: visit.period.begin)
    between = page.folded[first.period.stop : second.period.begin]
    return len(between) <= 2 and bool(_JOINT.fullmatch(between))


def _feedback(page: Page, visit: Visit, limit: int) -> Stated[Moment] | None:
    """于…反馈: the date before 反馈 or 移交 that follows the visit, its year carried over from the visit."""
    period = visit.period
    for low, high in page.sentences(visit.begin):
        at = period.stop if low <= period.begin < high else low
        if at >= limit or low - visit.begin > _FAR:
            return None
        for clause in re.finditer(r"[^,;。]+", page.folded[at : min(high, limit)]):
            first, last = at + clause.start(), at + clause.end()
            found = next_day_after(page.folded, first, last, period.end)
            word = _REPORTED_BACK.search(page.folded, found[2], min(last + _REACH, high)) if found else None
            if found and word and word.start() - found[2] <= _REACH and _outside_a_title(page, found[2], word.start()):
                moment, begin, end, basis, reason = found
                stop = max(end, word.end())
                return Stated(moment, page.source(begin, stop, "supervision.feedback", basis, reason))
    return None


def _matched(page: Page, group: list[Visit]) -> list[Stated[Moment] | None]:
    """并于A、B及C反馈: as many dates as visits, matched by order; else none."""
    at = group[-1].period.stop
    for low, high in page.sentences(group[0].begin):
        start = max(low, at)
        word = _REPORTED_BACK.search(page.folded, start, high)
        if low - at > _FAR:
            break
        if word is None:
            continue
        dates: list[tuple[Moment, int, int, Basis, Reason | None]] = []
        after = group[0].period.end
        while found := next_day_after(page.folded, start, word.start(), after):
            dates.append(found)
            start, after = found[2], found[0]
        if len(dates) == len(group):
            zh, en = "与前面并列的督察时间按次序对应", "matched by order with the visits listed before"
            reasons = [Reason(f"{zh};{d[4].zh}", f"{en}; {d[4].en}") if d[4] else Reason(zh, en) for d in dates]
            return [
                Stated(d[0], page.source(d[1], d[2], "supervision.feedback.matched", Basis.INFERRED, reason))
                for d, reason in zip(dates, reasons, strict=True)
            ]
        break
    return [None] * len(group)


def lone_feedback(page: Page) -> Stated[Moment] | None:
    """于Y年M月D日…反馈 on a page that gives no period: only a date with its year counts."""
    for begin, end in page.sentences():
        if "督察" not in page.folded[begin:end]:
            continue
        for match in re.finditer(r"(?:19|20)\d{2}年\d{1,2}月(?:\d{1,2}日|底|中旬|上旬|下旬)?", page.folded[begin:end]):
            first = begin + match.start()
            found = next_day_after(page.folded, first, end, Moment(1900, 1, 1))
            word = _REPORTED_BACK.search(page.folded, begin + match.end(), min(end, begin + match.end() + 3 * _REACH))
            near = page.folded[begin + match.end() : word.start()] if word else ""
            if found and word and "截至" not in page.folded[max(begin, first - 4) : first] and "。" not in near:
                if "《" in near or re.search(r"进驻|印发|开展", near):
                    continue
                if not (re.search(r"督察组?", near) or len(near) <= _REACH) or re.search(r"\d月|整改", near):
                    continue
                moment, low, high, basis, reason = found
                return Stated(moment, page.source(low, max(high, word.end()), "supervision.feedback", basis, reason))
    return None


def _outside_a_title(page: Page, begin: int, end: int) -> bool:
    between = page.folded[begin:end]
    return between.count("《") <= between.count("》") and "印发" not in between


_MONTH_START = re.compile(
    r"(?P<y>(?:19|20)\d{2})年(?P<m>\d{1,2})月(?!\d|底|中旬|下旬|上旬)[^。;\d]{0,24}?(?:进驻|对[^。,]{2,14}(?:开展|进行))"
)


def month_of_start(page: Page) -> Stated[Moment] | None:
    """Y年M月进驻…: the month a visit began, on a page that gives no period."""
    for begin, end in page.sentences():
        if _ABOUT.search(page.folded, begin, end) and (match := _MONTH_START.search(page.folded, begin, end)):
            month = int(match["m"])
            if 1 <= month <= 12:
                stop = match.end("m") + 1
                return Stated(
                    Moment(int(match["y"]), month), page.source(match.start(), stop, "supervision.start.month")
                )
    return None


_DAYS = re.compile(rf"为期(?P<words>(?P<n>{NUMERAL})(?P<unit>天|日|个月|周)|半个月|一?个半月)")


def stated_days(page: Page, begin: int, end: int) -> Stated[int] | None:
    """为期21天: how long a visit is said to last; a month is about 30 days."""
    match = _DAYS.search(page.folded, begin, end)
    if match is None:
        return None
    source = page.source(*match.span(), "supervision.days")
    if match["unit"] in {"天", "日"} and (days := integer(match["n"])):
        return Stated(days, source, match["words"])
    factor = {"个月": 30, "周": 7}.get(match["unit"] or "", 0)
    number = integer(match["n"]) if match["n"] else None
    days = factor * number if factor and number else 15 if match["words"] == "半个月" else 45
    reason = Reason(f"“{match['words']}”按约{days}天计", f"{match['words']} taken as about {days} days")
    return Stated(days, Source(source.spans, source.rule, Basis.INFERRED, reason), match["words"])
