"""Which region a plan is for: named in its title or its first sentences, or inferred from the places it names."""

import re
from collections import Counter
from collections.abc import Iterator

from pipeline.facts.page import Mark, Page
from pipeline.model import Basis, Reason, Source, Span, Stated
from pipeline.region import Region, load_regions

_PLAN_FOLLOWS = re.compile(
    r"(?:委、\S{0,8}?政府)?(?:关于)?(?:公开|公布|贯彻|落实|整改|对外|发布|生态环境|环境保护|环保|\d{4}年|第)"
)
_VISITED = re.compile(r"(?:对|向|进驻|督察)$")
_ACCEPTED = re.compile(r"(?:\(|市|委|进行|开展|实施|反馈|移交|的|,|例行)")
_GUIDANCE = re.compile(
    r"(?:考察|视察)(?P<name>[\u4e00-\u9fff]{2,4}?)(?:工作)?(?:时的?|期间)?(?:发表)?的?(?:系列)?重要(?:讲话|指示|批示)"
)
_FEWEST_COUNTIES = 2
_DEEPEST = 4  # province, city, county, and one name more


def read_region(page: Page, titles: list[Mark]) -> Stated[str] | None:
    """The GB/T 2260 code of the region the plan is for, or None.

    Read from the titles, then from 对X市开展督察 / 向X市反馈; else inferred: a prefecture two or more of whose counties
    the text names and no other's, else the province whose guidance the text follows.
    """
    for title in titles:
        if found := _heads_title(page, title):
            return found
    return _visited(page) or _by_counties(page) or _by_guidance(page)


def _runs(marks: list[Mark]) -> Iterator[list[Mark]]:
    """Each mark with those that follow it without a gap (湖北省武汉市江岸区)."""
    for start, mark in enumerate(marks):
        run = [mark]
        for following in marks[start + 1 :]:
            if following.begin != run[-1].end or len(run) == _DEEPEST:
                break
            run.append(following)
        yield run


def _chain(page: Page, marks: list[Mark]) -> Region | None:
    """The innermost region of names that follow one another (湖北省武汉市江岸区), each lying in the one before."""
    regions = load_regions()
    best: Region | None = None
    for mark in marks:
        bearers = regions.named(mark.words)
        if best is not None:
            bearers = tuple(r for r in bearers if regions.within(r, best))
        if len(bearers) != 1:
            full = tuple(r for r in bearers if r.name == mark.words)
            bearers = full if len(full) == 1 else ()
        if not bearers:
            return best
        best = bearers[0]
    return best


def _heads_title(page: Page, title: Mark) -> Stated[str] | None:
    for run in _runs(list(page.marks("regions", title.begin, title.end))):
        if not _PLAN_FOLLOWS.match(page.folded, run[-1].end):
            continue
        if region := _chain(page, run):
            return Stated(region.adcode, page.source(run[0].begin, run[-1].end, "region.title"))
    return None


def _visited(page: Page) -> Stated[str] | None:
    for run in _runs(list(page.marks("regions"))):
        first, last = run[0].begin, run[-1].end
        asked = _VISITED.search(page.folded[max(0, first - 3) : first]) and _ACCEPTED.match(page.folded, last)
        region = _chain(page, run) if asked else None
        if region:
            begin, end = page.sentence_around(first)
            if "督察" in page.folded[begin:end]:
                return Stated(region.adcode, page.source(first, last, "region.visited"))
    return None


def _by_counties(page: Page) -> Stated[str] | None:
    regions = load_regions()
    named: dict[str, dict[str, Mark]] = {}
    for line in page.text.content():
        for mark in page.marks("regions", line.begin, line.end):
            bearers = [r for r in regions.named(mark.words) if r.level == "county" and r.name == mark.words]
            if len(bearers) == 1 and (city := regions.prefecture_of(bearers[0])):
                named.setdefault(city.adcode, {}).setdefault(mark.words, mark)
    ranked = Counter({code: len(marks) for code, marks in named.items()}).most_common(2)
    if not ranked or ranked[0][1] < _FEWEST_COUNTIES or (len(ranked) > 1 and ranked[1][1] >= ranked[0][1]):
        return None
    city = regions.get(ranked[0][0])
    counties = "、".join(named[city.adcode])
    spans = tuple(page.span(m.begin, m.end) for m in named[city.adcode].values())
    reason = Reason(f"正文提到的{counties}都属{city.name}", f"{counties}, named in the text, all lie in {city.name}")
    return Stated(city.adcode, _inferred(spans, reason))


def _by_guidance(page: Page) -> Stated[str] | None:
    regions = load_regions()
    for match in _GUIDANCE.finditer(page.folded):
        provinces = [r for r in regions.named(match["name"]) if r.level == "province"]
        if len(provinces) == 1:
            zh = f"正文贯彻的是考察{match['name']}的重要讲话或指示,只有{provinces[0].name}及其各市会这样写"
            en = f"the text follows the guidance given on a visit to {match['name']}, which only units of that province do"
            return Stated(provinces[0].adcode, _inferred((page.span(*match.span()),), Reason(zh, en)))
    return None


def _inferred(spans: tuple[Span, ...], reason: Reason) -> Source:

    return Source(spans, "region.inferred", Basis.INFERRED, reason)
