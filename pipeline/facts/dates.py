"""Dates, periods of a visit, and deadlines, with the year carried over inside a sentence (GENRE §2, §6)."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.model import Basis, Due, Moment, Precision, Reason

_TO = "(?:至|到|-{1,2}|—{1,2}|~)"
_PERIOD = re.compile(
    rf"(?:(?P<y>(?:19|20)\d{{2}})年)?(?P<m>\d{{1,2}})月(?:(?P<d>\d{{1,2}})日?)?{_TO}"
    rf"(?:(?P<y2>(?:19|20)\d{{2}})年)?(?:(?P<m2>\d{{1,2}})月)?(?:(?P<d2>\d{{1,2}})(?:日|(?P<lost>(?=[,。]))))?"
)
_GLUED = re.compile(rf"(?<!\d)(?P<y>20\d{{2}})年?(?P<from>\d{{2,4}})日?{_TO}(?P<to>\d{{2,4}})(?:日|(?![\d年月日.]))")
_YEAR = re.compile(r"(?P<y>(?:19|20)\d{2})年")
_DAY = re.compile(
    r"(?:(?P<y>(?:19|20)\d{2}|同)年)?(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})(?P<sign>日|(?=\(略\)))|(?P<end>底|中旬|上旬|下旬)?)"
)

_DUE = re.compile(
    r"(?P<to>到|至|截至|截止|自)?(?P<y>20\d{2})年"
    r"(?:(?P<yend>年?[底末])|(?P<half>上半年)|(?P<m>\d{1,2})月(?:(?P<mend>[底末])|(?P<d>\d{1,2})日)?)?"
    r"(?P<by>之前|以前|前|内)?(?P<end>,)?"
)
# What follows a bare year that is a deadline: 2022年改造11台, 2025年综合利用率力争达到85%.
_COMMITS = re.compile(
    r"(?:(?:完成(?!了)|改造|处置|建成|新建|治理|整治|修复|关停|退出|淘汰|力争|拟)|[^,;。\d年]{2,30}?(?:力争|不少于|不低于|不高于|不超过|控制在|提高到|提升到|降至))"
)
_PLAN_END = {"十三": 2020, "十四": 2025, "十五": 2030}
_FIVE_YEAR = re.compile(r"(?:到|至)?[“\"]?(?P<plan>十[三四五])五[”\"]?(?:规划)?(?:期?末)")

_CARRIED = "年份沿用同一句中的{year}年"
_CARRIED_EN = "the year is carried over from {year} in the same sentence"


@dataclass(frozen=True, slots=True)
class Period:
    """A visit's first and last day and where they stand; `basis` is `repaired` where digits were glued."""

    start: Moment
    end: Moment
    begin: int
    stop: int
    basis: Basis = Basis.STATED
    end_basis: Basis = Basis.STATED
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class DueMark:
    """A deadline and where it stands in the cleaned text; `reason` where its year is not written out."""

    due: Due
    begin: int
    end: int
    reason: Reason | None = None


def periods(folded: str, begin: int, end: int, page_date: date | None = None) -> Iterator[Period]:
    """The periods of a range, by days or by months. One that is no valid pair of dates is left out.

    A year that is not written is carried over from the sentence, else taken from the page's own date, else the period is
    left out.
    """
    for match in _PERIOD.finditer(folded, begin, end):
        if period := _period(folded, begin, match, page_date):
            yield period
    for match in _GLUED.finditer(folded, begin, end):
        if period := _unglue(match):
            yield period


def _period(folded: str, begin: int, match: re.Match[str], page_date: date | None) -> Period | None:
    if bool(match["d"]) != bool(match["d2"]) or not (match["d2"] or match["m2"]):
        return None
    month = int(match["m"])
    year, reason = _year_of(folded, begin, match, page_date)
    if year is None:
        return None
    start = _moment(year, month, int(match["d"]) if match["d"] else None)
    last = int(match["y2"] or year), int(match["m2"] or month)
    stop = _moment(*last, int(match["d2"]) if match["d2"] else None)
    if start is None or stop is None or str(start) > str(stop):
        return None
    basis = Basis.INFERRED if reason else Basis.STATED
    if match["lost"] is not None:
        zh, en = "末尾的“日”字丢失,此处只能是日期", "the final 日 was lost; the number can only be a day"
        return Period(start, stop, *match.span(), basis, Basis.REPAIRED, reason or Reason(zh, en))
    return Period(start, stop, *match.span(), basis, basis, reason)


