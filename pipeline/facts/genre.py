"""What kind of document a page is, and how much of it is there (GENRE §8, §10).

A plan speaks of itself (制定本方案), an announcement speaks of a plan (《整改方案》明确…), a report says what was done; a
page on which none of these speaks about a supervision is not of the genre. Each cue has a weight and a place; the kind
with the most weight wins, and the cue that weighed most is its evidence.
"""

import re
from collections.abc import Iterator

from pipeline.facts.layouts import Entry
from pipeline.facts.metadata import title_mark
from pipeline.facts.page import Page
from pipeline.model import Basis, Count, Gap, Reason, Source, Stated
from pipeline.region import load_regions

_SUPERVISION = re.compile(
    r"(?:生态)?环境保护(?:例行|专项)?督察|环保督察|生态环保督察|生态环境(?:例行|专项)?督察|(?:中央|省|自治区|市)级?(?:例行)?督察组?(?:反馈|交办|移交)|央督|督察反馈|督察整改|督察意见"
)
_SUPERVISION_PROPER = re.compile(
    r"(?:生态)?环境保护(?:例行|专项)?督察|生态环境(?:例行|专项)?督察|(?:生态)?环保督察|央督"
)
_SAMPLE = re.compile(r"范文|(?:精选|通用|最新)\d+篇")
_EXERCISE = re.compile(r"作答参考|参考答案|不少于\d+字|请写出|给定资料|\(\d+分\)")
_OTHER_MATTER = re.compile(
    r"招标|采购|中标|工作规定|实施办法|常务会议|常委会会议?|调研(?!报告)|审计|巡[视察](?!员)|海洋(?:环境)?督察|土地督察|自然资源督察|警示片|典型案例|范文|试题|答题|模拟卷|行动计划|三年行动|五年行动|"
    r"洞庭清波|大排查|自查(?:自纠|发现)|述职|工作总结|学习贯彻|食品|消防|安全生产|粮食|教育督导|统计督察|节能|污染源普查"
)
_ABOUT_CARRYING_OUT = re.compile(
    r"整改(?:落实|实施|工作|总体|细化|任务|措施)?(?:方案|清单)|整改[^,。]{0,12}(?:情况|进展|销号|完成)"
)
_FED_BACK = re.compile(
    r"(?:督察组|督察办?)[^。,]{0,12}向[^。,]{2,24}(?:反馈|移交)|反馈督察(?:情况|意见)|督察(?:情况|意见)?反馈(?:会|情况|意见)?$|进驻|动员(?:会|部署)|信访件?[^,。]{0,8}(?:转办|交办|公示|办理)|边督边改|(?:转办|交办|受理)[^。]{0,20}(?:信访|举报)"
)
_PLAN = r"(?:整改(?:落实)?(?:工作|实施|总体|细化|落实)?方案|整改(?:任务|措施|问题)?清单|整改实施意见|责任清单)"
_TITLE_OF_PLAN = re.compile(rf"{_PLAN}(?:》)?(?:的通知|\([^()]*\)|【[^】]*】|\d+)*$")
_TITLE_OF_NOTICE = re.compile(
    rf"(?:公开|公布|公示|发布|出台|对外|亮出|晒出)[^。]{{0,40}}{_PLAN}|{_PLAN}[^。]{{0,10}}(?:公开|公布|公示|公告|出台|发布|出炉)(?!版|稿)|解读|路线图"
)
_TITLE_OF_REPORT = re.compile(
    r"(?:整改(?![^,。:]{0,6}(?:方案|清单|台账))|落实|办理|销号|验收|完成|任务(?!清单))[^,。:]{0,14}(?:情况|进展|报告|通报|公示|公告|成效)|整改(?:工作)?(?:完成|销号|验收)|销号|整改进行时|已(?:整改)?完成\d+|整改\d+[项个]|进展(?:情况)?"
)
_MAKES = re.compile(
    r"制[定订](?:了)?(?:如下|本|以下|该)?(?:整改)?(?:工作|总体|实施|落实)?(?:方案|清单)(?:如下|[。:])|制[定订](?:本|如下|以下)|特?制[定订]如下整改|结合[^。]{0,20}实际,(?:特)?制[定订]"
)
_SPEAKS_OF = re.compile(
    r"(?:《[^《》]{0,60}?(?:方案|清单)》|(?<!本)(?:整改)?方案|(?:整改)?(?:任务|措施)?清单)(?:\([^()]{2,24}\))?(?:的总体考虑|共?(?:明确|提出|要求|确定|确立|立下|列出|共分|共包括|包括|由|围绕|指出|安排|设定|细化|采用|分为|规定|把|将))|"
    r"按《?(?:整改)?方案》?要求"
)
_PUBLISHES = re.compile(
    r"(?:现|日前|近日|今起)[^。]{0,50}(?:公开|公布|公示|发布|印发|出台)|(?:方案|清单)[^。]{0,24}(?:向社会(?:进行)?公开|予以公[开布]|(?:正式)?印发|公布|公开)|(?:详见|查阅|下载)附件|现?向社会(?:进行)?公开"
)
_TELLS_WHAT_WAS_DONE = re.compile(
    r"现(?:就|将|把)?[^。]{0,90}?(?:整改(?:任务|工作|落实|完成|阶段性)?[^。]{0,14}(?:情况|进展)|进展|落实情况|完成情况|整改结果)[^。]{0,16}(?:公开|公示|通报|报告|公布|汇报|如下)|"
    r"(?:进展|整改|落实|完成)情况(?:报告|公示|通报|公开)?如下|(?:进行|予以)公示|(?:达到|符合|通过)[^。]{0,12}(?:验收|销号)"
)
_DONE = re.compile(
    r"(?:整改|任务|问题)[^。;]{0,60}?(?:已[^,。;]{0,10}?(?:完成|整改|办结|销号)|完成(?:整改|销号|验收)|达(?:到)?(?:时序|序时)进度|基本完成)|(?:已|均)(?:全部|基本)?(?:完成(?:整改)?|整改(?:完成|到位))[^。;]{0,24}(?:整改|任务|问题|项)"
)
_AS_OF = re.compile(r"截至[^。]{0,80}?(?:已|均|全部)?(?:完成|办结|整改)[^。]{0,12}?\d+[项个件宗]")
_SEE_ANNEX = re.compile(r"(?:详见|详细内容|请查阅|请见|请查看)[^。]{0,12}附件|请在[^。]{0,30}查询")
_PLAN_SECTIONS = re.compile(
    r"指导思想|总体要求|基本原则|工作原则|整改原则|总体思路|(?:工作|整改|主要|总体)目标|保障措施|组织保障"
)
_KIND = {
    "plan": "document-rectification-plan",
    "notice": "document-plan-announcement",
    "report": "document-implementation-report",
}
_HEAD = 1500  # signs in which a page says what it is
_FIRST = 80  # signs that stand for a title where there is none
_ENOUGH = 2
_PLACEHOLDERS_OF_A_TEMPLATE = 5


