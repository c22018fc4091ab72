"""Weaker signs of the region a plan is for: who acts, who publishes, what the text calls its own place, its counties.

In: the page. Out: a code with basis inferred and the reason, or None where the signs do not agree.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from pipeline.facts.page import Mark, Page
from pipeline.facts.subjects import bearers, runs
from pipeline.model import Basis, Reason, Source, Span, Stated
from pipeline.region import Region, load_regions

_OURS = re.compile(r"我(?P<kind>省|市|州|县|区|旗|盟|地区|师)(?!级|际|长)")
_WHOLE = re.compile(r"(?<![安健完齐保])全(?P<kind>省|市|州|县|区|旗|盟|地区|师)(?!域|级|面)")
_BARE_TITLE = re.compile(r"(?:关于)?(?:自治)?(?P<kind>州|地区|盟)(?:委|贯彻|落实|公开|整改)")
_ACTS = re.compile(
    r"(?:市|州|县|区|旗|盟|省|地)?委、(?:省|市|州|县|区|旗|盟|自治区)?(?:人民)?(?:政府|行署)"
    r"(?:对此)?(?:高度重视|坚决|认真|迅速|第一时间|立即|主要|始终|多次|及时|切实|严格|坚持|把|将|召开|深入|诚恳)"
)
_SITE = re.compile(r"人民政府|政府网|门户网站|生态环境局|环境保护局|环保局|主办|版权所有|政务公开")
_SLOGAN = re.compile(
    r"(?:美丽|大美|幸福|生态|绿色|平安|和谐|富裕|富强|文明|魅力|锦绣|清洁|现代化|壮美\S{2,3}·|新时代|建设|打造)$"
)
_PEOPLE = re.compile(r"(?:人民|高质量|新篇章|新局面|实际|各族|干部群众)")
_GUIDANCE = re.compile(
    r"(?:考察|视察)(?P<name>[\u4e00-\u9fff]{2,4}?)(?:工作)?(?:时的?|期间)?(?:发表)?的?(?:系列)?重要(?:讲话|指示|批示)"
)
_FEWEST_COUNTIES = 2
_FEWEST_MENTIONS = 3
_SITE_LINE = 60


def own_kind(page: Page, titles: list[Mark]) -> str:
    """What the page calls its own place: the kind of 我市, 我州 …, most often; of a title's bare 自治州; of 全市; else ""."""
    for pattern, places in (
        (_OURS, [(line.begin, line.end) for line in page.text.content()]),
        (_BARE_TITLE, [(title.begin, title.end) for title in titles]),
        (_WHOLE, [(line.begin, line.end) for line in page.text.content()]),
    ):
        match_at = pattern.match if pattern is _BARE_TITLE else None
        found = Counter[str]()
        for begin, end in places:
            hits: Iterable[re.Match[str]] = pattern.finditer(page.folded, begin, end)
            if match_at:
                hits = [hit] if (hit := match_at(page.folded, begin, end)) else []
            found.update(hit["kind"] for hit in hits)
        if found:
            (kind, times), *others = found.most_common(2)
            return "" if others and others[0][1] == times else kind
    return ""


def by_acts(page: Page) -> Stated[str] | None:
    """X市委、市政府高度重视: the region whose committee and government act; the innermost where they nest."""
    found: list[tuple[Region, int, int]] = []
    for run in runs(page, 0, len(page.folded)):
        here = bearers(run)
        if len(here) == 1 and (match := _ACTS.match(page.folded, run[-1].end)):
            found.append((here[0], run[0].begin, match.end()))
    region = _innermost(region for region, _, _ in found)
    if region is None:
        return None
    begin, end = next((begin, end) for one, begin, end in found if one == region)
    zh = f"正文写的是{region.name}党委、政府的整改"
    return _inferred(region, (page.span(begin, end),), zh, f"the text tells what the authorities of {region.name} did")


def by_publisher(page: Page, kind: str, around: Region | None) -> Stated[str] | None:
    """我市 on a page of 宜宾市, or of a county in it: the only region of that kind that the site's own lines name."""
    if not kind:
        return None
    regions, found = load_regions(), dict[str, tuple[Region, Mark]]()
    for begin, end in _site_lines(page):
        for run in runs(page, begin, end):
            own = of_kind(bearers(run), kind)
            if own and (around is None or regions.within(own, around)):
                found.setdefault(own.adcode, (own, run[0]._replace(end=run[-1].end)))
    if len(found) != 1:
        return None
    ((region, mark),) = found.values()
    zh = f"正文自称“我{kind}”,页面的发布者在{region.name}"
    en = f"the text says 我{kind}, and the page is published in {region.name}"
    return _inferred(region, (page.span(mark.begin, mark.end),), zh, en)


