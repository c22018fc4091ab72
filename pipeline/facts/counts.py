"""The numbers of things a plan says it has: 31个问题, 整改措施107条, 七大类主要措施 (GENRE §3). Claims, not empty nodes.

问题, 任务 and 措施 are kept apart. A text states one whole for each class; numbers of parts (其中3个, 已完成24个) are none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.facts.page import Page
from pipeline.model import Count
from pipeline.numbers import NUMERAL, integer

_N = rf"(?<![第\d.])(?P<n>{NUMERAL})"
_UNIT = "(?P<unit>个|项|条|件|处)"
_ROOM = r"(?:具体|主要|突出|反馈|整改|方面|生态环境|环境|共性|个性|典型|重点|督察|的){0,4}"
_FILED = r"(?:信访|举报|投诉|来电来信)(?:举报|投诉|信访|环境|生态环境|问题){0,2}(?:案件|问题线索|问题|事项|线索|件|案)?"
# What is counted, by the noun beside the number. At one number the first pattern that matches wins.
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "MeasureCategory",
        (
            rf"{_N}(?P<unit>大类|类|个方面|方面|个板块|大板块|个领域)(?:的|共)?(?:\d+[项条个])?(?:主要|具体|工作|重点)?(?:整改)?(?:措施|举措|任务)",
            rf"(?:措施|举措|任务)(?:归入|归为|归纳为|分为|共分|包括){_N}(?P<unit>大类|类|个方面|方面|个板块|大板块)",
            rf"从{_N}(?P<unit>个方面|方面)[^。,;]{{0,6}}(?:发力|措施|任务|举措)",
        ),
    ),
    (
        "Safeguard",
        (
            rf"{_N}(?P<unit>个方面|方面|项|条|个)(?:的)?(?:作了?|作出|提出)?(?:组织)?(?:保障措施|工作要求|组织保障|保障)",
            rf"保障(?:措施|安排)?(?:共|有)?{_N}(?P<unit>项|条|个)",
        ),
    ),
    (
        "Goal",
        (
            rf"{_N}(?P<unit>个方面|方面|项|大|个)(?:的)?(?:具体|主要|工作|总体|整改|综合){{0,3}}目标",
            rf"目标(?:共|有){_N}(?P<unit>个|项|条)",
        ),
    ),
    (
        "IssueCategory",
        (
            rf"{_N}(?P<unit>大方面|个方面|方面)[^。;,\d]{{0,6}}?(?:,?共)?(?:{NUMERAL}大?类)?[、,]?(?:共)?(?:{NUMERAL}(?:个|项|条))?(?={_ROOM}问题)",
            rf"{_N}(?P<unit>大类|类)(?:的)?(?=[共、,]?(?:突出)?(?:{NUMERAL}(?:个|项|条)?)?{_ROOM}问题)",
        ),
    ),
    ("Measure", (rf"{_N}{_UNIT}{_ROOM}(?:措施|举措)", rf"(?:措施|举措)(?:共|共计|计|有|为)?{_N}(?P<unit>条|项|个)")),
    ("Task", (rf"{_N}{_UNIT}{_ROOM}任务", rf"任务(?:共|共计|计|有|为)?{_N}(?P<unit>项|个|条)")),
    (
        "Petition",
        (
            rf"{_N}(?P<unit>件|个|起|宗|批)(?:次)?(?:群众|生态|的)*{_FILED}",
            rf"{_FILED}(?:共|共计|计|有)?{_N}(?P<unit>件|个|起|宗)",
        ),
    ),
    (
        "Issue",
        (
            rf"{_N}(?P<unit>个|项|条)?{_ROOM}问题(?!线索|清单|.{{0,3}}整改率)",
            rf"(?<!责任追究)问题(?:共|共计|计|有|为)?{_N}(?P<unit>个|项|条)",
        ),
    ),
)
_COMPILED = tuple((kind, tuple(map(re.compile, patterns))) for kind, patterns in _KINDS)
_NOUN = re.compile(r"问题|任务|措施|举措|目标|保障|要求|信访|举报|投诉|案件|方面发力")
_WHOLE = re.compile(
    r"反馈|指出|认领|梳理|细化|分解|明确|共|涉及|清单|方案|列出|提出|发现|交办|转办|移交|受理|转来|收到|举报|归纳|确定|制定|点出"
)
_PART = re.compile(
    r"(?:其中|其余|剩余|剩下|余下|另外|还有|已有|仍有|尚有|再|已|均|完成|完成了|完成整改|已整改|整改完成|办结|解决|解决了|推进|每|达时限的|前|(?<![务题施面])、|立行立改|移交的?责任追究|至|—|-)$"
)
_TOTAL_BEFORE = (
    "反馈的",
    "指出的",
    "提出的",
    "涉及的",
    "发现的",
    "交办的",
    "移交的",
    "转办的",
    "反馈",
    "指出",
    "共",
    "举报的",
)


@dataclass(frozen=True, slots=True)
class _Claim:
    kind: str
    value: int
    value_text: str
    unit: str
    begin: int
    end: int
    weight: int


def read_counts(page: Page, zones: list[tuple[int, int]]) -> Iterator[Count]:
    """The whole of each class that the given ranges state, at the place that states it as a whole most plainly."""
    best: dict[str, _Claim] = {}
    for begin, end in zones:
        if not _NOUN.search(page.folded, begin, end):
            continue
        taken: set[tuple[int, int]] = set()
        for claim in _claims(page, begin, end, taken):
            known = best.get(claim.kind)
            if known is None or claim.weight > known.weight:
                best[claim.kind] = claim
    for claim in sorted(best.values(), key=lambda c: (c.begin, c.kind)):
        yield Count(
            claim.kind,
            claim.value,
            claim.value_text,
            claim.unit,
            page.source(claim.begin, claim.end, "plan.count"),
        )


def _claims(page: Page, begin: int, end: int, taken: set[tuple[int, int]]) -> Iterator[_Claim]:
    for kind, patterns in _COMPILED:
        for pattern in patterns:
            for match in pattern.finditer(page.folded, begin, end):
                value = integer(match["n"])
                number = match.span("n")
                if not value or number in taken or _is_part(page, match, kind):
                    continue
                taken.add(number)
                said = page.folded[max(begin, match.start() - 40) : match.start()]
                weight = 1 + bool(_WHOLE.search(said)) + said.endswith(("共", "共有", "合计", "总计"))
                weight -= 2 * page.folded.startswith("中", match.end())
                written = page.text.plain[number[0] : number[1]]
                yield _Claim(kind, value, written, match["unit"] or "", match.start(), match.end(), weight)


def _is_part(page: Page, match: re.Match[str], kind: str) -> bool:
    """Whether the number is a share of the whole (其中3个问题, 完成24个问题), or an ordinal."""
    before = page.folded[max(0, match.start("n") - 8) : match.start("n")]
    noun_first = match.start("n") > match.start()
    if noun_first:
        before = page.folded[max(0, match.start() - 8) : match.start()]
    if kind == "Issue" and match["n"] in {"一", "两", "几"}:
        return True
    if before.endswith(_TOTAL_BEFORE) and "完成" not in before:
        return False
    return kind in {"Issue", "Task", "Measure", "Petition"} and bool(_PART.search(before))