def read_kind(page: Page, listed: list[Entry]) -> Stated[str]:
    """Plan, announcement, report on implementation, or not of the genre (`document-other`), with the words that show it."""
    titled, begin, end = _head(page)
    head = page.folded[begin:end]
    if not _SUPERVISION.search(page.folded):
        zh, en = "全文没有提到生态环境保护督察", "the text does not speak of an environmental supervision"
        return _other(page, begin, end, zh, en)
    matter = _OTHER_MATTER.search(head)
    exercise = _SAMPLE.search(page.folded, begin, end) or _EXERCISE.search(page.folded, 0, _HEAD)
    if exercise:
        zh, en = f"“{exercise[0]}”是试题或范文的用语", f"{exercise[0]} is how an exercise or a sample is worded"
        return _other(page, *exercise.span(), zh, en)
    if matter and not (_SUPERVISION_PROPER.search(head) and _ABOUT_CARRYING_OUT.search(head)):
        zh, en = f"标题或开头说的是“{matter[0]}”", f"its title or opening is about {matter[0]}"
        return _other(page, begin + matter.start(), begin + matter.end(), zh, en)
    fed_back = _FED_BACK.search(head) if titled else None
    if fed_back and not listed and not _ABOUT_CARRYING_OUT.search(head):
        zh, en = (
            "页面讲督察的进驻、反馈或信访,不是整改",
            "the page is about the visit, its feedback or petitions, not about rectification",
        )
        return _other(page, begin + fed_back.start(), begin + fed_back.end(), zh, en)
    weights: dict[str, int] = {}
    best: dict[str, tuple[int, int, int]] = {}
    for kind, weight, low, high in _cues(page, titled, begin, end, listed):
        weights[kind] = weights.get(kind, 0) + weight
        best[kind] = max(best.get(kind, (0, 0, 0)), (weight, -low, high))
    if not weights or max(weights.values()) < _ENOUGH:
        zh, en = "没有方案、公告或整改情况报告的用语", "nothing in it is worded as a plan, an announcement or a report"
        return _other(page, begin, end, zh, en)
    kind = max(weights, key=lambda name: (weights[name], ("plan", "notice", "report").index(name)))
    _, low, high = best[kind]
    return Stated(_KIND[kind], page.source(-low, max(high, -low + 1), "document.kind"))