def by_slogan(page: Page, kind: str) -> Stated[str] | None:
    """建设大美巴州: the only region of its kind that the text names, in a slogan or again and again."""
    named: dict[str, list[tuple[Mark, bool]]] = {}
    for line in page.text.content():
        for run in runs(page, line.begin, line.end):
            for step, mark in enumerate(run, 1):
                here = tuple(r for r in bearers(run[:step]) if not kind or of_kind((r,), kind) == r)
                if len(here) != 1 or here[0].level == "province":
                    continue
                head = page.folded[max(0, run[0].begin - 8) : run[0].begin]
                slogan = bool(_SLOGAN.search(head) or _PEOPLE.match(page.folded, mark.end))
                named.setdefault(here[0].adcode, []).append((mark, slogan))
    if len(named) != 1:
        return None
    ((code, marks),) = named.items()
    slogans = [mark for mark, slogan in marks if slogan]
    if not slogans and not (kind and len(marks) >= _FEWEST_MENTIONS):
        return None
    region, mark = load_regions().get(code), (slogans or [marks[0][0]])[0]
    zh = f"正文只点名{region.name}一地" + (f",并自称“我{kind}”" if kind else "")
    return _inferred(
        region, (page.span(mark.begin, mark.end),), zh, f"the text names no other place than {region.name}"
    )


def by_counties(page: Page) -> Stated[str] | None:
    """The prefecture, or 直辖市, two or more of whose counties the text names by their full names, and most of all."""
    regions, named = load_regions(), dict[str, dict[str, Mark]]()
    for line in page.text.content():
        for run in runs(page, line.begin, line.end):
            for mark in run:
                here = [r for r in regions.named(mark.words) if r.level == "county" and r.name == mark.words]
                if len(here) == 1:
                    city = regions.prefecture_of(here[0]) or _municipality(here[0])
                    if city:
                        named.setdefault(city.adcode, {}).setdefault(mark.words, mark)
    ranked = Counter({code: len(marks) for code, marks in named.items()}).most_common(2)
    if not ranked or ranked[0][1] < _FEWEST_COUNTIES or (len(ranked) > 1 and ranked[1][1] * 2 > ranked[0][1]):
        return None
    city = regions.get(ranked[0][0])
    counties = "、".join(named[city.adcode])
    spans = tuple(page.span(mark.begin, mark.end) for mark in named[city.adcode].values())
    zh, en = f"正文提到的{counties}都属{city.name}", f"{counties}, named in the text, all lie in {city.name}"
    return _inferred(city, spans, zh, en)


def by_guidance(page: Page) -> Stated[str] | None:
    """考察江苏重要讲话: the province whose guidance the text follows."""
    for match in _GUIDANCE.finditer(page.folded):
        provinces = [r for r in load_regions().named(match["name"]) if r.level == "province"]
        if len(provinces) == 1:
            zh = f"正文贯彻的是考察{match['name']}的重要讲话或指示,只有{provinces[0].name}及其各市会这样写"
            en = f"the text follows the guidance given on a visit to {match['name']}, which only units of that province do"
            return _inferred(provinces[0], (page.span(*match.span()),), zh, en)
    return None


def _site_lines(page: Page) -> Iterator[tuple[int, int]]:
    """The lines in which a site speaks of itself: breadcrumbs, source, publisher, footer."""
    for line in page.text.lines:
        words = page.folded[line.begin : line.end]
        if line.furniture or (len(words) < _SITE_LINE and _SITE.search(words) and not re.search("[。;]|整改", words)):
            yield line.begin, line.end


def of_kind(here: tuple[Region, ...], kind: str) -> Region | None:
    """The innermost region of a kind (市, 州, 县 …) that one region is or lies in; 我区 may be an autonomous region."""
    if len(here) != 1:
        return None
    regions, step = load_regions(), here[0]
    while True:
        if step.level == "zone":
            fits = kind == "区" or (kind == "师" and step.name.endswith("师"))
        elif kind == "师":
            fits = any(alias.kind == "corps-division" for alias in regions.aliases(adcode=step.adcode))
        else:
            fits = step.name.endswith({"州": "自治州"}.get(kind, kind)) and not (
                kind == "区" and step.name[-2:] == "地区"
            )
        if fits or step.parent is None:
            return step if fits else None
        step = regions.get(step.parent)


def _municipality(county: Region) -> Region | None:
    province = load_regions().province_of(county)
    return province if province.name.endswith("市") else None


def _innermost(found: Iterable[Region]) -> Region | None:
    """The region inside all the others; None where they do not nest."""
    regions, every = load_regions(), set(found)
    inner = [one for one in every if all(regions.within(one, other) for other in every)]
    return inner[0] if inner else None


def _inferred(region: Region, spans: tuple[Span, ...], zh: str, en: str) -> Stated[str]:
    return Stated(region.adcode, Source(spans, "region.inferred", Basis.INFERRED, Reason(zh, en)))
