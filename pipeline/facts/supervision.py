"""The visits behind a plan: who supervised, which round and kind, from when to when, when it reported back (GENRE §1, §2)."""

import re
from collections.abc import Iterator
from datetime import date

from pipeline.facts.gaps import is_damaged
from pipeline.facts.page import Mark, Page
from pipeline.facts.visits import Visit, find_visits, lone_feedback, month_of_start, stated_days, together
from pipeline.model import Basis, Gap, Moment, Reason, Stated, Supervision, Team
from pipeline.numbers import ORDINAL, integer
from pipeline.region import load_regions

_WHAT = r"(?:生态环境保护|环境保护|环保|生态环保)"
_TEAM = re.compile(
    rf"(?:{_WHAT}督察“回头看”第(?P<third>{ORDINAL})督察组)|第(?P<n>{ORDINAL}|[xX×]+|)(?:轮{_WHAT}督察第(?P<second>{ORDINAL})督察组|{_WHAT}督(?P<rest>察组|\(略\)))"
)
_UNNUMBERED = re.compile(
    rf"(?:省委、?省政府|自治区党委、?(?:自治区)?政府|(?<!第)(?:中央|省级?|自治区|兵团|市级?)){_WHAT}(?:(?:例行|专项)?督察(?:“回头看”)?(?:工作)?(?:督察)?组|“回头看”督察组)"
)
_WHO = re.compile(
    r"(?:中共中央、国务院|中央|兵团|自治区党委、?(?:自治区)?(?:人民)?政府|自治区(?:党委)?|省委、?省(?:人民)?政府|省级?(?:委)?|市委、?市(?:人民)?政府|市级?(?:委)?)$"
)
_ROUND = re.compile(rf"第(?P<round>[一二三四五六\d]{{1,2}})轮(?:第(?P<batch>{ORDINAL})批)?(?P<rest>[^。;,\n]{{0,30}})")
_CENTRAL = rf"中央(?:第.{{1,2}}轮)?(?:第.{{1,2}}批?)?{_WHAT}(?:例行|专项)?督察|中央(?:环保|生态)?督察组?"
_PROVINCIAL = rf"(?:省级|自治区级?|省|省委、省政府|兵团)(?:第.{{1,2}}轮)?{_WHAT}(?:例行|专项)?督察|省委、?省政府(?:第.{{1,2}})?{_WHAT}?督察"
_MUNICIPAL = rf"(?:市级|市)(?:第.{{1,2}}轮)?{_WHAT}(?:例行|专项)?督察"
_LEVEL = re.compile(f"(?P<central>{_CENTRAL})|(?P<provincial>{_PROVINCIAL})|(?P<municipal>{_MUNICIPAL})")
_LOOK_BACK = re.compile(
    r"督察(?:工作)?[“\"]?回头看[”\"]?|[“\"]回头看[”\"](?:工作)?(?:及|和|并|暨|、|,)?[^。,]{0,30}?(?:专项)?督察|开展了?[“\"]?回头看[”\"]?"
)
_SPECIAL = re.compile(r"专项(?:生态环境保护|环境保护|环保)?督察")
_SEVERAL = re.compile(r"两轮|两次|历次|第一、二轮")
_ROUTINE = re.compile(r"例行督察")
_REPORT = re.compile(r"《(?P<name>[^《》]{4,60}?督察(?:[^《》]{0,12}?)(?:报告|意见|情况))》")
_MUNICIPALITIES = {"110000", "120000", "310000", "500000"}


