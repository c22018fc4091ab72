"""Where the issues of a task list stand on the page, whatever its layout (GENRE §5): entries with the ranges of their fields.

`entries` looks for numbered items with labelled fields, for tables (`tables`), and for notices whose chapters are the
fields (一、整改问题 … 七、验收单位). What an entry's words mean is read in `issues`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.facts.page import Page
from pipeline.facts.tables import Table, read_tables
from pipeline.numbers import integer
from pipeline.outline import labels

Range = tuple[int, int]

FIELDS_OF_AN_ISSUE = {"goal", "measures", "due", "lead", "responsible", "status"}
# What a notice has beside its problem, but no chapter of a plan: at least one of them makes chapters an entry.
_OF_A_NOTICE = {"due", "responsible", "status", "accepting", "lead", "supervising"}
_FEWEST_FIELDS = 2
# 第二轮 and 第六督察组 number other things.
_TITLE_NUMBER = re.compile(
    r"(?:序号\s*:?\s*|第(?=[一二三四五六七八九十百\d]{1,5}(?:项|号?(?:问题|任务)|个问题)))(?P<n>[一二三四五六七八九十百]{1,5}|\d{1,3})"
)
_MARK = re.compile(
    r"(?P<ar>\d{1,2})[.、．](?:(?!\d)|(?=20\d{2}年))|\((?P<arp>\d{1,2}|[一二三四五六七八九十]{1,3})\)[、.]?|(?P<circle>[①-⑳])|(?P<shi>[一二三四五六七八九十]{1,3})(?:是|、)"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One issue as it stands on the page: `words` is its own text, `begin` where the entry starts with its marker, and
    `fields` the range of each labelled field; `category` is the range of the heading it stands under."""

    number: str | None
    begin: int
    words: Range
    fields: dict[str, Range]
    category: Range | None = None
    measures: tuple[tuple[str | None, int, Range], ...] = field(default=())


def entries(page: Page) -> tuple[list[Entry], list[Range]]:
    """The issues in reading order, none overlapping another, and the rows of tables that were not read."""
    tables = read_tables(page)
    found = [entry for table in tables for entry in _of_table(page, table)]
    covered = [(table.begin, table.end) for table in tables if table.rows]
    for entry in [*_of_outline(page), *_of_chapters(page), *_of_labels(page)]:
        if not any(begin <= entry.begin < end for begin, end in covered):
            found.append(entry)
            covered.append((entry.begin, _end(entry)))
    unread = [row for table in tables for row in table.unread]
    return sorted(found, key=lambda entry: entry.begin), unread


def _end(entry: Entry) -> int:
    return max([entry.words[1], *(end for _, end in entry.fields.values())])


def _of_outline(page: Page) -> Iterator[Entry]:
    """The lowest numbered items with at least two fields of an issue of their own."""
    outline = page.outline
    for index, item in enumerate(outline.items):
        if item.style == "label":
            continue
        fields: dict[str, Range] = {}
        at: dict[str, int] = {}
        for kid in outline.children[index]:
            child = outline.items[kid]
            if child.style == "label" and child.name not in fields:
                fields[child.name] = page.trim(child.body, child.end)
                at[child.name] = kid
        if len(fields.keys() & FIELDS_OF_AN_ISSUE) < _FEWEST_FIELDS:
            continue
        words = page.trim(item.body, outline.own_end(index))
        category = None
        if "issue" in fields:
            if words[1] - words[0] >= 2 and not page.folded[words[0] : words[1]].isspace():
                category = words if page.folded[words[0] : words[1]].strip(":|。 \n") else None
            words = fields.pop("issue")
        measures = tuple(_numbered(page, at["measures"])) if "measures" in at else ()
        number = str(item.ordinal) if item.ordinal else None
        if item.parent is not None and (above := page.outline.items[item.parent]).style != "label":
            heading = page.trim(above.body, outline.own_end(item.parent))
            category = heading if heading[0] < heading[1] else category
        elif item.style not in {"problem", "serial"}:
            category = None
        yield Entry(number, item.begin, words, fields, category, measures)


def _of_labels(page: Page) -> Iterator[Entry]:
    """A form: labelled fields one after another under no number; the problem's field, or a serial number, opens a new issue."""
    fields: dict[str, Range] = {}
    measures: tuple[tuple[str | None, int, Range], ...] = ()
    begin = 0

    def made() -> Iterator[Entry]:
        if "issue" in fields and len(fields.keys() & FIELDS_OF_AN_ISSUE) >= _FEWEST_FIELDS:
            rest = {name: span for name, span in fields.items() if name not in {"issue", "serial"}}
            serial = page.folded[slice(*fields["serial"])].strip("第项.、 ") if "serial" in fields else ""
            whole = integer(serial) if serial else None
            number = str(whole) if whole else _number_before(page, begin)
            yield Entry(
                number, begin, fields["issue"], rest, None, measures or tuple(marked(page, rest.get("measures")))
            )

    for index, item in enumerate(page.outline.items):
        if item.style != "label" or (item.parent is not None and page.outline.items[item.parent].style != "label"):
            continue
        opens = item.name == "serial" or (item.name == "issue" and "issue" in fields) or item.name in fields
        if opens or (item.name == "issue" and "serial" not in fields and fields):
            yield from made()
            fields, measures = {}, ()
        if not fields:
            begin = item.begin
        fields[item.name] = _unbarred(page, item.body, item.end)
        if item.name == "measures":
            measures = tuple(_numbered(page, index))
    yield from made()


