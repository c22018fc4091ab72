"""Which region a plan is for: named in its title or its first sentences, or inferred from what the page says of itself.

In: the page and its titles. Out: a code with its sentence, or nothing: a page that names many places, or a company's
plan, has no region. `pipeline.facts.subjects` reads titles, `pipeline.facts.clues` what is weaker.
"""

import re
from collections.abc import Iterator

from pipeline.facts.clues import by_acts, by_counties, by_guidance, by_publisher, by_slogan, of_kind, own_kind
from pipeline.facts.leads import by_lead
from pipeline.facts.page import Mark, Page
from pipeline.facts.subjects import Subject, bearers, runs, title_subject
from pipeline.model import Basis, Reason, Source, Span, Stated
from pipeline.region import Alias, Region, load_regions

_VISITED = re.compile(r"(?:对|向|进驻|督察)$")
_ACCEPTED = re.compile(r"(?:\(|市|委|进行|开展|实施|反馈|移交|的|,|例行|及)")
_COMPANY_VISITED = re.compile(r"(?:对|向|进驻)[^,。;、\n]{2,24}?(?:公司|集团)(?:\([^()]*\))?(?:进行|开展|反馈|实施)")
_ATTACHED = re.compile(
    r"(?:^|[\n:])\s*(?P<name>[^\n《》:]{2,60}?整改[^\n《》]{0,20}?)\.(?:pdf|docx?|wps|ofd|xlsx?)", re.IGNORECASE
)
_PLAN = re.compile(r"《(?P<name>[^《》\n]{4,80}?整改[^《》\n]{0,12}?(?:方案|清单))》")


def read_region(page: Page, titles: list[Mark]) -> Stated[str] | None:
    """The code of the region the plan is for (GB/T 2260, or the key of a zone that has none), or None.

    Read from the titles, then from 对X市开展督察 / 向X市反馈, then from who acts in the text (X市委、市政府高度重视); else
    inferred: from 我市 and the page's publisher or slogan; as the prefecture two or more of whose counties the text
    names; as the province whose guidance it follows. A body's or zone's own plan is inferred from the region that it
    belongs to, and keeps its name as written.
    """
    open_names: list[Subject] = []
    for subject in _subjects(page, titles):
        if not subject.regions:
            return None
        if len(subject.regions) == 1:
            return _stated(page, subject, "region.title")
        open_names.append(subject)
    visited = _visited(page)
    if open_names:
        return _settled(page, open_names[0], visited, own_kind(page, titles))
    if len(visited) > 1 or (not visited and _company_visited(page)):
        return None
    kind = own_kind(page, titles)
    if visited and not (visited[0].regions[0].level == "province" and kind not in {"", "省", "区"}):
        return _stated(page, visited[0], "region.visited")
    around = visited[0].regions[0] if visited else None
    clues = (by_acts(page), by_publisher(page, kind, around), by_slogan(page, kind))
    found = next((clue for clue in clues if clue), None)
    if found or visited:
        return found
    if lead := by_lead(page, titles):
        return lead
    return (by_counties(page) if kind not in {"县", "区", "旗", "省"} else None) or by_guidance(page)


def _subjects(page: Page, titles: list[Mark]) -> Iterator[Subject]:
    """The subjects of the page's title and of the plans it names or attaches, the innermost of these first where they nest."""
    for title in titles:
        if page.folded[title.begin - 1 : title.begin] != "《" and (
            found := title_subject(page, title.begin, title.end)
        ):
            yield found
    names = [*_PLAN.finditer(page.folded), *_ATTACHED.finditer(page.folded)]
    plans = [subject for match in names if (subject := title_subject(page, *match.span("name")))]
    regions = load_regions()
    inner = [s for s in plans if len(s.regions) == 1]
    depth = {r.adcode: sum(regions.within(r, o.regions[0]) for o in inner) for s in inner for r in s.regions}
    nested = all(
        regions.within(a.regions[0], b.regions[0]) or regions.within(b.regions[0], a.regions[0])
        for a in inner
        for b in inner
    )
    yield from sorted(plans, key=lambda s: -depth.get(s.regions[0].adcode, 0) if s.regions else 0) if nested else plans


