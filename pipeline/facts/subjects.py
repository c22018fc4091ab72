"""Who a title speaks of: a region, one of its bodies or zones, or a company. In: a range of the page. Out: a `Subject`.

A title's region may be the plan's own (河池市贯彻落实…), the supervisor's (…落实广西壮族自治区第二督察组…), the
supervised (向河池市反馈…) or only the site's that re-posts the plan; what stands before and after it tells which.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.facts.page import Mark, Page
from pipeline.region import Region, load_regions

_SUPERVISION = r"(?:生态)?环(?:境保护|保|境)(?:例行|专项)?督察|督察"
# What a title says its subject does; what it announces; the supervision that the plan answers.
_ACTS = re.compile(r"(?:(?:关于)?(?:全面|深入|认真|切实|坚决|扎实)?(?:贯彻|落实)|整改|推进|抓好|制定)")
_SHOWS = re.compile(r"(?:关于|公开|公布|公示|对外|向社会|发布|印发|转发|《)")
_ANSWERS = re.compile(
    rf"(?:反馈(?:意见|问题)|第[一二三四五六七八九十\d]+轮|20\d\d年|(?:中央|省级|自治区级|市级|省委)[^,。]{{0,12}}?督察|"
    rf"{_SUPERVISION}|生态环境(?!局|厅|分局|保护局)|环境保护(?!局|厅|分局)|环保(?!局|厅)|“回头看”)"
)
_TEAM = re.compile(
    r"(?:省|市)?(?:委|党委)?(?:、?(?:省|市|自治区)?(?:人民)?政府)?(?:第[一二三四五六七八九十\dxX×]+)?(?:轮)?(?:生态)?环(?:境保护|保)"
    r"(?:例行|专项)?督[察查](?:第[一二三四五六七八九十\d]+督察)?组"
)
_OBEYS = re.compile(r"(?:贯彻落实|落实|贯彻|按照|根据|对照|来自)(?:了)?$")
_TOWARDS = re.compile(r"(?:对|向|进驻|赴|约谈|督察|移交)$")
_VISITED = re.compile(
    r"(?:市|县|区|州)?(?:委、[^,。]{0,6}政府)?(?:反馈|开展|进行|实施|移交|督察|例行|的|第|生态|环|\(|,|$|\s)"
)
_GOVERNMENT = re.compile(
    r"^(?:(?:省|市|州|县|区|旗|盟|地)?委|党委|党工委|工委|、|和|及|(?:省|市|州|县|区|旗|盟)?(?:人民)?政府|管委会|管理委员会|行政?公?署|"
    r"办公[厅室]|各级|各地|各部门|全面|深入)*$"
)
_BODY = re.compile(
    r"^[\u4e00-\u9fff]{0,14}?(?:局|厅|办|中心|大队|支队|总队|委员会|领导小组|指挥部|法院|检察院|学院|大学|医院)(?:办公室)?$"
)
_ZONE = re.compile(
    r"^[\u4e00-\u9fff]{0,10}?(?:新区|开发区|经开区|高新区|产业园区?|工业园区?|示范区|保税区|管理区|保护区|度假区|实验区|合作区|名胜区|港区|新城)"
    r"(?:党工委|管委会|管理委员会|、)*$"
)
_COMPANY = re.compile(r"(?:公司|集团|银行|油田|铁路局)(?:党委|党组)?$")
_REACH = 26  # how far a subject's body may reach before what it does
_DEEPEST = 4  # province, city, county, and one name more


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a title speaks of, `[begin, end)` of the page.

    `regions` are the bearers of its name: several where the title leaves it open, none where it speaks of a company or
    of several places. `part` is given, in its own words, for a zone or body of the region; `announces` where that body
    only makes the plan public.
    """

    begin: int
    end: int
    regions: tuple[Region, ...]
    part: str = ""
    announces: bool = False


def runs(page: Page, begin: int, end: int) -> Iterator[list[Mark]]:
    """The region names of a range, those that follow one another without a gap together (湖北省武汉市江岸区)."""
    run: list[Mark] = []
    for mark in page.marks("regions", begin, end):
        follows = bool(run) and mark.begin == run[-1].end and len(run) < _DEEPEST
        if not _stands_alone(page.folded, mark, follows):
            continue
        if follows:
            run.append(mark)
            continue
        if run:
            yield run
        run = [mark]
    if run:
        yield run


