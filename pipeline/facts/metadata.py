"""What a page says of itself: title, date, source, publisher; and what kind of document it is (GENRE §8, §10)."""

import re
from datetime import date

from pipeline.facts.dates import calendar_day
from pipeline.facts.gaps import is_damaged
from pipeline.facts.page import Mark, Page
from pipeline.model import Basis, Count, Gap, Reason, Source, Stated

_GENRE = re.compile(r"督察|整改|环保|生态环境")
_SUPERVISION = re.compile(r"(?:生态)?环境保护(?:例行|专项)?督察|环保督察|生态环境(?:例行|专项)?督察")
_SUFFIX = re.compile(r"\.(?:docx?|pdf|txt|html?|wps)$", re.IGNORECASE)
_ISSUED = re.compile(r"^\W*(?:发布(?:时间|日期)|时间|日期|成文日期|印发日期)\s*:\s*")
_NOT_ISSUED = re.compile(r"上传|打印")
_NAME = r"(?P<name>[\u4e00-\u9fffA-Za-z()]{2,40}?)(?=[\u4e00-\u9fff]ICP|承办|编辑|浏览|作者|字体|时间|[^\u4e00-\u9fffA-Za-z()]|$)"
_ORIGIN = re.compile(rf"(?:来源|稿源)\s*:\s*{_NAME}")
_PUBLISHER = re.compile(rf"(?:主办|发布(?:机构|单位))(?:单位)?\s*:\s*{_NAME}")

_NEAR_GENRE = re.compile(
    r"审计(?:查出|发现|整改|报告)|巡[视察](?:整改|反馈|组)|海洋督察|土地督察|警示片|信访件|边督边改|典型案例|(?:参考)?范文|试题|答题|"
    r"动员会|汇报会|座谈会|推进会|学习贯彻|工作总结|述职"
)
_ANNOUNCES = re.compile(
    r"现(?:将)?[^。]{0,40}?(?:《整改方案》|整改方案|整改任务清单)[^。]{0,30}?(?:公开|公布|公示)|现(?:面?向社会|予以)公[开布]|公开[^。\n]{0,40}整改方案"
)
_MAKES = re.compile(r"(?:现|特)?制定(?:如下|本)(?:整改)?(?:工作|总体|实施)?方案|特制定本|制定(?:以下|如下)整改")
_REPORTS = re.compile(
    r"整改(?:落实|工作|任务)?(?:进展|完成)?(?:落实)?情况(?:的)?(?:报告|通报|公示|公告|公开)|(?:督察)?整改(?:落实|完成|进展)?情况予以公[开示]|整改(?:任务)?(?:完成)?销号|验收销号(?:公示|情况)"
)
_PLAN_TITLE = re.compile(r"整改(?:落实)?(?:工作|实施|总体|细化|任务)?(?:方案|清单)")
_PLACEHOLDERS_OF_A_TEMPLATE = 5
CELLS_OF_A_TABLE = 3  # a line with so many | is a table's row, not a sentence; tables are not read


def title_mark(page: Page) -> Mark | None:
    """The page's title line: the first of its leading lines that speaks of the matter and is no sentence."""
    seen = 0
    for line in page.text.lines:
        words = page.text.plain[line.begin : line.end]
        if line.furniture:
            continue
        if words.rstrip().endswith(("。", ":", ";")) or len(words) > 90:
            return None
        if _GENRE.search(words) and len(words) >= 8 and not is_damaged(words.removesuffix("略")):
            suffix = _SUFFIX.search(words.rstrip())
            end = line.begin + (suffix.start() if suffix else len(words))
            begin, end = page.trim(line.begin, end)
            return Mark(begin, end, page.text.plain[begin:end])
        seen += 1
        if seen > 8:
            return None
    return None


def read_title(page: Page) -> Stated[str] | None:
    mark = title_mark(page)
    return Stated(mark.words, page.source(mark.begin, mark.end, "document.title")) if mark else None


def read_issued(page: Page) -> Stated[date] | None:
    """The page's own date: a labelled line or a date line near the head; an upload date is none."""
    for line in page.text.lines:
        words = page.folded[line.begin : line.end]
        if _NOT_ISSUED.search(words) or len(words) > 120:
            continue
        labelled = _ISSUED.match(words)
        bare = re.match(
            r"\s*20\d{2}[-年./]\d{1,2}[-月./]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?\s*(?:$|来源|作者|信息来源|浏览|字体)",
            words,
        )
        if (labelled or bare) and (found := calendar_day(page.folded, line.begin, line.end)):
            return Stated(found[0], page.source(found[1], found[2], "document.issued"))
    return None