def _year_of(folded: str, begin: int, match: re.Match[str], page_date: date | None) -> tuple[int | None, Reason | None]:
    """The year of a period's first day and, where it is not written, why it is believed."""
    if match["y"]:
        return int(match["y"]), None
    told = folded.endswith(
        "年", begin, match.start()
    )  # 今年 and 去年 are told by the page's date, 同年 by the sentence
    word = folded[max(begin, match.start() - 2) : match.start()] if told else ""
    if told and word not in {"今年", "去年", "同年"}:
        return None, None  # 前年, 次年, 每年
    said = [int(m["y"]) for m in _YEAR.finditer(folded, begin, match.start())]
    if said and word not in {"今年", "去年"}:
        return said[-1], Reason(_CARRIED.format(year=said[-1]), _CARRIED_EN.format(year=said[-1]))
    if page_date is None or word == "同年":
        return None, None
    year = page_date.year - (word == "去年" or (not word and int(match["m"]) > page_date.month))
    return year, by_page_date(year, page_date)


def by_page_date(year: int, page_date: date) -> Reason:
    """Why a year that is not written is believed."""
    zh = f"文中未写年份,按页面日期{page_date}推断为{year}年"
    return Reason(zh, f"no year is written; by the page's date {page_date} it is {year}")


def _unglue(match: re.Match[str]) -> Period | None:
    """`202298日至927日`: the digits of a date whose 年 or 月 were lost, when just one pair of dates fits."""
    year = int(match["y"])
    pairs = [
        (start, stop)
        for start in _splits(year, match["from"])
        for stop in _splits(year, match["to"])
        if 0 < (date.fromisoformat(str(stop)) - date.fromisoformat(str(start))).days <= 92
    ]
    if len(pairs) != 1:
        return None
    start, stop = pairs[0]
    reason = Reason(
        f"“年”“月”二字在转换中丢失,“{match[0]}”只有一种读法:{start}至{stop}",
        f"年 and 月 were lost in conversion; the digits of “{match[0]}” fit one pair of dates only: {start} to {stop}",
    )
    return Period(start, stop, *match.span(), Basis.REPAIRED, Basis.REPAIRED, reason)


def _splits(year: int, digits: str) -> list[Moment]:
    found = (
        _moment(year, int(digits[:i]), int(digits[i:]))
        for i in range(1, len(digits))
        if digits[0] != "0" and digits[i] != "0"
    )
    return [moment for moment in found if moment]


def _moment(year: int, month: int, day: int | None) -> Moment | None:
    try:
        date(year, month, day or 1)
    except ValueError:
        return None
    return Moment(year, month, day)


def next_day_after(
    folded: str, at: int, end: int, after: Moment
) -> tuple[Moment, int, int, Basis, Reason | None] | None:
    """The first date of `[at, end)`, its year taken from `after` (plus one when it would lie before it).

    A day that runs into a redaction (`9月1(略)`) gives a month only, since digits may be hidden.
    """
    for match in _DAY.finditer(folded, at, end):
        year = int(match["y"]) if (match["y"] or "").isdigit() else after.year
        month = int(match["m"])
        damaged = match["d"] is not None and match["sign"] != "日"
        day = int(match["d"]) if match["d"] and not damaged else None
        carried = not (match["y"] or "").isdigit()
        if carried and (month, day or 31) < (after.month, after.day or 1):
            year += 1
        moment = _moment(year, month, day)
        if moment is None:
            continue
        basis, reason = Basis.STATED, None
        if carried or damaged:
            zh, en = (_CARRIED.format(year=after.year), _CARRIED_EN.format(year=after.year)) if carried else ("", "")
            if year > after.year and carried:
                zh, en = zh + ",跨年加一", en + ", plus one because the calendar day lies before the visit's end"
            if damaged:
                zh, en = (
                    (zh + ";日被遮盖,只取到月").lstrip(";"),
                    (en + "; the day is redacted, so only the month is kept").lstrip("; "),
                )
            basis, reason = Basis.INFERRED, Reason(zh, en)
        return moment, match.start(), match.end(), basis, reason
    return _glued_day(folded, at, end, after)