_OWN = re.compile(r"我[省市区州县盟旗]|全[省市区州县盟]|[xX×]{1,3}[市县区省]")
_PROVINCES_OF_A_ROUNDUP = 3


def is_roundup(page: Page, kind: str) -> bool:
    """Whether an announcement or a report speaks of several provinces and of none as its own."""
    if kind == _KIND["plan"] or _OWN.search(page.folded):
        return False
    regions = load_regions()
    named = {b.adcode for m in page.marks("regions") for b in regions.named(m.words) if b.level == "province"}
    return len(named) >= _PROVINCES_OF_A_ROUNDUP


def not_of_one_place(page: Page) -> Stated[str]:
    _, begin, end = _head(page)
    zh, en = "综述多个省份,不是一地的方案或报告", "a round-up of several provinces, not one place's plan or report"
    return _other(page, begin, end, zh, en)


def _head(page: Page) -> tuple[bool, int, int]:
    """Whether the page has a title, and the range of it, else of its first signs."""
    title = title_mark(page)
    return (True, title.begin, title.end) if title else (False, *opening(page, _FIRST))


def opening(page: Page, length: int) -> tuple[int, int]:
    """The first signs of a page that are not blank."""
    begin, end = page.trim(0, len(page.folded))
    return page.trim(begin, min(end, begin + length))


def _other(page: Page, begin: int, end: int, zh: str, en: str) -> Stated[str]:
    source = page.source(begin, max(end, begin + 1), "document.kind.other", Basis.INFERRED, Reason(zh, en))
    return Stated("document-other", source)


def _cues(page: Page, titled: bool, begin: int, end: int, listed: list[Entry]) -> Iterator[tuple[str, int, int, int]]:
    """(kind, weight, begin, end) of each cue."""

    def hit(pattern: re.Pattern[str], low: int, high: int) -> tuple[int, int] | None:
        match = pattern.search(page.folded, low, high)
        return match.span() if match else None

    stop = min(len(page.folded), end + _HEAD)
    items = page.outline.items
    sections = [
        item for item in items if item.style != "label" and _PLAN_SECTIONS.match(page.folded, item.body, item.body + 12)
    ]
    whole = len(sections) >= _ENOUGH or bool(listed)
    if titled:
        if span := hit(_TITLE_OF_NOTICE, begin, end):
            yield "notice", 1 if whole else 4, *span
        elif span := hit(_TITLE_OF_PLAN, begin, end):
            yield "plan", 4, *span
        elif span := hit(_TITLE_OF_REPORT, begin, end):
            yield "report", 4, *span
    if span := hit(_MAKES, begin, stop):
        yield "plan", 3, *span
    if span := hit(_SPEAKS_OF, begin, stop):
        yield "notice", 3, *span
    if span := hit(_PUBLISHES, begin, len(page.folded)):
        yield "notice", 1, *span
    if not whole and (span := hit(_SEE_ANNEX, begin, stop)):
        yield "notice", 3, *span
    for pattern, weight in ((_TELLS_WHAT_WAS_DONE, 3), (_DONE, 2), (_AS_OF, 2)):
        if span := hit(pattern, begin, stop):
            yield "report", weight, *span
    if len(sections) >= _ENOUGH:
        yield "plan", 3, sections[0].begin, sections[0].body
    if listed:
        done = next((entry for entry in listed if "status" in entry.fields), None)
        yield ("report", 3, *done.fields["status"]) if done else ("plan", 4, *listed[0].words)


