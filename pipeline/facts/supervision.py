"""The visit behind a plan: who supervised, which round and kind, from when to when, when it reported back (GENRE §1, §2)."""

import re

from pipeline.facts.dates import Period, next_day_after, periods
from pipeline.facts.gaps import is_damaged
from pipeline.facts.page import Mark, Page
from pipeline.model import Basis, Gap, Moment, Reason, Source, Stated, Supervision, Team
from pipeline.numbers import NUMERAL, ORDINAL, integer
from pipeline.region import load_regions

_TEAM = re.compile(
    rf"(?:委、省政府|党委、政府)?第(?P<n>{ORDINAL}|[xX×]|)(?P<what>生态环境保护|环境保护|环保)督(?P<rest>察组|\(略\))"
)
_WHO = re.compile(r"(?:中央|兵团|自治区(?:党委)?|省(?:委)?|市(?:委)?)$")
_ROUND = re.compile(rf"第(?P<round>[一二三四五六\d]{{1,2}})轮(?:第(?P<batch>{ORDINAL})批)?(?P<rest>[^。;\n]{{0,30}})")
_LEVEL = re.compile(
    r"(?P<central>中央(?:第.{1,2}轮)?(?:生态)?环(?:境)?保(?:护)?督察)|"
    r"(?P<provincial>(?:省级|自治区级?|省|省委、省政府|兵团)(?:第.{1,2}轮)?(?:生态)?环(?:境)?保(?:护)?(?:例行|专项)?督察)|"
    r"(?P<municipal>市级(?:第.{1,2}轮)?(?:生态)?环(?:境)?保(?:护)?督察)"
)
_LOOK_BACK = re.compile(
    r"督察(?:工作)?[“\"]回头看[”\"]|[“\"]回头看[”\"](?:及|和|并)?[^。,]{0,20}?(?:专项)?督察|回头看督察"
)
_SPECIAL = re.compile(r"专项督察")
_ROUTINE = re.compile(r"例行督察")
_DAYS = re.compile(rf"为期(?P<words>(?P<n>{NUMERAL})(?P<unit>天|日|个月|周)|半个月|一?个半月)")
_FEEDBACK = re.compile(r"反馈|移交")
_REPORT = re.compile(r"《(?P<name>[^《》]{4,60}?督察(?:[^《》]{0,12}?)(?:报告|意见|情况))》")
_MUNICIPALITIES = {"110000", "120000", "310000", "500000"}


def read_supervision(page: Page, titles: list[Mark], region: str | None) -> tuple[Supervision | None, list[Gap]]:
    """The visit a document answers, and the gaps met while reading it; None when nothing of it is stated."""
    team, gaps = _team(page)
    period = _period(page, team)
    named = _TEAM.search(page.folded) or _LEVEL.search(page.folded) or _FEEDBACK.search(page.folded)
    if not named:
        return None, gaps
    at = period.begin if period else team[0] if team else named.start()
    begin, end = page.sentence_around(at)
    level = _level(page, team, region)
    number, batch = _round(page, titles, (begin, end))
    start, stop = _bounds(page, period)
    return (
        Supervision(
            source=page.source(begin, end, "supervision.visit"),
            level=level,
            kinds=tuple(_kinds(page, titles, (begin, end))),
            round=number,
            batch=batch,
            team=team[2] if team else None,
            start=start,
            end=stop,
            stated_days=_days(page, begin, end),
            feedback=_feedback(page, period, begin),
            report_title=_report(page, begin),
        ),
        gaps,
    )


def _team(page: Page) -> tuple[tuple[int, int, Team] | None, list[Gap]]:
    """The first named team, its place, and the gaps in its name."""
    gaps: list[Gap] = []
    best: tuple[int, int, Team] | None = None
    for match in _TEAM.finditer(page.folded):
        begin = _team_begin(page, match.start())
        if match["n"] in {"x", "X", "×"}:
            gaps.append(Gap("placeholder", page.span(match.start("n"), match.end("n")), "teamNumber"))
            continue
        if best:
            continue
        label, basis, reason = page.text.plain[begin : match.end()], Basis.STATED, None
        if match["rest"] != "察组":
            label = page.text.plain[begin : match.start("rest")] + "察组"
            basis = Basis.REPAIRED
            reason = Reason(
                "“督”之后被遮盖,督察组的名称只能是“督察组”",
                "the name is redacted after 督; a team's name can only end in 督察组",
            )
        if is_damaged(label):
            continue
        best = (
            begin,
            match.end(),
            Team(label, integer(match["n"]), page.source(begin, match.end(), "supervision.team", basis, reason)),
        )
    return best, gaps


def _team_begin(page: Page, at: int) -> int:
    """Where a team's name begins: at its province's full name, else at 省, 自治区, 中央 …, else at 第."""
    for mark in page.marks("regions", max(0, at - 16), at):
        if mark.end == at and any(
            r.level != "county" and r.name == mark.words for r in load_regions().named(mark.words)
        ):
            return mark.begin
    who = _WHO.search(page.folded, max(0, at - 6), at)
    return who.start() if who else at