def read_supervision(
    page: Page, titles: list[Mark], region: str | None, page_date: date | None
) -> tuple[Supervision | None, tuple[Supervision, ...], list[Gap]]:
    """The visit a document answers, None when nothing of it is stated; the other visits it tells of; and the gaps met."""
    teams, gaps = _teams(page)
    visits = find_visits(page, page_date)
    own = _own_visit(page, visits, titles)
    near = (own.begin, own.end) if own else None
    named = _LEVEL.search(page.folded)
    if not teams and not visits and not named:
        return None, (), gaps
    team = _team_of(teams, own, titles)
    at = own.period.begin if own else team[0] if team else named.start() if named else 0
    begin, end = page.sentence_around(at)
    stretch = near or (begin, end)
    level = _level(page, [(t.begin, t.end) for t in titles], team, region)
    number, batch = _round(page, titles, near, level.value if level else None)
    supervision = Supervision(
        source=page.source(begin, end, "supervision.visit"),
        level=level,
        kinds=tuple(_kinds(page, [*((t.begin, t.end) for t in titles), stretch])),
        round=number,
        batch=batch,
        team=team[2] if team else None,
        start=_bound(page, own, last=False) or month_of_start(page),
        end=_bound(page, own, last=True),
        stated_days=stated_days(page, *stretch),
        feedback=own.feedback if own else lone_feedback(page),
        report_title=_report(page, begin),
    )
    both = any(_SEVERAL.search(page.folded, title.begin, title.end) for title in titles)
    others = tuple(
        _other(page, visit, teams, region, joint=both or (own is not None and together(page, own, visit)))
        for visit in visits
        if visit is not own
    )
    return supervision, others, gaps


def _other(
    page: Page, visit: Visit, teams: list[tuple[int, int, Team]], region: str | None, *, joint: bool
) -> Supervision:
    """Another visit that the page tells of, `joint` where the page is about it too: only what its own stretch says."""
    stretch = (visit.begin, visit.end)
    team = _team_of([t for t in teams if visit.begin <= t[0] < visit.end], visit, [])
    number = next(_rounds(page, [stretch]), None)
    return Supervision(
        source=page.source(*stretch, "supervision.visit.joint" if joint else "supervision.visit.other"),
        level=_level(page, [stretch], team, region),
        kinds=tuple(_kinds(page, [stretch])),
        round=number[0] if number else None,
        team=team[2] if team else None,
        start=_bound(page, visit, last=False),
        end=_bound(page, visit, last=True),
        feedback=visit.feedback,
    )


def _own_visit(page: Page, visits: list[Visit], titles: list[Mark]) -> Visit | None:
    """The visit the plan answers: the one the titles' round, kind and level fit; of equals, the latest."""
    if not visits:
        return None
    places = [(t.begin, t.end) for t in titles]
    title_round = next((fact.value for fact, _ in _rounds(page, places)), None)
    title_kinds = {fact.value for fact in _kinds(page, places)}
    title_level = next((m.lastgroup for t in titles if (m := _LEVEL.search(page.folded, t.begin, t.end))), None)

    def fit(visit: Visit) -> tuple[int, str]:
        stretch = [(visit.begin, visit.end)]
        number = next((fact.value for fact, _ in _rounds(page, stretch)), None)
        points = 0
        if title_round and number:
            points += 4 if number == title_round else -4
        if title_kinds:
            points += 2 * len(title_kinds & {fact.value for fact in _kinds(page, stretch)})
        level = _LEVEL.search(page.folded, visit.begin, visit.end)
        if title_level and level:
            points += 3 if level.lastgroup == title_level else -3
        return points, str(visit.period.start)

    best = max(visits, key=fit)
    return best if fit(best)[0] > -3 else None


