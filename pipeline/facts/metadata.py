"""What a page says of itself: title, date, source, publisher (GENRE §8, §9)."""

import re
from datetime import date

from pipeline.facts.dates import calendar_day
from pipeline.facts.gaps import with_ellipses
from pipeline.facts.page import Mark, Page
from pipeline.model import Basis, Reason, Stated
from pipeline.text import Line

_MATTER = re.compile(r"巡[视察]|审计|行动计划|参考答案|督察|整改|环保|生态环境|销号|环境保护")
_CLOSING = re.compile(
    r"(?:方案|清单|报告|公示|公告|通报|通知|情况|意见|进展|公开|完成|销号|成效|函|表|整改|说明|项|版|稿)(?:》|\([^()]*\)|【[^】]*】|\d+)*$"
)
_MENU = re.compile(
    r"您好|欢迎|首页|当前位置|所在位置|>|»|\u203a|/[^/]{2,8}/|本站|登录|注册|扫一扫|关键词|^\W*(?:索引号|发布机构|信息分类|主题)"
)
_SITE = re.compile(r"\s*(?:[-_|—]+|\s)\s*[^-_|—\s]{2,20}(?:网|网站|门户|厅|局|委员会|政府|政务|公众网|文库|在线)$")
_SUFFIX = re.compile(r"\.(?:docx?|pdf|txt|html?|wps)$", re.IGNORECASE)
_SENTENCE = re.compile(r"[。;!]$|[:,]$")
_DATE = r"20\d{2}\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}日?"
_ISSUED = re.compile(
    r"(?:发布|公布|发表|更新|上线|成文|印发|公开|发文|录入|时间发布|日期发布)?(?:时间|日期|发布)\s*[\]】]?\s*:?\s*(?="
    + _DATE
    + ")"
)
_PUBLISHED = re.compile(r"(?:发布|公开|公布)(?:时间|日期)\s*[\]】]?\s*:?\s*(?=" + _DATE + ")")
_BARE = re.compile(
    rf"(?:^|[^\d])(?P<date>{_DATE})(?:\s*\d{{1,2}}\s*:\s*\d{{2}}(?::\d{{2}})?)?\s*(?:$|\||·|\]|来源|稿源|作者|信息来源|浏览|字体|字号|第|【|\()"
)
_PRINT = re.compile(rf"^[\u4e00-\u9fff]{{2,8}}(?:日报|晚报|时报|报|网|发布)\s*(?P<date>{_DATE})")
_NOT_ISSUED = re.compile(r"上传|打印|今天是|今日|公示(?:期|时间|日期)|截至|有效期|时限|期限|完成")
_NAME = r"(?P<name>[\u4e00-\u9fffA-Za-z()·]{2,40}?)(?=[\u4e00-\u9fff]ICP|承办|编辑|浏览|作者|字体|字号|发布|日期|时间|访问|阅读|点击|次数|[^\u4e00-\u9fffA-Za-z()·]|$)"
_ORIGIN = re.compile(rf"(?:来源|稿源)\s*:\s*{_NAME}")
_PUBLISHER = re.compile(rf"(?:主办|发布(?:机构|单位))(?:单位)?\s*:\s*{_NAME}")
_TITLE_MAX, _TITLE_MIN = 90, 8
_LINES_OF_A_HEAD = 25


def title_mark(page: Page) -> Mark | None:
    """The page's title: the first line of the head that names the matter as a title does, joined with the line it runs on to."""
    head = _head_lines(page)
    fallback: Mark | None = None
    for place, line in enumerate(head):
        mark = _title_line(page, line)
        if mark is None:
            continue
        if mark.words.startswith(("——", "--")) and place:
            above = page.trim(head[place - 1].begin, head[place - 1].end)
            if not _MENU.search(page.folded, *above) and above[1] - above[0] <= _TITLE_MAX // 2:
                return Mark(*above, page.text.plain[slice(*above)])
        if _CLOSING.search(page.folded[mark.begin : mark.end]):
            return mark
        following = _title_line(page, head[place + 1], short=True) if place + 1 < len(head) else None
        if (
            following
            and following.begin - mark.end <= 4
            and _CLOSING.search(page.folded[following.begin : following.end])
        ):
            return Mark(mark.begin, following.end, page.words(mark.begin, following.end))
        fallback = fallback or mark
    return _original(page, fallback) or fallback


_ORIGINAL = re.compile(r"^\W*原(?:标题|题)\s*:\s*(?P<title>[^\n]{8,90})$")


