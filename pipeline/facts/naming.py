"""The name of the plan a page is about (GENRE §8): 《…整改方案》 set as a title, the page's own title, or a bare name in the text.

Several plans may stand on a page: the one whose name begins with the page's own region is its plan, a higher unit's is not.
"""

import re

from pipeline.facts.metadata import title_mark
from pipeline.facts.page import Mark, Page
from pipeline.region import load_regions

_NOUN = r"整改(?:落实)?(?:工作|实施|总体|细化|落实){0,2}(?:方案|任务清单|措施清单|清单|任务分工表|任务表|台账)"
_QUOTED = re.compile(rf"《(?P<name>[^《》\n]{{6,80}}?{_NOUN})(?:\([^()]{{1,8}}\))?》")
_BARE = re.compile(
    r"(?P<name>[\u4e00-\u9fff0-9“”()]{2,30}?贯彻落实[^,。;:《》\n]{4,50}?整改(?:落实)?(?:工作|实施|总体|细化)?方案)"
)
_TITLE = re.compile(rf"{_NOUN}$")
_NOTICE = re.compile(
    r".*?(?:关于(?:印发|公开|公布|公示)|公[开布示]|印发|发布|对外公开)(?=[\u4e00-\u9fff]*(?:贯彻|落实|督察|整改))"
)
_EDITION = re.compile(r"(?:\([^()]{1,8}\)|【[^【】]{1,8}】|\d+)$")


def plan_names(page: Page) -> list[Mark]:
    """The plans a page names, in the order of their claim to be its plan."""
    quoted = [Mark(*m.span("name"), m["name"]) for m in _QUOTED.finditer(page.folded)]
    bare = [
        Mark(*m.span("name"), m["name"])
        for m in _BARE.finditer(page.folded)
        if page.folded[max(0, m.start() - 1) : m.start()] not in {"x", "X", "×", "*", ")"}  # masked before it
    ]
    title = title_mark(page)
    head: list[Mark] = []
    if title:
        words = page.folded[title.begin : title.end]
        edition = _EDITION.search(words)
        end = title.begin + (edition.start() if edition else len(words))
        if _TITLE.search(page.folded[title.begin : end].replace("\n", "")):
            head = [Mark(title.begin, end, page.folded[title.begin : end])]
    named = [*quoted, *head, *bare]
    return [_after_notice(name) for name in sorted(named, key=lambda m: not m.words.endswith("方案"))]


def own_plans(page: Page, names: list[Mark], region: str | None) -> list[Mark]:
    """The names without those of plans of other regions: of a higher unit's plan the page only speaks."""
    regions = load_regions()
    if region is None:
        return [n for n in names if not (_OF_A_CITY.search(page.folded) and _leads_with_province(page, n))]
    own = regions.get(region)
    kept = []
    for name in names:
        lead = _lead(page, name)
        bearers = regions.named(lead.words) if lead else ()
        if not bearers or any(b == own or (regions.within(own, b) and _followed(page, lead)) for b in bearers):
            kept.append(name)
    return kept


_OF_A_CITY = re.compile("我[市州县盟旗]")


def _leads_with_province(page: Page, name: Mark) -> bool:
    lead = _lead(page, name)
    return (
        lead is not None
        and not _followed(page, lead)
        and any(region.level == "province" for region in load_regions().named(lead.words))
    )


def _lead(page: Page, name: Mark) -> Mark | None:
    """The place that a name begins with."""
    return next((mark for mark in page.marks("regions", name.begin, name.end) if mark.begin == name.begin), None)


def _followed(page: Page, lead: Mark | None) -> bool:
    """Whether another place follows the first (湖北省武汉市…): then the name goes on to the own unit."""
    return lead is not None and any(m.begin == lead.end for m in page.marks("regions", lead.end, lead.end + 12))


def _after_notice(name: Mark) -> Mark:
    """The plan's name without the notice that issues it (中共X市委关于印发…, X市公开…)."""
    notice = _NOTICE.match(name.words)
    if (
        notice is None
        or not re.search(r"贯彻|落实|督察", name.words[notice.end() :])
        or len(name.words) - notice.end() < 12
    ):
        return name
    if not re.search(r"关于", notice[0]):
        return name
    return Mark(name.begin + notice.end(), name.end, name.words[notice.end() :])