def _teams(page: Page) -> tuple[list[tuple[int, int, Team]], list[Gap]]:
    """Every named team with its place, in reading order, numbered ones first; and the gaps in their names."""
    gaps: list[Gap] = []
    found: list[tuple[int, int, Team]] = []
    for match in _TEAM.finditer(page.folded):
        begin = _team_begin(page, match.start())
        number = match["third"] or match["second"] or match["n"]
        label, basis, reason = page.text.plain[begin : match.end()], Basis.STATED, None
        if match["n"] and not integer(match["n"]):
            gaps.append(Gap("placeholder", page.span(*match.span("n")), "teamNumber"))
            label = page.text.plain[begin : match.start("n")] + "…" + page.text.plain[match.end("n") : match.end()]
            basis = Basis.INFERRED
            reason = Reason(
                "序号被占位符代替,名称其余部分照录", "a placeholder stands for the ordinal; the rest is as written"
            )
        if match["rest"] and match["rest"] != "察组":
            label = page.text.plain[begin : match.start("rest")] + "察组"
            basis = Basis.REPAIRED
            reason = Reason(
                "“督”之后被遮盖,督察组的名称只能是“督察组”",
                "the name is redacted after 督; a team's name can only end in 督察组",
            )
        if not is_damaged(label):
            source = page.source(begin, match.end(), "supervision.team", basis, reason)
            found.append((begin, match.end(), Team(label, integer(number or ""), source)))
    for match in _UNNUMBERED.finditer(page.folded):
        source = page.source(*match.span(), "supervision.team.unnumbered")
        found.append((*match.span(), Team(page.text.plain[match.start() : match.end()], None, source)))
    return found, gaps


def _team_of(
    teams: list[tuple[int, int, Team]], visit: Visit | None, titles: list[Mark]
) -> tuple[int, int, Team] | None:
    """The team of a visit: the one named nearest to its period; without a period the title's, else the first."""
    if visit:
        near = [t for t in teams if visit.begin <= t[0] < visit.end]
        period = visit.period
        if near:
            return min(near, key=lambda t: max(period.begin - t[1], t[0] - period.stop))
    for title in titles:
        for team in teams:
            if title.begin <= team[0] < title.end:
                return team
    numbered = [team for team in teams if team[2].number is not None or "…" in team[2].label or "第" in team[2].label]
    return numbered[0] if numbered else None if visit else teams[0] if teams else None


def _team_begin(page: Page, at: int) -> int:
    """Where a team's name begins: at its province's full name, else at 省, 自治区, 中央 …, else at 第."""
    for mark in page.marks("regions", max(0, at - 16), at):
        if mark.end == at and any(
            r.level != "county" and r.name == mark.words for r in load_regions().named(mark.words)
        ):
            return mark.begin
    who = _WHO.search(page.folded, max(0, at - 14), at)
    return who.start() if who else at


def _bound(page: Page, visit: Visit | None, *, last: bool) -> Stated[Moment] | None:
    if visit is None:
        return None
    period = visit.period
    basis = period.end_basis if last else period.basis
    reason = None if basis is Basis.STATED else period.reason
    source = page.source(period.begin, period.stop, "supervision.period", basis, reason)
    return Stated(period.end if last else period.start, source)


def _level(
    page: Page, places: list[tuple[int, int]], team: tuple[int, int, Team] | None, region: str | None
) -> Stated[str] | None:
    """Central or provincial; the 市级 supervision of a 直辖市 is provincial (DESIGN §4)."""
    regions = load_regions()
    of_municipality = region is not None and regions.province_of(regions.get(region)).adcode in _MUNICIPALITIES
    if team:
        label = team[2].label
        source = page.source(team[0], team[1], "supervision.level")
        if label.startswith(("中央", "中共中央")):
            return Stated("level-central", source)
        if re.match(r"(?:省|自治区|兵团)", label) or re.match(
            r".{0,9}?(?:省|自治区|(?:北京|天津|上海|重庆)市)(?:委)?第", label
        ):
            return Stated("level-provincial", source)
        if label.startswith("市") and of_municipality:
            return Stated("level-provincial", source)
    for begin, end in [*places, (0, len(page.folded))]:
        for match in _LEVEL.finditer(page.folded, begin, end):
            if _in_a_regulation(page, match):
                continue
            source = page.source(*match.span(), "supervision.level")
            if match.lastgroup != "municipal":
                return Stated(f"level-{match.lastgroup}", source)
            at_province = next(
                (m for m in page.marks("regions", max(0, match.start() - 8), match.end()) if m.end >= match.start()),
                None,
            )
            named = regions.named(at_province.words) if at_province else ()
            if of_municipality or any(r.adcode in _MUNICIPALITIES for r in named):
                return Stated("level-provincial", source)
            if match[0].startswith("市级"):
                return Stated("level-municipal", source)
    return None


