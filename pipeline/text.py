"""Document → text: the readable sentences of a page, each character tied to where it stands in the stored text.

Reads a `Document`'s text. Writes a `Text`: page marks, chunk numbers, addresses, pinyin glosses and blanks inside
sentences removed, lines of site furniture marked. Nothing is rewritten: `Text.source` leads from every range back to the
original, and only `Text.folded`, which is matched and never shown, has one script and one width.
"""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import compress

from pipeline.model import Span
from pipeline.signs import WIDTHS, variants

# Wordings of machine conversion to Traditional script (GENRE §9), of one length with the genre's own.
_REGIONAL = {"回馈": "反馈", "品质": "质量", "资讯": "信息"}
_TRADITIONAL = re.compile("[環態問題饋貫徹]")
_NO_VARIANT = "乾"  # 乾县, 乾安县: a place's own sign

_HAN = r"\u3400-\u9fff"
_WIDE = rf"{_HAN}\u3000-\u303f\uff00-\uffef“”‘’—…·"
# A blank next to a Han character or Chinese punctuation is a leftover of conversion, not a word space.
_BLANKS = re.compile(r"[ \t\u00a0\u3000\u200b\ufeff]+")
_PAGE_MARK = re.compile(r"(?<![\dA-Za-z])[-—–] (\d{1,4}) [-—–](?!\d)")
_CHUNK = re.compile(r"(?:^|\n)[ \t]*\n?(\d{1,4})、")
_PAGE_LINE = re.compile(r"^\s*(?:第\s*\d+\s*页(?:\s*/\s*共\s*\d+\s*页)?|[-—–]\s*\d+\s*[-—–]|\d{1,3}\s*/\s*\d{1,3})\s*$")
_SENTENCE_END = "。!?;:”)》\uff01\uff1f\uff1b\uff1a\uff09"
# 態(tài): the reading of a sign, put there by a converter.
_GLOSS = re.compile(
    rf"(?<=[{_HAN}])[(\uff08](?=[^)\uff09]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ])[a-zü\u00e0-\u01dc]{{1,7}}[)\uff09]"
)
# A line that starts with a stop goes on the sentence before; so does the text round a page mark that cuts a word.
_BROKEN_LINE = re.compile(
    r"\r?\n[ \t\u3000]*(?=[,\uff0c、;\uff1b。])|(?<=[^。!?;:”)》\uff01\uff1f\uff1b\uff1a\uff09\s])[ ]*\r?\n[ \t]*[-—–] \d{1,4} [-—–][ \t]*\r?\n[ \t]*"
)
_TRADES = ("体育", "彩票", "娱乐", "博彩", "棋牌", "赌场", "网赌", "电竞")
_WARES = r"(?:app下载|APP下载|官网下载|备用网址|app|APP|官方网站入口|网址入口|登录入口|注册网址|彩票平台|客户端下载)"
_ADVERT = re.compile(
    rf"[\[【(\uff08][^\[\]【】()\uff08\uff09]{{0,12}}(?:{'|'.join(_TRADES)})[^\[\]【】()\uff08\uff09]{{0,12}}[\]】)\uff09]|"
    rf"[\u4e00-\u9fff]{{2}}(?:{'|'.join(_TRADES)}){_WARES}"
)
# A converter that sets blanks round digits (2 4 个, 0.1 5 毫克) does so all over a text.
_SPACED = re.compile(rf"(?<=[{_HAN}]) (?=\d)|(?<=\d) (?=[{_HAN}])")
_SPLIT_NUMBER = re.compile(rf"(?:(?<=\d)|(?<=\d\.)) (?=\d|\.\d)(?=[\d. ]*[{_HAN}%％])")
_SPACED_THROUGHOUT = 5
_READ_SO_FAR = re.compile(r"已阅读\d+页|\?{2,}")  # and blanks that a converter turned to ?
_RETURN = re.compile(r"\r")
_ADDRESS = re.compile(r"(?:https?://|www\.)[A-Za-z0-9./?=&_%#:~-]+")
_DOUBLED = re.compile(r"(?<=[,\uff0c、;\uff1b])[,\uff0c、](?=[^,\uff0c、])|(?<=。)[,\uff0c、]|[,\uff0c、](?=。)")

