"""分别: several values told for several names or several dates in one breath (GENRE §3, §4).

化学需氧量、总磷浓度分别下降12%、30% gives an amount for each name; 2025—2027年底前分别完成6个、3个、1个 one for each year. Where
the numbers of names and values differ, nothing is read.
"""

import re
from collections.abc import Iterator
from datetime import date

from pipeline.facts.dates import DueMark, due_of
from pipeline.facts.quantities import COMPARATORS, UNIT, Amount, indicator_words
from pipeline.model import Due, Precision, Reason
from pipeline.numbers import decimal

_VALUE = rf"\d+(?:\.\d+)?(?:{UNIT})?"
_LIST = re.compile(
    rf"(?P<stem>[^;。:\n]{{2,80}}?)分别(?P<verb>[^\d,;。、]{{0,10}}?)(?P<list>{_VALUE}(?:(?:[、,]|和|及|以及){_VALUE})+)(?P<tail>及?以上|及?以下|以内|之内|左右)?"
)
_ITEM = re.compile(rf"(?P<num>\d+(?:\.\d+)?)(?P<unit>{UNIT})?")
_YEARS = re.compile(r"(?P<first>20\d{2})年?(?:[-—~至到]{1,2})(?P<last>20\d{2})年(?P<end>年?底|末)?(?:之?前)?$")
_EACH_YEAR = re.compile(r"(?P<y>20\d{2})年(?:(?P<m>\d{1,2})月)?(?P<end>年?底|末)?(?:之?前)?")
_BASE = re.compile(r"(?:较|比|同比)[^、]{0,12}$|(?:较|比)(?:上年|去年|20\d{2}年)[^、]{0,6}$")
_JOINT = re.compile(r"、|以及|和|及|与")
_DOWN = re.compile(r"下降|降低|减少|削减|减排")
_UP = re.compile(r"提高|提升|增长|增加|上升")


def respectively(folded: str, begin: int, end: int) -> Iterator[tuple[Amount | None, tuple[int, int]]]:
    """The amounts of every 分别 in a stretch, each with the place of its number; those told by dates carry their due. A list
    whose values cannot be dealt out gives its place alone."""
    if folded.find("分别", begin, end) < 0:
        return
    for match in _LIST.finditer(folded, begin, end):
        items = list(_ITEM.finditer(folded, *match.span("list")))
        unit = next((item["unit"] for item in reversed(items) if item["unit"]), "")
        comparator = _comparator(match)
        dues = _dues(folded, match, len(items))
        names = [] if dues else _names(match["stem"], len(items))
        if not unit or comparator is None or not (dues or names):
            yield None, match.span("list")  # not to be read by another reader either
            continue
        for place, item in enumerate(items):
            value = decimal(item["num"])
            if value is None:
                continue
            what = names[place] if names else match["verb"].strip() or indicator_words(match["stem"])
            amount = Amount(
                indicator_words(what),
                comparator,
                value,
                item["num"],
                item["unit"] or unit,
                match.start(),
                match.end(),
                "target.respectively",
                due=dues[place] if dues else None,
            )
            yield amount, item.span("num")


def _comparator(match: re.Match[str]) -> str | None:
    words = match["verb"] or ""
    near = match["stem"][-12:] + words
    if re.search(r"[至到在]$", words) is None or not re.search(r"[至到]$", words):
        if _DOWN.search(near) and not re.search(r"(?:降|减)[^\d]{0,2}[至到]", near):
            return "comparator-decrease-by"
        if _UP.search(near) and not re.search(r"(?:提高|提升|增)[^\d]{0,2}[至到]", near):
            return "comparator-increase-by"
    tail = match["tail"] or ""
    if "以上" in tail:
        return "comparator-at-least"
    if tail in {"及以下", "以下", "以内", "之内"}:
        return "comparator-at-most"
    for pattern, comparator in COMPARATORS:
        if re.search(rf"(?:{pattern})$", words):
            return comparator
    return "comparator-equal"


def _names(stem: str, number: int) -> list[str]:
    """The names before 分别, when there are as many as values; what follows the last name goes with each."""
    words = stem[max(stem.rfind(","), -1) + 1 :]
    base = _BASE.search(words)
    core = words[: base.start()] if base else words
    parts = [part for part in _JOINT.split(core) if part]
    return parts if len(parts) == number and not any(map(_EACH_YEAR.fullmatch, parts)) else []


def _dues(folded: str, match: re.Match[str], number: int) -> list[DueMark]:
    stem = match["stem"].rstrip(",")
    cut = stem.rfind(",") + 1
    at, words = match.start("stem") + cut, stem[cut:]
    if span := _YEARS.search(words):
        years = range(int(span["first"]), int(span["last"]) + 1)
        if len(years) == number:
            reason = Reason("各年的数字按年份次序对应", "the numbers are matched with the years by order")
            begin, end = at + span.start(), at + span.end()
            text = folded[begin:end]
            return [DueMark(Due(date(y, 12, 31), Precision.YEAR, text), begin, end, reason) for y in years]
    each = list(_EACH_YEAR.finditer(words))
    if len(each) == number and each[-1].end() >= len(words) - 1:
        dues = [(due_of(int(one["y"]), one["m"], None, one[0]), one) for one in each]
        marks = [DueMark(due, at + one.start(), at + one.end()) for due, one in dues if due]
        return marks if len(marks) == number else []
    return []
