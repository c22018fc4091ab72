"""Which list a heading or a lead-in announces: 二、整改原则; 《方案》立下三项目标。; 五方面举措:. The words are in data/headings.csv."""

import csv
import re
from functools import cache

from pipeline.assets import asset_path
from pipeline.numbers import NUMERAL

_SOME = rf"{NUMERAL}(?:个方面|方面|大类|大|类|项|条|个|点)?(?:的)?"
# Lead-ins that are no fixed heading; tried in this order where two end at the same place.
_LEAD_INS: tuple[tuple[str, str], ...] = (
    ("Safeguard", rf"{_SOME}(?:保障|要求)|保障(?:措施|安排)"),
    ("Principle", rf"(?:{_SOME}|以下|下列|如下)原则"),
    ("Goal", rf"(?:{_SOME}|以下|下列|如下)(?:具体|整改)?目标|(?:确立了?|立下|实现的|达到的)目标"),
    ("MeasureCategory", rf"{_SOME}(?:重点|主要|方面的?)?工作|(?:主要|重点|整改|工作|具体)?(?:措施|举措|任务)"),
)
_HEADING_MAX = 16
_LEAD_MAX = 40


@cache
def _words() -> tuple[tuple[str, str], ...]:
    with asset_path("data", "headings.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["word"], row["kind"]) for row in csv.DictReader(file))


@cache
def _patterns() -> tuple[re.Pattern[str], dict[str, str], tuple[tuple[str, re.Pattern[str]], ...]]:
    kinds = dict(_words())
    words = re.compile("|".join(sorted(kinds, key=len, reverse=True)))
    return words, kinds, tuple((kind, re.compile(pattern)) for kind, pattern in _LEAD_INS)


def announced(lead: str) -> str | None:
    """The class of the list that the words before it announce, by the last word that names one."""
    words, kinds, lead_ins = _patterns()
    hits = [(m.end(), 1, 0, kinds[m[0]]) for m in words.finditer(lead)]
    hits += [(m.end(), 0, -order, kind) for order, (kind, p) in enumerate(lead_ins) for m in p.finditer(lead)]
    return max(hits)[3] if hits else None


def heading(folded: str, begin: int, end: int) -> tuple[str, int] | None:
    """The class that the heading at `begin` names, and where the heading ends; None where no heading starts there.

    A heading is a fixed word, alone or with a few signs around it, that a line end, a stop or the text itself follows.
    """
    words, kinds, _ = _patterns()
    line = re.compile(rf"[^。;:,\n]{{2,{_HEADING_MAX}}}(?=[\n。:]|$)").match(folded, begin, end)
    if line and (found := list(words.finditer(line[0]))):
        return kinds[found[-1][0]], line.end()
    match = words.match(folded, begin, min(end, begin + _HEADING_MAX))
    return (kinds[match[0]], match.end()) if match else None