def _in_a_regulation(page: Page, match: re.Match[str]) -> bool:
    """《中央生态环境保护督察工作规定》 names a rule, not who supervised."""
    opened = page.folded.rfind("《", 0, match.start())
    closed = page.folded.find("》", match.end())
    if opened < 0 or closed < 0 or page.folded.find("》", opened, match.start()) >= 0:
        return False
    return bool(re.search(r"规定|办法|条例|规则|细则", page.folded[match.end() : closed]))


def _rounds(page: Page, places: list[tuple[int, int]]) -> Iterator[tuple[Stated[int], Stated[int] | None]]:
    """第X轮 and its 第Y批 in the given places, where 督察 follows or a level stands before."""
    for begin, end in places:
        for match in _ROUND.finditer(page.folded, begin, end):
            before = page.folded[max(0, match.start() - 4) : match.start()]
            told = "督察" in match["rest"] or before.endswith(("中央", "省级", "自治区", "市级", "督察"))
            if not told or (value := integer(match["round"])) is None:
                continue
            stop = match.end() - len(match["rest"])
            stop += match["rest"].index("督察") + 2 if "督察" in match["rest"] else 0
            batch = None
            if "信访" not in match["rest"] and (part := integer(match["batch"] or "")):
                batch = Stated(part, page.source(match.start(), stop, "supervision.batch"))
            yield Stated(value, page.source(match.start(), stop, "supervision.round")), batch


def _round(
    page: Page, titles: list[Mark], stretch: tuple[int, int] | None, level: str | None
) -> tuple[Stated[int] | None, Stated[int] | None]:
    """第X轮, 第Y批: from the titles, else the visit's stretch, else the first mention. A batch of petitions is none."""
    places = [(t.begin, t.end) for t in titles] + ([stretch] if stretch else [])
    everywhere = [found for found in _rounds(page, [(0, len(page.folded))]) if _of_level(page, found[0], level)]
    told = list(_rounds(page, places))
    if not told and len({found.value for found, _ in everywhere}) > 1:
        return None, None
    number: Stated[int] | None = None
    for found, batch in [*told, *everywhere]:
        number = number or found
        if batch and number.value == found.value:
            return number, batch
    return number, None


def _of_level(page: Page, found: Stated[int], level: str | None) -> bool:
    """Whether a round's words do not name another level than the visit's (第二轮中央… on a provincial page)."""
    begin, end = page.cleaned(found.source.spans[0])
    words = page.folded[max(0, begin - 4) : end]
    if level == "level-central":
        return not re.search(r"省级|自治区级", words)
    return level is None or "中央" not in words


def _kinds(page: Page, places: list[tuple[int, int]]) -> list[Stated[str]]:
    """Routine, look-back, special; only where the given places say so."""
    found: dict[str, Stated[str]] = {}
    for begin, end in places:
        for kind, pattern in (("routine", _ROUTINE), ("look-back", _LOOK_BACK), ("special", _SPECIAL)):
            if kind not in found and (match := pattern.search(page.folded, begin, end)):
                found[kind] = Stated(f"kind-{kind}", page.source(*match.span(), "supervision.kind"))
    return [found[kind] for kind in sorted(found)]


def _report(page: Page, begin: int) -> Stated[str] | None:
    match = _REPORT.search(page.folded, begin, min(len(page.folded), begin + 400))
    if match is None or "整改" in match["name"] or is_damaged(match["name"]):
        return None
    begin, end = match.span("name")
    return Stated(page.words(begin, end), page.source(begin, end, "supervision.report"))