def _period(page: Page, team: tuple[int, int, Team] | None) -> Period | None:
    """The visit's period: in the team's own sentence, else in the first sentence about 督察 that has one."""
    candidates = [page.sentence_around(team[0])] if team else []
    candidates += [(b, e) for b, e in page.sentences() if "督察" in page.folded[b:e] and "截至" not in page.folded[b:e]]
    for begin, end in candidates:
        for period in periods(page.folded, begin, end):
            return period
    return None


def _bounds(page: Page, period: Period | None) -> tuple[Stated[Moment] | None, Stated[Moment] | None]:
    if period is None:
        return None, None
    rule = "supervision.period"
    first = page.source(period.begin, period.stop, rule, period.basis, period.reason)
    last = page.source(period.begin, period.stop, rule, period.end_basis, period.reason)
    return Stated(period.start, first), Stated(period.end, last)


def _level(page: Page, team: tuple[int, int, Team] | None, region: str | None) -> Stated[str] | None:
    """Central or provincial; the 市级 supervision of a 直辖市 is provincial (DESIGN §4)."""
    if team:
        label = team[2].label
        source = page.source(team[0], team[1], "supervision.level")
        if label.startswith("中央"):
            return Stated("level-central", source)
        if re.match(r"(?:省|自治区|兵团)", label) or re.match(r".{1,9}?(?:省|自治区|市)(?:委)?第", label):
            return Stated("level-provincial", source)
    match = _LEVEL.search(page.folded)
    if match is None:
        return None
    source = page.source(*match.span(), "supervision.level")
    if match.lastgroup == "municipal":
        regions = load_regions()
        of_municipality = region is not None and regions.province_of(regions.get(region)).adcode in _MUNICIPALITIES
        return Stated("level-provincial" if of_municipality else "level-municipal", source)
    return Stated(f"level-{match.lastgroup}", source)


def _round(page: Page, titles: list[Mark], sentence: tuple[int, int]) -> tuple[Stated[int] | None, Stated[int] | None]:
    """第X轮, 第Y批: from the titles, else the visit's sentence, else the first mention beside 督察. A batch of petitions is none."""
    places = [(t.begin, t.end) for t in titles] + [sentence, (0, len(page.folded))]
    number: Stated[int] | None = None
    batch: Stated[int] | None = None
    for begin, end in places:
        for match in _ROUND.finditer(page.folded, begin, end):
            if "督察" not in match["rest"] or (value := integer(match["round"])) is None:
                continue
            stop = match.end() - len(match["rest"]) + match["rest"].index("督察") + 2
            number = number or Stated(value, page.source(match.start(), stop, "supervision.round"))
            if match["batch"] and "信访" not in match["rest"] and number.value == value and batch is None:
                batch = Stated(integer(match["batch"]) or 0, page.source(match.start(), stop, "supervision.batch"))
    return number, batch


def _kinds(page: Page, titles: list[Mark], sentence: tuple[int, int]) -> list[Stated[str]]:
    """Routine, look-back, special; only where the titles or the visit's sentence say so."""
    found: dict[str, Stated[str]] = {}
    for begin, end in [(t.begin, t.end) for t in titles] + [sentence]:
        for kind, pattern in (("routine", _ROUTINE), ("look-back", _LOOK_BACK), ("special", _SPECIAL)):
            if kind not in found and (match := pattern.search(page.folded, begin, end)):
                found[kind] = Stated(f"kind-{kind}", page.source(*match.span(), "supervision.kind"))
    return [found[kind] for kind in sorted(found)]


def _days(page: Page, begin: int, end: int) -> Stated[int] | None:
    match = _DAYS.search(page.folded, begin, end)
    if match is None:
        return None
    source = page.source(*match.span(), "supervision.days")
    if match["unit"] in {"天", "日"} and (days := integer(match["n"])):
        return Stated(days, source, match["words"])
    factor = {"个月": 30, "周": 7}.get(match["unit"] or "", 0)
    number = integer(match["n"]) if match["n"] else None
    days = factor * number if factor and number else 15 if match["words"] == "半个月" else 45
    reason = Reason(f"“{match['words']}”按约{days}天计", f"{match['words']} taken as about {days} days")
    return Stated(days, Source(source.spans, source.rule, Basis.INFERRED, reason), match["words"])


def _feedback(page: Page, period: Period | None, begin: int) -> Stated[Moment] | None:
    """于…反馈: the date before 反馈 or 移交 that follows the visit, its year carried over from the visit."""
    if period is None:
        return None
    for low, high in page.sentences(begin):
        at = period.stop if low <= period.begin < high else low
        for clause in re.finditer(r"[^,;。]+", page.folded[at:high]):
            first, last = at + clause.start(), at + clause.end()
            word = _FEEDBACK.search(page.folded, first, last)
            found = next_day_after(page.folded, first, last, period.end) if word else None
            if found and word and found[1] < word.start() and word.start() - found[2] <= 30:
                moment, b, e, basis, reason = found
                return Stated(moment, page.source(b, max(e, word.end()), "supervision.feedback", basis, reason))
        if low - begin > 400:
            return None
    return None


def _report(page: Page, begin: int) -> Stated[str] | None:
    match = _REPORT.search(page.folded, begin, min(len(page.folded), begin + 400))
    if match is None or "整改" in match["name"] or is_damaged(match["name"]):
        return None
    return Stated(match["name"], page.source(match.start("name"), match.end("name"), "supervision.report"))