def _original(page: Page, cut: Mark | None) -> Mark | None:
    """The title that a 原标题 line gives in full where the page's own title line was cut."""
    for line in page.text.lines:
        match = _ORIGINAL.match(page.folded[line.begin : line.end])
        if match and (cut is None or match["title"].startswith(page.folded[cut.begin : cut.begin + 8])):
            begin, end = page.trim(line.begin + match.start("title"), line.begin + match.end("title"))
            return Mark(begin, end, page.text.plain[begin:end])
    return None


def _head_lines(page: Page) -> list[Line]:
    """The content lines before the text proper starts: before the first long sentence."""
    head: list[Line] = []
    for line in page.text.content():
        words = page.folded[line.begin : line.end].rstrip()
        if (words.endswith("。") and len(words) > _TITLE_MIN * 3) or len(words) > _TITLE_MAX * 2:
            break
        head.append(line)
        if len(head) == _LINES_OF_A_HEAD:
            break
    return head


def _title_line(page: Page, line: Line, *, short: bool = False) -> Mark | None:
    begin, end = page.trim(line.begin, line.end)
    if banner := _BANNER.match(page.folded, begin, end):
        begin = banner.end()
    begin = _after_site(page, begin, end)
    words = page.folded[begin:end]
    if _MENU.search(words) or _SENTENCE.search(words) or re.match(r"[一二三四五六七八九十]、|\((?!略)", words):
        return None
    if suffix := _SUFFIX.search(words):
        end = begin + suffix.start()
    if (site := _SITE.search(page.folded[begin:end])) and _CLOSING.search(page.folded[begin : begin + site.start()]):
        end = begin + site.start()
    words, masked = with_ellipses(page.text.plain[begin:end])
    fits = _TITLE_MIN // 2 <= len(words) <= _TITLE_MAX if short else _TITLE_MIN <= len(words) <= _TITLE_MAX
    if not fits or masked > 1 or not (short or _MATTER.search(page.folded, begin, end)):
        return None
    return Mark(begin, end, words)


_BANNER = re.compile(r"标题\s*:|[^\n]{0,30}?今天是:?[^\n]{0,24}?星期[一二三四五六日天]")
_SITE_HEAD = re.compile(r"(?:局|厅|政府|网|网站|委员会|办公室)$")


def _after_site(page: Page, begin: int, end: int) -> int:
    """Where a title starts that stands on one line after the site's name (X市生态环境局 中共X市…)."""
    origin = page.text.origin
    for at in range(begin + 4, min(end - _TITLE_MIN, begin + 30)):
        if origin[at] == origin[at - 1] + 1 or not _SITE_HEAD.search(page.folded, begin, at):
            continue
        if page.folded.startswith("中共", at) or any(mark.begin == at for mark in page.marks("regions", at, end)):
            return at
    return begin


def read_title(page: Page) -> Stated[str] | None:
    mark = title_mark(page)
    return titled(page, mark, "document.title") if mark else None


def titled(page: Page, mark: Mark, rule: str) -> Stated[str]:
    """A title as written; a place that is masked in it is shown as …"""
    shown, masked = with_ellipses(page.words(mark.begin, mark.end))
    if not masked:
        return Stated(shown, page.source(mark.begin, mark.end, rule))
    reason = Reason("被遮盖或占位的字以“…”表示,其余照录", "… stands for what is masked; the rest is as written")
    return Stated(shown, page.source(mark.begin, mark.end, rule, Basis.INFERRED, reason))


def read_issued(page: Page) -> Stated[date] | None:
    """The page's own date: a labelled date, a date line or a dated source line of the head; an upload date is none."""
    best: tuple[int, int, int, date] | None = None
    proper = next((line.begin for line in page.text.content() if line.end - line.begin > _TITLE_MAX * 2), None)
    for line in page.text.lines:
        words = page.folded[line.begin : line.end]
        if len(words) > 2 * _TITLE_MAX:
            continue
        labelled = _PUBLISHED.search(words) or _ISSUED.search(words)
        bare = _BARE.search(words) if line.furniture or len(words) < 60 else None
        printed = _PRINT.match(words)
        match = labelled or printed or bare
        if match is None or _NOT_ISSUED.search(words[: match.end()]):
            continue
        low = line.begin + (match.end() if labelled else match.start("date"))
        if found := calendar_day(page.folded, low, line.end):
            late = proper is not None and line.begin > proper
            drawn_up = "成文" in words[: match.end()] and "发布" not in words[: match.end()]
            published = bool(labelled and _PUBLISHED.search(words))
            rank = (8 if late else 0) + (4 if drawn_up else 0) + (0 if published else 1 if labelled or printed else 2)
            if best is None or rank < best[0]:
                best = (rank, found[1], found[2], found[0])
    return Stated(best[3], page.source(best[1], best[2], "document.issued")) if best else None


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
