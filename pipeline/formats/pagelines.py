"""A page's elements → its lines, in the order they are shown, each with how much of it is links.

Reads a node of a parsed page. Writes `Line`s: one a block of the page, the rows of its tables, the items of its lists
with their numbers. Tables that only lay the page out are walked through like any other block. Nothing here recurses
but for the cells of a table, so no nesting is too deep.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from pipeline.formats.numerals import NUMBERED, chinese
from pipeline.formats.rows import ROWS, Cell, grid, row

# Elements by their names: of which a page shows nothing, and which begin and end lines.
_SILENT = re.compile(
    r"audio|button|canvas|datalist|head|iframe|map|noscript|object|rp|rt|script|select|style|svg|template|"
    r"textarea|video"
)
_BLOCKS = re.compile(
    r"address|article|aside|blockquote|body|caption|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|"
    r"figure|footer|form|h1|h2|h3|h4|h5|h6|header|hr|legend|li|main|menu|nav|ol|p|pre|section|summary|table|"
    r"tbody|td|tfoot|th|thead|tr|ul"
)
_LISTS = frozenset(("dir", "menu", "ol", "ul"))
_ASIDE = frozenset(("aside", "footer", "nav"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CJK_LIST = re.compile(r"list-style(?:-type)?\s*:[^;]*(?:cjk-ideographic|(?:simp|trad)-chinese)", re.IGNORECASE)
# What a table's first, third … cell names where a page lists what it is (GENRE §9), one pair after another.
_LABEL = re.compile(
    r"索引号|主题分类|信息分类|体裁分类|组配分类|发文机关|发布机构|发布单位|公开责任部门|信息来源|来源|成文日期|发文日期|发布日期|"
    r"发布时间|公开日期|生成日期|生效日期|废止日期|标题|名称|文号|发文字号|文件编号|主题词|关键词|有效性|公开方式|公开形式|内容概述"
)


@dataclass(slots=True)
class Line:
    """A line of a page: its words, how many of its signs and how many links are links, and whether it is aside."""

    words: str
    linked: int = 0
    links: int = 0
    aside: bool = False
    row: bool = False


@dataclass(slots=True)
class _List:
    """An open list: what number its next item has, None where items have none, and how it is written."""

    number: int | None
    step: int
    style: str


@dataclass
class _Walk:
    """Where a walk through a page stands."""

    lines: list[Line] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    linked: int = 0
    links: int = 0
    label: str = ""
    inside_link: int = 0
    aside: int = 0
    verbatim: int = 0
    lists: list[_List] = field(default_factory=list)

    def text(self, words: str) -> None:
        if self.inside_link:
            self.linked += len("".join(words.split()))
        self.words.append(words if self.verbatim else re.sub(r"[ \t\r\n\f]+", " ", words))

    def end_line(self) -> None:
        words = "".join(self.words)
        for part in words.splitlines() if self.verbatim else [words]:
            stripped = re.sub(r"[ \t]{2,}", " ", part).strip()
            if stripped:
                label = "" if NUMBERED.match(stripped) else self.label
                self.lines.append(Line(label + stripped, self.linked, self.links, self.aside > 0))
                self.label = ""
        self.words, self.linked, self.links = [], 0, int(self.inside_link > 0)


def lines_of(root: LexborNode) -> list[Line]:
    """The lines below a node."""
    walk = _Walk()
    waiting: list[tuple[LexborNode, bool]] = [(root, False)]
    while waiting:
        node, left = waiting.pop()
        if node.is_text_node:
            walk.text(node.text_content or "")
        elif left:
            _leave(walk, node)
        elif node.is_element_node and not _is_silent(node):
            if node.tag == "table" and (table := _data(node)):
                walk.end_line()
                walk.lines += _rows(table, walk.aside > 0)
                continue
            _enter(walk, node)
            waiting.append((node, True))
            waiting += [(child, False) for child in node.iter(include_text=True)][::-1]
    walk.end_line()
    return walk.lines


def _enter(walk: _Walk, node: LexborNode) -> None:
    tag = node.tag or ""
    if _is_block(node) or tag == "br":
        walk.end_line()
    walk.aside += _is_aside(node)
    walk.verbatim += tag == "pre"
    if _is_link(node):
        walk.inside_link += 1
        walk.links += 1
    elif tag in _LISTS:
        walk.lists.append(_list(node))
    elif tag == "li" and walk.lists:
        walk.label = _label(walk.lists[-1], node)


def _leave(walk: _Walk, node: LexborNode) -> None:
    tag = node.tag or ""
    if _is_block(node):
        walk.end_line()
    walk.aside -= _is_aside(node)
    walk.verbatim -= tag == "pre"
    if _is_link(node):
        walk.inside_link -= 1
    elif tag in _LISTS:
        walk.lists.pop()
    if tag == "li":
        walk.label = ""


def _is_link(node: LexborNode) -> bool:
    return node.tag == "a" and "href" in node.attributes


def _is_block(node: LexborNode) -> bool:
    return _BLOCKS.fullmatch(node.tag or "") is not None


def _is_silent(node: LexborNode) -> bool:
    """Whether a page shows nothing of an element: by its kind, or as a hidden piece of a line."""
    return _SILENT.fullmatch(node.tag or "") is not None or (not _is_block(node) and _is_hidden(node))


def _is_aside(node: LexborNode) -> bool:
    return node.tag in _ASIDE or (_is_block(node) and (node.attributes.get("role") == "navigation" or _is_hidden(node)))


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _list(node: LexborNode) -> _List:
    if node.tag != "ol":
        return _List(None, 1, "")
    attributes = node.attributes
    style = "cjk" if _CJK_LIST.search(attributes.get("style") or "") else (attributes.get("type") or "1")
    return _List(_whole(attributes.get("start"), 1), -1 if "reversed" in attributes else 1, style)


def _label(of: _List, item: LexborNode) -> str:
    """The number that the page prints before an item."""
    if of.number is None:
        return ""
    number = _whole(item.attributes.get("value"), of.number)
    of.number = number + of.step
    if of.style == "cjk":
        return f"{chinese(number)}、"
    if of.style in "aA" and 1 <= number <= 26:
        return f"{chr(ord(of.style) + number - 1)}. "
    return f"{number}. "


def _whole(written: str | None, otherwise: int) -> int:
    return int(written) if written and re.fullmatch(r"-?\d{1,6}", written.strip()) else otherwise


def _data(table: LexborNode) -> list[list[LexborNode]]:
    """The cells of a table of data; none where a table lays the page out: it holds tables, has but one row or column,
    or is mostly one long cell."""
    if len(table.css("table")) > 1 or table.attributes.get("role") in ("presentation", "none"):
        return []
    rows = [
        [cell for cell in tr.iter() if cell.tag in ("td", "th")]
        for part in table.iter()
        for tr in ([part] if part.tag == "tr" else part.iter() if part.tag in ("thead", "tbody", "tfoot") else [])
        if tr.tag == "tr"
    ]
    rows = [cells for cells in rows if cells]
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return []
    lengths = [len((cell.text() or "").strip()) for cells in rows for cell in cells]
    if len(rows) <= 4 and max(lengths) > max(300, 0.7 * sum(lengths)):
        return []
    return rows


def _rows(table: list[list[LexborNode]], aside: bool) -> Iterator[Line]:
    links: dict[str, tuple[int, int]] = {}  # by the words of a cell
    cells: list[list[Cell]] = []
    for nodes in table:
        cells.append([])
        for node in nodes:
            lines = lines_of(node)
            words = "\n".join(line.words for line in lines)
            links[words] = (sum(line.linked for line in lines), sum(line.links for line in lines))
            spans = (_whole(node.attributes.get("colspan"), 1), _whole(node.attributes.get("rowspan"), 1) or ROWS)
            cells[-1].append(Cell(words, *spans))
    for words_of_row in grid(cells):
        names = ["".join(name.split()).rstrip(":：") for name in words_of_row[::2]]
        if len(words_of_row) % 2 == 0 and all(map(_LABEL.fullmatch, names)):
            for name, value in zip(names, words_of_row[1::2], strict=True):
                yield Line(f"{name}: {' '.join(value.split())}".strip(), aside=aside)
        else:
            of_row = [links.get(words, (0, 0)) for words in words_of_row]
            yield Line(row(words_of_row), sum(n for n, _ in of_row), sum(n for _, n in of_row), aside, True)