# Lines of site furniture (GENRE §9): metadata is read from them, but never a fact of the plan.
_FURNITURE = re.compile(
    r"版权(?:所有|与|均|声明)|免责声明|转载(?:必须|请|并)|侵权|征稿|[ICP]{3}备|公网安备|备案号|Copyright|All [Rr]ights|作品发表|"
    r"文档编号|上传(?:人|时间)\s*:|第\d+页\s*/\s*共|_第\d+页|C2C|用户上传|本站(?:为|所有)|网站标识码|建议您使用"
)
# Words that mark furniture only in a short line that is not a sentence.
_FURNITURE_SHORT = re.compile(
    r"人气\s*:|浏览(?:次数|量)|点击(?:数|量|率)|访问量|阅读(?:次数|量)|字[体号]\s*:|打印|分享|扫一扫|二维码|联系(?:邮箱|电话|我们)|"
    r"网站(?:地图|声明|首页)|关于(?:本网|我们)|技术(?:支持|电话)|[主承]办(?:单位)?\s*:|页数\s*:|大小\s*:|点击查看|展开阅读|下载\s*相关|"
    r"相关(?:资源|搜索|文档|阅读|推荐|链接)|当前位置|您(?:所在|当前)的位置|首页\s*>|^\s*[上下]一[篇条]|^\s*(?:资源描述|关键词|标签)\s*:?|"
    r"责任编辑|^\W*(?:编辑|来源|信息来源|稿源|时间|日期|发布(?:时间|日期)|作者|索引号|发文字号|成文日期|主题分类|原标题)\s*:|附件下载|文件下载"
)
# Headlines of other pages follow such a line to the end, or to the next sentence.
_ELSEWHERE = re.compile(r"\s*(?:相关(?:新闻|链接|阅读|文章|资讯)|延伸阅读|推荐阅读|热门(?:文章|推荐)|友情链接)\s*:?")
_HEADLINE = 60
_DATE_LINE = re.compile(r"^\s*20\d{2}[-年./]\d{1,2}[-月./]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the cleaned text, `[begin, end)` in it; `furniture` marks site chrome and metadata lines."""

    begin: int
    end: int
    furniture: bool


@dataclass(frozen=True)
class Text:
    """The cleaned text of a document.

    `plain` keeps the printed signs, `folded` has the same length with full-width signs made half-width for matching;
    `origin[i]` is the offset in the stored text of character `i`.
    """

    stored: str
    plain: str
    folded: str
    origin: "array[int]"
    lines: tuple[Line, ...]

    def source(self, begin: int, end: int) -> Span:
        """The range of the stored text behind `[begin, end)` of the cleaned text (empty ranges are refused)."""
        if not 0 <= begin < end <= len(self.plain):
            raise ValueError(f"no such range in the text: {begin}..{end} of {len(self.plain)}")
        return Span(self.origin[begin], self.origin[end - 1] + 1)

    def content(self) -> Iterator[Line]:
        """The lines that may hold facts of the plan."""
        return (line for line in self.lines if not line.furniture)


def clean(stored: str) -> Text:
    """Clean a stored text. Total: never raises, and every offset lies inside `stored`."""
    keep = bytearray(b"\x01") * len(stored)
    for begin, end in _chunk_numbers(stored):
        keep[begin:end] = bytes(end - begin)
    for begin, end in _page_marks(stored):
        keep[begin:end] = bytes(end - begin)
    for pattern in (_GLOSS, _READ_SO_FAR, _ADDRESS, _DOUBLED, _BROKEN_LINE, *_adverts(stored)):
        for match in pattern.finditer(stored):
            keep[match.start() : match.end()] = bytes(match.end() - match.start())
    if sum(1 for _ in _SPACED.finditer(stored)) >= _SPACED_THROUGHOUT:
        for match in _SPLIT_NUMBER.finditer(stored):
            keep[match.start() : match.end()] = bytes(match.end() - match.start())
    for begin, end in _stray_blanks(stored, keep):
        keep[begin:end] = bytes(end - begin)
    for match in _RETURN.finditer(stored):
        keep[match.start()] = 0
    origin = array("q", compress(range(len(stored)), keep))
    plain = "".join(compress(stored, keep))
    folded = fold(plain)
    return Text(stored, plain, folded, origin, tuple(_lines(plain, folded)))


def _adverts(stored: str) -> tuple[re.Pattern[str], ...]:
    """The pattern of adverts where a text has a word of their trade at all."""
    return (_ADVERT,) if any(word in stored for word in _TRADES) else ()


@cache
def _folding() -> dict[int, str]:
    """Width and script in one table."""
    widths = {ord(sign): form for sign, form in WIDTHS.items()}
    return widths | {code: form for code, form in variants().items() if chr(code) not in _NO_VARIANT}


def fold(plain: str) -> str:
    """Half width and Simplified, sign for sign."""
    folded = plain.translate(_folding())
    if _TRADITIONAL.search(plain):
        for regional, usual in _REGIONAL.items():
            folded = folded.replace(regional, usual)
    return folded


def _chunk_numbers(stored: str) -> list[tuple[int, int]]:
    """Numbers a document-sharing site puts before each chunk of a text (`\\n\\n7、`), which cut sentences in two.

    Only a run 1, 2, 3 … of at least three is taken, and only where most chunks before them end inside a sentence:
    a real list ends its items with a full stop.
    """
    found: list[re.Match[str]] = []
    for match in _CHUNK.finditer(stored):
        if int(match[1]) == len(found) + 1:
            found.append(match)
    inside = sum(1 for m in found[1:] if stored[: m.start()].rstrip()[-1:] not in _SENTENCE_END)
    if len(found) < 3 or inside * 2 < len(found) - 1:
        return []
    return [m.span() if i else (m.start(1), m.end()) for i, m in enumerate(found)]


def _page_marks(stored: str) -> list[tuple[int, int]]:
    """Page marks `- 7 -`: a rising run of at least two anywhere, or a line of its own."""
    marks: list[tuple[int, int]] = []
    run: list[re.Match[str]] = []
    for match in _PAGE_MARK.finditer(stored):
        if not run or int(match[1]) == int(run[-1][1]) + 1:
            run.append(match)
    if len(run) >= 2:
        marks += [m.span() for m in run]
    position = 0
    for line in stored.splitlines(keepends=True):
        if _PAGE_LINE.match(line):
            marks.append((position, position + len(line.rstrip("\r\n"))))
        position += len(line)
    return marks


def _stray_blanks(stored: str, keep: bytearray) -> Iterator[tuple[int, int]]:
    for match in _BLANKS.finditer(stored):
        last, following = keep.rfind(1, 0, match.start()), keep.find(1, match.end())
        before = stored[last] if last >= 0 else "\n"
        after = stored[following] if following >= 0 else "\n"
        if (
            before in "\r\n"
            or after in "\r\n"
            or _is_wide(before)
            or _is_wide(after)
            or before in "(),;:"
            or after in "(),;:%％"
        ):
            yield match.span()


_WIDE_SIGN = re.compile(f"[{_WIDE}]")


def _is_wide(sign: str) -> bool:
    return _WIDE_SIGN.match(sign) is not None


def _lines(plain: str, folded: str) -> Iterator[Line]:
    position, elsewhere = 0, False
    for raw in folded.splitlines(keepends=True):
        body = raw.rstrip("\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
        if body.strip():
            elsewhere = bool(_ELSEWHERE.match(body)) or (elsewhere and len(body) < _HEADLINE and "。" not in body)
            yield Line(position, position + len(body), elsewhere or _is_furniture(body))
        position += len(raw)


def _is_furniture(line: str) -> bool:
    short = len(line) < 80 and not line.rstrip().endswith("。")
    return bool(
        (len(line) < 200 and _FURNITURE.search(line))
        or (short and _FURNITURE_SHORT.search(line))
        or _DATE_LINE.match(line)
    )