def _stated(page: Page, subject: Subject, rule: str) -> Stated[str]:
    """The subject's region: stated where the words name it, else inferred with the reason."""
    region, words = subject.regions[0], page.text.plain[subject.begin : subject.end]
    alias = _alias(region, words)
    if subject.part or alias:
        zh, en = _why(region, subject, words, alias)
        source = page.source(subject.begin, subject.end, rule, Basis.INFERRED, Reason(zh, en))
        own = subject.part and not subject.announces
        return Stated(region.adcode, source, subject.part if own else "")
    return Stated(region.adcode, page.source(subject.begin, subject.end, rule))


def _alias(region: Region, words: str) -> Alias | None:
    """The other name by which the words call the region, unless they give one of its own names too."""
    if any(name in words for name in (region.name, *region.short_names)):
        return None
    return next((alias for alias in load_regions().aliases(adcode=region.adcode) if alias.name in words), None)


def _why(region: Region, subject: Subject, words: str, alias: Alias | None) -> tuple[str, str]:
    if subject.announces:
        return f"{words}公开的是{region.name}的方案", f"{words} makes the plan of {region.name} public"
    if subject.part:
        zh = f"“{words}”没有行政区划代码,从名称看属于{region.name}"
        return zh, f"{words} has no division code; by its name it belongs to {region.name}"
    if alias and alias.kind == "former-name":
        return (
            f"{alias.name}{alias.year}年更名为{region.name}",
            f"{alias.name} was renamed {region.name} in {alias.year}",
        )
    name = alias.name if alias else words
    return f"{name}与{region.name}合一,管辖同一区域", f"{name} and {region.name} are one and cover the same area"


def _settled(page: Page, subject: Subject, visited: list[Subject], kind: str) -> Stated[str] | None:
    """A name of several regions: the one that was visited; the one that is 我州; else the only one whose city or province
    is named (西湖区 of 杭州市), or the one that the others lie in (大理 without more is the prefecture)."""
    for visit in visited:
        if visit.regions[0] in subject.regions:
            return _stated(page, visit, "region.visited")
    regions, own = load_regions(), page.span(subject.begin, subject.end)
    name = page.text.plain[subject.begin : subject.end]
    ours = [r for r in subject.regions if of_kind((r,), kind) == r] if kind else []
    if len(ours) == 1:
        zh, en = f"正文自称“我{kind}”,叫“{name}”的只有{ours[0].name}是", f"the text says 我{kind}, which of {name} is"
        return _inferred(ours[0], (own,), zh, f"{en} {ours[0].name}")
    named = {r: mark for mark in page.marks("regions") for r in regions.named(mark.words) if r.level != "county"}
    for above in (regions.prefecture_of, regions.province_of):
        known = [
            (r, outer)
            for r in subject.regions
            if (outer := above(r)) and outer not in subject.regions and outer in named
        ]
        if len(known) == 1:
            ((region, outer),) = known
            mark = named[outer]
            zh = f"文中提到{mark.words},叫“{name}”的地方中只有这一个在{outer.name}"
            en = f"the text names {mark.words}; of the places called {name} only one lies there"
            return _inferred(region, (own, page.span(mark.begin, mark.end)), zh, en)
    outermost = [r for r in subject.regions if all(regions.within(other, r) for other in subject.regions)]
    if len(outermost) == 1:
        region = outermost[0]
        zh, en = f"“{name}”不加说明时指{region.name}", f"{name} without more means {region.name}"
        return _inferred(region, (own,), zh, en)
    return None


def _inferred(region: Region, spans: tuple[Span, ...], zh: str, en: str) -> Stated[str]:
    return Stated(region.adcode, Source(spans, "region.settled", Basis.INFERRED, Reason(zh, en)))


def _company_visited(page: Page) -> bool:
    return any(
        _COMPANY_VISITED.search(page.folded, begin, end) and "督察" in page.folded[begin:end]
        for begin, end in page.sentences()
    )


def _visited(page: Page) -> list[Subject]:
    """The regions that a team visited or reported back to; where they nest only the innermost."""
    regions, found = load_regions(), dict[str, Subject]()
    for run in runs(page, 0, len(page.folded)):
        first, last = run[0].begin, run[-1].end
        if not (_VISITED.search(page.folded[max(0, first - 3) : first]) and _ACCEPTED.match(page.folded, last)):
            continue
        begin, end = page.sentence_around(first)
        here = bearers(run)
        if "督察" in page.folded[begin:end] and len(here) == 1:
            found.setdefault(here[0].adcode, Subject(first, last, here))
    subjects = list(found.values())
    return [s for s in subjects if not any(o is not s and regions.within(o.regions[0], s.regions[0]) for o in subjects)]