_GLUED_DAY = re.compile(r"(?<!\d)(?P<y>20\d{2})年?(?P<from>\d{2,4})(?:日|(?![\d年月.%个项件号]))")


def _glued_day(folded: str, at: int, end: int, after: Moment) -> tuple[Moment, int, int, Basis, Reason | None] | None:
    """`2022223日`: a day whose 年 and 月 were lost, when just one reading fits and it does not lie before `after`."""
    for match in _GLUED_DAY.finditer(folded, at, end):
        found = [day for day in _splits(int(match["y"]), match["from"]) if str(day) >= str(after)]
        if len(found) == 1:
            zh = f"“年”“月”在转换中丢失,“{match[0]}”只有一种读法:{found[0]}"
            reason = Reason(zh, f"年 and 月 were lost in conversion; “{match[0]}” fits one date only: {found[0]}")
            return found[0], match.start(), match.end(), Basis.REPAIRED, reason
    return None


def due_marks(folded: str) -> Iterator[DueMark]:
    """Every deadline of a text: a year or month with 底, 末, 前 or 到, or a bare year that heads a clause (`2025年,`)."""
    for match in _DUE.finditer(folded):
        if match["to"] in {"截至", "截止", "自"} or folded.startswith(("以来", "度", "起"), match.end()):
            continue
        opens = match.start() == 0 or folded[match.start() - 1] in "。;:,\n出,、)"
        heads = opens and not match["m"] and (match["end"] or _COMMITS.match(folded, match.end()))
        if not (match["yend"] or match["mend"] or match["half"] or match["by"] or match["to"] or heads):
            continue
        stop = match.end() - (1 if match["end"] else 0)
        if due := _due(match, folded[match.start() : stop]):
            yield DueMark(due, match.start(), stop)
    for match in _FIVE_YEAR.finditer(folded):
        last = date(_PLAN_END[match["plan"]], 12, 31)
        reason = Reason(f"“{match['plan']}五”末即{last}", f"the end of the {match['plan']}五 plan period is {last}")
        yield DueMark(Due(last, Precision.YEAR, match[0]), *match.span(), reason)


def _due(match: re.Match[str], words: str) -> Due | None:
    year = int(match["y"])
    if match["half"]:
        return Due(date(year, 6, 30), Precision.MONTH, words)
    return due_of(year, match["m"], match["d"], words)


def due_of(year: int, month: str | None, day: str | None, words: str) -> Due | None:
    """The last day of a year, month or day as written; None where there is no such date (13月, 31日 of a short month)."""
    number = int(month or 12)
    if not 1 <= number <= 12:
        return None
    last = calendar.monthrange(year, number)[1]
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    return Due(date(year, number, int(day or last)), precision, words) if 1 <= int(day or last) <= last else None


_BARE_DUE = re.compile(
    r"(?P<y>20\d{2})年(?:(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?)?(?!第?[一二三四1-4]季度|[上下]半年|度|起)"
)


def bare_due(folded: str, begin: int, end: int) -> DueMark | None:
    """The last date of a field that holds deadlines: there a date needs no 前 or 底 (完成时限:2023年12月31日)."""
    found = [
        DueMark(due, match.start(), match.end())
        for match in _BARE_DUE.finditer(folded, begin, end)
        if (due := due_of(int(match["y"]), match["m"], match["d"], match[0]))
    ]
    return max(found, key=lambda mark: mark.due.last_day, default=None)


_CALENDAR = re.compile(r"(20\d{2})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})")


def calendar_day(folded: str, begin: int, end: int) -> tuple[date, int, int] | None:
    """The first full date of a range in any of the page heads' forms (`2023-07-17`, `2024年08月02日`)."""
    for match in _CALENDAR.finditer(folded, begin, end):
        moment = _moment(int(match[1]), int(match[2]), int(match[3]))
        if moment:
            sign = 1 if folded.startswith("日", match.end()) else 0
            return date.fromisoformat(str(moment)), match.start(), match.end() + sign
    return None