def _unbarred(page: Page, begin: int, end: int) -> Range:
    """A range without the bars and blanks of a broken table around it."""
    while end > begin and page.folded[end - 1] in "| \n\t":
        end -= 1
    while begin < end and page.folded[begin] in "| \n\t":
        begin += 1
    return begin, end


def _numbered(page: Page, index: int) -> Iterator[tuple[str | None, int, Range]]:
    for kid in page.outline.children[index]:
        item = page.outline.items[kid]
        yield str(item.ordinal), item.begin, _unbarred(page, item.body, item.end)


def _of_table(page: Page, table: Table) -> Iterator[Entry]:
    """A row is an issue. A row with neither number nor words goes on with the measures of the row before."""
    for row in table.rows:
        cells = {
            name: cell
            for name, cell in zip(table.header, row.cells, strict=True)
            if name and page.folded[cell[0] : cell[1]].strip()
        }
        words = cells.pop("issue", None)
        serial = cells.pop("serial", None)
        if words is None:
            continue
        number = page.folded[serial[0] : serial[1]].strip("第项.、 ") if serial else None
        kind = cells.pop("category", None) or table.category_of(row)
        whole = integer(number) if number else None
        yield Entry(
            str(whole) if whole else None, row.begin, words, cells, kind, tuple(marked(page, cells.get("measures")))
        )


def marked(page: Page, span: Range | None) -> Iterator[tuple[str | None, int, Range]]:
    """The measures of a range by the numbers that stand in it (1. 2. 3., (1) (2), 一是 二是), else by its semicolons."""
    if span is None:
        return
    begin, end = span
    run: list[re.Match[str]] = []
    for match in _MARK.finditer(page.folded, begin, end):
        kind = match.lastgroup or ""
        ordinal = ord(match[kind]) - ord("①") + 1 if kind == "circle" else integer(match[kind])
        if ordinal == len(run) + 1 and (not run or run[0].lastgroup == kind):
            run.append(match)
    if len(run) > 1 or (run and run[0].start() == begin):
        for place, match in enumerate(run):
            stop = run[place + 1].start() if place + 1 < len(run) else end
            yield str(place + 1), match.start(), page.trim(match.end(), stop)
        return
    parts = [m.span() for m in re.finditer(r"[^;]+;?", page.folded[begin:end])]
    for low, high in parts:
        yield None, begin + low, page.trim(begin + low, begin + high)


def _of_chapters(page: Page) -> Iterator[Entry]:
    """Notices whose numbered chapters are the fields of one issue; the problem's own chapter opens a new one."""
    open_: dict[str, tuple[int, Range, int]] = {}

    def made() -> Iterator[Entry]:
        if "issue" in open_ and open_.keys() & _OF_A_NOTICE and len(open_) > _FEWEST_FIELDS:
            begin, words, _ = open_["issue"]
            rest = {name: span for name, (_, span, _) in open_.items() if name != "issue"}
            index = open_["measures"][2] if "measures" in open_ else None
            listed = tuple(_numbered(page, index)) if index is not None else ()
            yield Entry(
                _number_before(page, begin),
                begin,
                words,
                rest,
                None,
                listed or tuple(marked(page, rest.get("measures"))),
            )

    for index, item in enumerate(page.outline.items):
        if item.style not in {"cn", "cnp", "ar"}:
            continue
        chapter = _chapter(page, item.body, item.end)
        if chapter is None:
            continue
        name, body = chapter
        if name == "issue" or name in open_:
            yield from made()
            open_ = {}
        open_[name] = (item.begin, page.trim(body, item.end), index)
    yield from made()


def _chapter(page: Page, begin: int, end: int) -> tuple[str, int] | None:
    """The field that a chapter heading names, and where its text begins; the heading may run into it."""
    known = labels()
    for length in range(min(8, end - begin), 1, -1):
        word = page.folded[begin : begin + length]
        if word in known:
            stop = begin + length
            while stop < end and page.folded[stop] in ":。\n ":
                stop += 1
            return known[word], stop
    return None


def _number_before(page: Page, begin: int) -> str | None:
    """The ordinal that the notice gives its issue (第11项, 序号19, 任务一): the last one before it on the page; none where
    its line gives several."""
    items = [item for item in page.outline.items if item.begin < begin and item.style in {"problem", "serial"}]
    found = [] if items else list(_TITLE_NUMBER.finditer(page.folded, 0, begin))
    at = items[-1].begin if items else found[-1].start() if found else 0
    line, stop = page.folded.rfind("\n", 0, at) + 1, page.folded.find("\n", at, begin)
    said = _TITLE_NUMBER.finditer(page.folded, line, stop if stop >= 0 else begin)
    here = {integer(match["n"]) for match in said} | {item.ordinal for item in items[-1:]}
    number = here.pop() if len(here) == 1 else None
    return str(number) if number else None
