"""The last signs of the region a page is for: whom its title begins with, who draws up the plan, whose issues are told of,
and whose bodies and rules it names.

In: the page and its titles. Out: a code, or None where the signs of one sort do not agree.
"""

import re

from pipeline.facts.page import Mark, Page
from pipeline.facts.subjects import bearers, runs
from pipeline.model import Basis, Reason, Source, Stated
from pipeline.region import Region, load_regions

_TITLE = re.compile(r"(?:通报|公开|公布|扎实|持续|推进|召开|全力|坚决|狠抓|强力)")
_DRAWS_UP = re.compile(r"特?制[定订](?:了)?(?:如下|本)")
_DOES = re.compile(r"(?:坚持以|扎实推进|高度重视|严格落实|切实|全力推进|认真贯彻|坚决扛起|深入贯彻)")
_ISSUES_OF = re.compile(r"(?:整改任务|的?问题|\d+项|信访)")
_BEFORE_ISSUES = re.compile(r"(?:反馈|涉及|交办)$")
_BODY = re.compile(
    r"(?:生态环境保护督察|环境保护督察|环保督察|中央环境?保(?:护)?督察|中央生态环境保护督察)?[^,。;《》\n]{0,16}?(?:整改(?:工作)?领导小组|督察工作领导小组|生态环境厅|环境保护厅|生态环境局)"
)
_RULE = re.compile(r"[^《》]{0,30}(?:办法|细则|条例|工作方案)》")


def by_lead(page: Page, titles: list[Mark]) -> Stated[str] | None:
    """The region that leads the title or a deed of rectification; else, inferred, the province whose bodies or rules alone
    are named."""
    text = (0, len(page.folded))
    stated = (
        ([(title.begin, title.end) for title in titles], _TITLE, None, True),
        ([text], _DRAWS_UP, None, False),
        ([text], _DOES, None, False),
        ([text], _ISSUES_OF, _BEFORE_ISSUES, False),
    )
    for places, after, before, at_head in stated:
        hits = [hit for begin, end in places for hit in _hits(page, begin, end, after, before, at_head)]
        if found := _agreed(hits):
            region, begin, end = found
            return Stated(region.adcode, page.source(begin, end, "region.lead"))
    for after, before, zh, en in (
        (
            _BODY,
            None,
            "只提到这一省的督察或环保机构",
            "the only province whose supervision or environment bodies are named",
        ),
        (_RULE, re.compile(r"《$"), "只引用这一省的规定", "the only province whose rules are cited"),
    ):
        hits = [hit for hit in _hits(page, *text, after, before, False) if hit[0].level == "province"]
        if found := _agreed(hits):
            region, begin, end = found
            source = Source((page.span(begin, end),), "region.inferred", Basis.INFERRED, Reason(zh, en))
            return Stated(region.adcode, source)
    return None


def _hits(
    page: Page, begin: int, end: int, after: re.Pattern[str], before: re.Pattern[str] | None, at_head: bool
) -> list[tuple[Region, int, int]]:
    found = []
    for run in runs(page, begin, end):
        first, last = run[0].begin, run[-1].end
        here = bearers(run)
        if len(here) != 1 or not after.match(page.folded, last) or (at_head and first != begin):
            continue
        if before is None or before.search(page.folded[max(0, first - 4) : first]):
            found.append((here[0], first, last))
    return found


def _agreed(hits: list[tuple[Region, int, int]]) -> tuple[Region, int, int] | None:
    """The one region of all hits; of a region and one it lies in, the inner."""
    regions = load_regions()
    inner = [hit for hit in hits if not any(o[0] != hit[0] and regions.within(o[0], hit[0]) for o in hits)]
    return inner[0] if inner and len({hit[0] for hit in inner}) == 1 else None
