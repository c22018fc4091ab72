"""The numbers of things a plan says it has: 31个问题, 107条整改措施, 七大类主要措施 (GENRE §3). Claims, not empty nodes."""

import re
from collections.abc import Iterator

from pipeline.facts.page import Page
from pipeline.model import Basis, Count
from pipeline.numbers import NUMERAL, integer

_N = rf"(?P<n>{NUMERAL})"
_ROOM = r"(?:具体|主要|突出|反馈|整改|方面|生态环境|环境|的){0,3}"
# What is counted, by the noun after the number; the first pattern that matches at a number wins.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "MeasureCategory",
        re.compile(
            rf"(?:\b|(?<=[^第\d])){_N}(?P<unit>大类|个方面|方面)(?:的)?(?:\d+[项条个])?(?:主要|具体|工作|重点)?(?:整改)?(?:措施|任务)"
        ),
    ),
    (
        "Safeguard",
        re.compile(rf"{_N}(?P<unit>个方面|方面|项|条|个)(?:的)?(?:组织)?(?:保障措施|工作要求|组织保障|保障)"),
    ),
    ("Goal", re.compile(rf"{_N}(?P<unit>个方面|方面|项|大|个)(?:的)?(?:具体|主要|工作|总体)?(?:整改)?目标")),
    (
        "IssueCategory",
        re.compile(rf"{_N}(?P<unit>个方面|大类|方面|类)(?:的)?(?=(?:[共、,]|突出)?{NUMERAL}(?:个|项|条)?{_ROOM}问题)"),
    ),
    ("Measure", re.compile(rf"{_N}(?P<unit>条|项|个){_ROOM}措施")),
    ("Task", re.compile(rf"{_N}(?P<unit>项|个|条){_ROOM}任务")),
    (
        "Petition",
        re.compile(rf"{_N}(?P<unit>件|个|起|批)(?:次)?(?:群众)?(?:环境)?(?:信访(?:举报)?(?:件|案件|问题|事项)|举报件)"),
    ),
    ("Issue", re.compile(rf"{_N}(?P<unit>个|项|条|方面)?{_ROOM}问题(?!线索)")),
)


def read_counts(page: Page, zones: list[tuple[int, int]]) -> Iterator[Count]:
    """The counts stated in the given ranges, each (class, value) once, where it first stands."""
    seen: set[tuple[str, int]] = set()
    for kind, pattern in _KINDS:
        for begin, end in zones:
            for match in pattern.finditer(page.folded, begin, end):
                value = integer(match["n"])
                if value is None or value == 0 or (kind, value) in seen or _is_part(page, match, kind):
                    continue
                seen.add((kind, value))
                yield Count(
                    kind, value, match["n"], match["unit"] or "", page.source(*match.span(), "plan.count", Basis.STATED)
                )


_PART = re.compile(r"(?:其中|完成|整改|办结|其余|剩余|余下|第|另外|推进|的|剩下)$")


def _is_part(page: Page, match: re.Match[str], kind: str) -> bool:
    """Whether the number is a share of the whole (其中3个问题, 完成24个问题), or an ordinal."""
    before = page.folded[max(0, match.start() - 4) : match.start()]
    if before.endswith(("反馈的", "指出的", "提出的", "涉及的", "发现的", "交办的", "移交的")):
        return False
    parts = kind in {"Issue", "Task", "Measure", "Petition"} and _PART.search(before)
    return bool(parts) or before[-1:] in {"第", "."} or (kind == "Issue" and match["n"] in {"一", "两", "几"})