_BROKEN_OFF = re.compile(
    r"展开阅读(?:全文|更多)|点击查看(?:全文|更多)|剩余\d+页|下载(?:后)?查看(?:全文|更多)|未完待续|已阅读\d+页"
)
_WHOLE_END = "。!?;)”》】』〕"
_CUT = 30  # a last line so long that ends in the middle of a sentence is cut


def read_completeness(
    page: Page,
    kind: str,
    issues: int,
    gaps: tuple[Gap, ...],
    counts: tuple[Count, ...],
    unread: tuple[tuple[int, int], ...] = (),
    ordinals: tuple[int, ...] = (),
) -> Stated[str]:
    """Full, digest, excerpt or template: whether a document may be counted over.

    A list shorter than the number of issues or tasks the text states is an excerpt, and so is a plan whose list is not
    there, a list that does not run from 1, a text that stops inside a sentence, or a table with rows that were not read (`unread`): what is not whole must
    not look whole.
    """

    def inferred(value: str, begin: int, end: int, zh: str, en: str) -> Stated[str]:
        return Stated(value, page.source(begin, end, "document.completeness", Basis.INFERRED, Reason(zh, en)))

    masks = [gap for gap in gaps if gap.kind == "placeholder"]
    whole = opening(page, 200)
    if len(masks) >= _PLACEHOLDERS_OF_A_TEMPLATE:
        zh, en = f"文中有{len(masks)}处占位符", f"{len(masks)} placeholders stand in the text"
        spans = tuple(gap.span for gap in masks[:3])
        return Stated("completeness-template", Source(spans, "document.completeness", Basis.INFERRED, Reason(zh, en)))
    if broken := _BROKEN_OFF.search(page.folded):
        return inferred(
            "completeness-excerpt", *broken.span(), "页面说明正文未完", "the page says that its text goes on elsewhere"
        )
    claimed = next((c for c in counts if c.of in {"Issue", "Task"} and c.value > issues > 0), None)
    if claimed:
        zh = f"写明{claimed.value}{claimed.unit_text},只列出{issues}"
        en = f"{claimed.value} are stated, {issues} are listed"
        spans = claimed.source.spans
        return Stated("completeness-excerpt", Source(spans, "document.completeness", Basis.INFERRED, Reason(zh, en)))
    if ordinals and sorted(ordinals) != list(range(1, len(ordinals) + 1)):
        zh, en = (
            f"只列出第{ordinals[0]}项等{len(ordinals)}项",
            f"only {len(ordinals)} are listed, the first as number {ordinals[0]}",
        )
        return inferred("completeness-excerpt", *whole, zh, en)
    if last := cut_line(page):
        zh, en = "文末停在句子中间,正文被截断", "the text stops in the middle of a sentence"
        return inferred("completeness-excerpt", *last, zh, en)
    if unread:
        zh, en = f"有{len(unread)}行表格没有读取", f"{len(unread)} rows of a table were not read"
        return inferred("completeness-excerpt", unread[0][0], unread[-1][1], zh, en)
    if kind == "document-rectification-plan" and not issues:
        return inferred("completeness-excerpt", *whole, "方案正文没有列出问题", "the plan's text lists no issue")
    if kind == "document-plan-announcement" and not issues:
        zh, en = "公告概述方案而未附问题清单", "an announcement that summarises the plan without its list of issues"
        return inferred("completeness-digest", *whole, zh, en)
    return inferred(
        "completeness-full", *whole, "未见截断、占位或摘要的迹象", "no sign of a cut, a placeholder or a digest"
    )


def cut_line(page: Page) -> tuple[int, int] | None:
    """The last content line when it is long and stops inside a sentence. A row of a table may end anywhere."""
    last = max(page.text.content(), key=lambda line: line.begin, default=None)
    if last is None:
        return None
    begin, end = page.trim(last.begin, last.end)
    words = page.folded[begin:end]
    sentence = re.search(r"[,。;]", words) and not re.match(r"[^,。;]{2,12}:", words)
    cut = len(words) >= _CUT and sentence and words[-1] not in _WHOLE_END and "|" not in words
    return (begin, end) if cut else None