def _stands_alone(folded: str, mark: Mark, follows: bool) -> bool:
    """Whether a county's name of two characters is one, and no piece of other words (公开|县级, 各区和|县)."""
    if len(mark.words) > 2 or mark.words[-1] not in "县区市旗":
        return True
    before, after = folded[max(0, mark.begin - 2) : mark.begin], folded[mark.end : mark.end + 1]
    free = follows or re.search(r"(?:^|[^\u4e00-\u9fff]|对|向|在|至|于|赴|由|将)$", before)
    return bool(free) and after not in set("级域乡城以")


def bearers(run: list[Mark]) -> tuple[Region, ...]:
    """The innermost regions that names following one another can mean, each lying in the one before; else none."""
    regions = load_regions()
    found = regions.named(run[0].words)
    for mark in run[1:]:
        inside = {region.adcode: region for outer in found for region in regions.named(mark.words, outer)}
        found = tuple(inside[code] for code in sorted(inside))
    return _nearest(found, run[-1].words)


def _nearest(found: tuple[Region, ...], words: str) -> tuple[Region, ...]:
    """Of several bearers the one whose full name it is, or whose kind of division the name ends with (恩施州)."""
    if len(found) < 2:
        return found
    full = tuple(region for region in found if region.name == words)
    kind = tuple(region for region in found if region.name[-1] == words[-1])
    return next((choice for choice in (full, kind) if len(choice) == 1), full or found)


def title_subject(page: Page, begin: int, end: int) -> Subject | None:
    """The subject of a title: of the plan it quotes first (转发《…》), else of the title itself; None where it names none."""
    for match in re.finditer("《([^《》]+)(?:》|$)", page.folded[begin:end]):
        if "整改" in match[1] and (found := _subject(page, begin + match.start(1), begin + match.end(1))):
            return found
    return _subject(page, begin, end)


def _subject(page: Page, begin: int, end: int) -> Subject | None:
    """The first name that does something; one that only announces or answers gives way to a later one inside it."""
    folded, found = page.folded, list(runs(page, begin, end))
    holder = re.match(r"(?:关于|中共)?([^,。:;《》]{2,30}?)(?:贯彻|落实|公开)", folded[begin:end])
    if holder and _COMPANY.search(holder[1]):
        return Subject(begin + holder.start(1), begin + holder.end(1), ())
    weak: Subject | None = None
    made: Subject | None
    for position, run in enumerate(found):
        first, last = run[0].begin, run[-1].end
        head, tail = folded[begin:first], folded[last:end]
        following = found[position + 1][0].begin if position + 1 < len(found) else -1
        if re.match(r"[、和及与]", tail) and following == last + 1:
            weak = weak or Subject(first, last, ())
            continue
        if _TEAM.match(tail) or _OBEYS.search(head) or (weak and not weak.regions):
            continue
        if (_TOWARDS.search(head) and _VISITED.match(tail)) or (head.endswith("(") and tail.startswith(")")):
            made, strong = Subject(first, last, bearers(run)), False
        else:
            made, strong = _made(run, last, tail, lone=not head.strip(" :") and position == 0)
        if made is None or (made.regions and not _inside(made, weak)):
            continue
        if strong:
            return made
        weak = made
    return weak


def _inside(made: Subject, weak: Subject | None) -> bool:
    regions = load_regions()
    return weak is None or any(regions.within(one, other) for one in made.regions for other in weak.regions)


def _made(run: list[Mark], end: int, tail: str, lone: bool) -> tuple[Subject | None, bool]:
    """The subject that a region's name and the words up to what it does make, and whether it is the one that acts."""
    found = [(match.start(), kind) for kind in (_ACTS, _SHOWS, _ANSWERS) if (match := kind.search(tail, 0, _REACH))]
    if not found and not (lone and not tail.strip(" ()公开版稿")):
        return None, False
    at, kind = min(found, key=lambda pair: pair[0]) if found else (len(tail), _ACTS)
    between, begin, regions = tail[:at].strip(" ,:"), run[0].begin, bearers(run)
    if not regions:
        return None, False
    if _COMPANY.search(between):
        return Subject(begin, end, ()), True
    subject = Subject(begin, end, regions)
    if _GOVERNMENT.match(between):
        return subject, kind is not _ANSWERS
    words = "".join(mark.words for mark in run) + between
    if _ZONE.match(between):
        return replace(subject, end=end + len(between), part=words), kind is _ACTS
    if _BODY.match(between):
        announces = kind is not _ACTS
        return replace(subject, end=end + len(between), part=words, announces=announces), not announces
    return None, False