def _named(page: Page, pattern: re.Pattern[str], rule: str) -> Stated[str] | None:
    for line in page.text.lines:
        short = line.furniture and line.end - line.begin < 120
        if short and (match := pattern.search(page.folded[line.begin : line.end])):
            begin, end = line.begin + match.start("name"), line.begin + match.end("name")
            return Stated(page.text.plain[begin:end], page.source(begin, end, rule))
    return None


def read_origin(page: Page) -> Stated[str] | None:
    """来源: where the page says its text comes from."""
    return _named(page, _ORIGIN, "document.source")


def read_publisher(page: Page) -> Stated[str] | None:
    """主办: the body that runs the site."""
    return _named(page, _PUBLISHER, "document.publisher")


def read_kind(page: Page, issues: int) -> Stated[str]:
    """Plan, announcement, report on implementation, or not of the genre (`other`), with the words that show it."""
    title = title_mark(page)
    head = title.words if title else page.folded[:60]

    def stated(kind: str, match: re.Match[str] | None, offset: int = 0) -> Stated[str]:
        begin, end = (
            (match.start() + offset, match.end() + offset) if match else page.trim(0, min(80, len(page.folded)))
        )
        return Stated(kind, page.source(begin, max(end, begin + 1), "document.kind"))

    supervision = _SUPERVISION.search(page.folded)
    if not supervision or (_NEAR_GENRE.search(head) and not _PLAN_TITLE.search(head) and not _REPORTS.search(head)):
        return stated("document-other", _NEAR_GENRE.search(head), title.begin if title else 0)
    makes, announces, reports = (p.search(page.folded) for p in (_MAKES, _ANNOUNCES, _REPORTS))
    if title and (hit := _REPORTS.search(head)):
        return stated("document-implementation-report", hit, title.begin)
    if (issues and not (title and re.search("公[开布]", head))) or (makes and not announces):
        return stated(
            "document-rectification-plan", makes or (title and _PLAN_TITLE.search(page.folded, title.begin)) or None
        )
    if announces or (title and _PLAN_TITLE.search(head)):
        own = announces or _PLAN_TITLE.search(page.folded)
        kind = (
            "document-plan-announcement"
            if announces or "《整改方案》" in page.folded
            else "document-rectification-plan"
        )
        return stated(kind, own)
    if reports:
        return stated("document-implementation-report", reports)
    return stated("document-other", supervision)


_BROKEN_OFF = re.compile(
    r"展开阅读(?:全文|更多)|点击查看(?:全文|更多)|剩余\d+页|下载(?:后)?查看(?:全文|更多)|未完待续|已阅读\d+页"
)


def read_completeness(
    page: Page, kind: str, issues: int, gaps: tuple[Gap, ...], counts: tuple[Count, ...]
) -> Stated[str]:
    """Full, digest, excerpt or template: whether a document may be counted over.

    A list shorter than the number of issues or tasks the text states is an excerpt, and so is a plan whose list or table
    was not read: what is not whole must not look whole.
    """

    def inferred(value: str, begin: int, end: int, zh: str, en: str) -> Stated[str]:
        return Stated(value, page.source(begin, end, "document.completeness", Basis.INFERRED, Reason(zh, en)))

    masks = [gap for gap in gaps if gap.kind == "placeholder"]
    whole = page.trim(0, min(len(page.folded), 200))
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
    rows = [line for line in page.text.content() if page.folded.count("|", line.begin, line.end) >= CELLS_OF_A_TABLE]
    if rows:
        zh, en = f"有{len(rows)}行表格没有读取", f"{len(rows)} rows of a table were not read"
        return inferred("completeness-excerpt", rows[0].begin, rows[-1].end, zh, en)
    if kind == "document-rectification-plan" and not issues:
        return inferred("completeness-excerpt", *whole, "方案正文没有列出问题", "the plan's text lists no issue")
    if kind == "document-plan-announcement" and not issues:
        zh, en = "公告概述方案而未附问题清单", "an announcement that summarises the plan without its list of issues"
        return inferred("completeness-digest", *whole, zh, en)
    return inferred(
        "completeness-full", *whole, "未见截断、占位或摘要的迹象", "no sign of a cut, a placeholder or a digest"
    )
