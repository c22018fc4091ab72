"""Where a text is redacted, a template, or damaged: gaps with their place, never a value (DESIGN §3)."""

import re
from collections.abc import Iterator

from pipeline.facts.page import Page
from pipeline.model import Gap, Reason

_REDACTED = re.compile(r"\(略\)|\*{2,}|□{2,}|■{2,}")
_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z])(?:20)?[xX×]{1,6}(?:\.[xX×]{1,3})?(?![A-Za-z])|某某|(?<=[县市区省])某(?=[局厅县市区])|某(?=[省市县区])"
)
_MASKS = frozenset("略*□■xX×某")  # without one of these nothing is masked
_NUMERAL = "[一二三四五六七八九十0-9xX×]"

# Damage whose restoration is known to be the only one that makes a word of the field.
_LOST: tuple[tuple[re.Pattern[str], str | None, str, str, str], ...] = (
    (
        re.compile(rf"第(?=(?:生态)?环境保护督察组)(?<!{_NUMERAL})"),
        None,
        "teamNumber",
        "督察组的序号在转换中丢失,无法恢复",
        "the team's ordinal was lost in conversion and cannot be restored",
    ),
    (
        re.compile(r"劣(?=类水?[体质])"),
        "劣Ⅴ类",
        "text",
        "水质类别中只有“劣Ⅴ类”带“劣”字",
        "劣Ⅴ类 is the only water class with 劣",
    ),
    (
        re.compile(r"(?<![地县省市])级及以上城市"),
        "地级及以上城市",
        "text",
        "指标的固定名称是“地级及以上城市”",
        "the indicator's fixed name is 地级及以上城市",
    ),
    (
        re.compile(r"以(?=新时代中国特色社会主义思想)"),
        "以习近平新时代中国特色社会主义思想",
        "text",
        "固定称谓,“习近平”被过滤",
        "a fixed name; the personal name was filtered out",
    ),
)


def read_gaps(page: Page) -> Iterator[Gap]:
    """Every gap of the content lines, in reading order of each kind."""
    for line in page.text.content():
        for match in _REDACTED.finditer(page.folded, line.begin, line.end):
            yield Gap("redacted", page.span(*match.span()))
        for match in _PLACEHOLDER.finditer(page.folded, line.begin, line.end):
            if match[0] not in "xX×" or _beside_text(page.folded, *match.span()):
                yield Gap("placeholder", page.span(*match.span()))
        for pattern, restoration, affects, zh, en in _LOST:
            for match in pattern.finditer(page.folded, line.begin, line.end):
                yield Gap("lost", page.span(*match.span()), affects, restoration, Reason(zh, en))


def _beside_text(folded: str, begin: int, end: int) -> bool:
    around = folded[max(0, begin - 1) : begin] + folded[end : end + 1]
    return any("\u4e00" <= sign <= "\u9fff" for sign in around)


def with_ellipses(words: str) -> tuple[str, int]:
    """A phrase with … for each redaction and placeholder in it, and how many there are: what is legible, and no more."""
    if _MASKS.isdisjoint(words):
        return words, 0
    shown, redacted = _REDACTED.subn("…", words)
    shown, masked = _PLACEHOLDER.subn("…", shown)
    return shown, redacted + masked


def is_damaged(words: str) -> bool:
    """Whether a phrase holds a redaction or a placeholder, so that it must not become a label or a value."""
    return not _MASKS.isdisjoint(words) and bool(_REDACTED.search(words) or _PLACEHOLDER.search(words))
