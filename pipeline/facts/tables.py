"""Tables of a task list: pipe rows, tab or blank separated rows, one cell a line (GENRE §5, §9).

Reads the page. Writes tables as ranges of cells under a header whose cells are field labels. Rows that cannot be laid
under the header are `unread`: the document is then an excerpt, and nothing is guessed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipeline.facts.page import Page
from pipeline.numbers import integer
from pipeline.outline import labels

Range = tuple[int, int]

_FEWEST_LABELS = 3
_HEADER_MAX = 160
_RULE = re.compile(r"[\s|:+-]*$")
_LABEL_EDGE = "|:*【】 \n\t"
_CONTINUES = re.compile(
    r"(?:[2-9]|\d{2})[.、．]|\((?:[2-9二三四五六七八九]|\d{2}|十.?)\)|[②-⑳]|[二三四五六七八九十]{1,2}是"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells, one for each column, as ranges of the cleaned text; an empty cell is an empty range."""

    begin: int
    end: int
    cells: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table under a header of field names (`""` for a column that is no field)."""

    begin: int
    end: int
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    unread: tuple[Range, ...] = ()
    headings: tuple[tuple[int, Range], ...] = ()

    def category_of(self, row: Row) -> Range | None:
        """The heading line inside the table that the row stands under."""
        above = [span for at, span in self.headings if at < row.begin]
        return above[-1] if above else None


def read_tables(page: Page) -> list[Table]:
    """Every table whose header names at least three fields, one of them the issue."""
    lines = [page.trim(line.begin, line.end) for line in page.text.content()]
    found: list[Table] = []
    place = 0
    while place < len(lines):
        table, following = _table_at(page, lines, place)
        if table:
            found.append(table)
        place = following
    return found


def _table_at(page: Page, lines: list[Range], place: int) -> tuple[Table | None, int]:
    begin, end = lines[place]
    for split in (_pipes, _gaps) if end - begin <= _HEADER_MAX else ():
        header = [_field(page, cell) for cell in split(page, lines[place])]
        if _is_header(header):
            return _rows(page, lines, place, tuple(header), split)
    stop = place
    header = []
    while stop < len(lines) and (name := _field(page, lines[stop])):
        header.append(name)
        stop += 1
    if _is_header(header) and len(set(header)) == len(header):
        return _stacked(page, lines, place, stop, tuple(header))
    return None, place + 1


def _is_header(header: list[str]) -> bool:
    return "issue" in header and sum(bool(name) for name in header) >= _FEWEST_LABELS


def _field(page: Page, cell: Range) -> str:
    return labels().get(page.folded[cell[0] : cell[1]].strip(_LABEL_EDGE).replace("\n", ""), "")


def _pipes(page: Page, line: Range) -> list[Range]:
    """The cells between the bars of a line; none where it has fewer than two bars."""
    begin, end = line
    bars = [begin + m.start() for m in re.finditer(r"\|", page.folded[begin:end])]
    if len(bars) < 2:
        return []
    edges = ([begin - 1] if bars[0] != begin else []) + bars + ([end] if bars[-1] != end - 1 else [])
    return [page.trim(low + 1, high) for low, high in pairwise(edges)]


def _gaps(page: Page, line: Range) -> list[Range]:
    """The cells between the blanks that the stored line has: at its tabs if there are any, else at any blank."""
    begin, end = line
    stored = page.text.stored
    origin = page.text.origin
    tabbed = "\t" in stored[origin[begin] : origin[end - 1]] if end > begin else False
    cells, low = [], begin
    for at in range(begin + 1, end):
        between = stored[origin[at - 1] + 1 : origin[at]] if origin[at] > origin[at - 1] + 1 else ""
        here = page.folded[at - 1] if page.folded[at - 1] in " \t" else ""
        blank = between + here
        if ("\t" in blank) if tabbed else bool(re.search(r"[ \t\u3000\u00a0]", blank)):
            cells.append(page.trim(low, at))
            low = at
    return [*cells, page.trim(low, end)]


def _rows(
    page: Page,
    lines: list[Range],
    place: int,
    header: tuple[str, ...],
    split: Callable[[Page, Range], list[Range]],
) -> tuple[Table | None, int]:
    rows: list[Row] = []
    unread: list[Range] = []
    headings: list[tuple[int, Range]] = []
    at = place + 1
    while at < len(lines):
        line = lines[at]
        if _RULE.match(page.folded, *line) and "-" in page.folded[line[0] : line[1]]:
            at += 1
            continue
        if split is _pipes:
            cells = _pipes(page, line)
            if not cells:
                break
            _keep(page, header, cells, line, rows, unread, headings)
        else:
            made = list(_flat(page, line, len(header), len(rows) + len(unread) + 1))
            if not made:
                break
            for cells in made:
                _keep(page, header, cells, (cells[0][0], cells[-1][1]), rows, unread, headings)
        at += 1
    if not rows:
        return None, place + 1
    return Table(lines[place][0], lines[at - 1][1], header, tuple(rows), tuple(unread), tuple(headings)), at


def _keep(
    page: Page,
    header: tuple[str, ...],
    cells: list[Range],
    line: Range,
    rows: list[Row],
    unread: list[Range],
    headings: list[tuple[int, Range]],
) -> None:
    filled = [cell for cell in cells if page.folded[cell[0] : cell[1]].strip()]
    if len(cells) == len(header):
        if len(filled) > 1:
            rows.append(Row(*line, tuple(cells)))
        elif filled:
            headings.append((line[0], filled[0]))
    elif len(filled) == 1:
        headings.append((line[0], filled[0]))
    elif filled:
        unread.append(line)


def _flat(page: Page, line: Range, width: int, number: int) -> Iterator[list[Range]]:
    """The rows of a line whose cells only blanks part; a row starts with the next serial number, which may be glued to the
    last cell of the row before (…住建局3 里下河…)."""
    cells = [cell for cell in _gaps(page, line) if cell[0] < cell[1]]
    row: list[Range] = []
    for cell in cells:
        words = page.folded[cell[0] : cell[1]]
        if words == str(number) and len(row) in {0, width}:
            if row:
                yield row
            row, number = [cell], number + 1
        elif row and len(row) == width - 1 and words.endswith(str(number)) and not words[: -len(str(number))].isdigit():
            cut = cell[1] - len(str(number))
            yield [*row, (cell[0], cut)]
            row, number = [(cut, cell[1])], number + 1
        elif row:
            row.append(cell)
        else:
            return
    if len(row) == width or row:
        yield row


def _stacked(
    page: Page, lines: list[Range], place: int, stop: int, header: tuple[str, ...]
) -> tuple[Table | None, int]:
    """One cell a line under a header of one label a line: a row starts at a line that is a number; a line that goes on
    counting (2. …) belongs to the cell before."""
    rows: list[Row] = []
    unread: list[Range] = []
    current: list[Range] = []

    def close() -> None:
        if len(current) == len(header):
            rows.append(Row(current[0][0], current[-1][1], tuple(current)))
        elif len(current) > 1:
            unread.append((current[0][0], current[-1][1]))

    at = stop
    while at < len(lines):
        line = _edgeless(page, lines[at])
        words = page.folded[line[0] : line[1]]
        if _is_serial(words):
            close()
            current = [line]
        elif not current:
            break
        elif _CONTINUES.match(words):
            current[-1] = (current[-1][0], line[1])
        elif len(current) == len(header):
            break
        elif words:
            current.append(line)
        at += 1
    close()
    if not rows and not unread:
        return None, place + 1
    return Table(lines[place][0], lines[at - 1][1], header, tuple(rows), tuple(unread)), at


def _is_serial(words: str) -> bool:
    return bool(re.fullmatch(r"\d{1,3}|[一二三四五六七八九十]{1,4}", words)) and integer(words) is not None


def _edgeless(page: Page, line: Range) -> Range:
    begin, end = line
    while end > begin and page.folded[end - 1] in "| \t":
        end -= 1
    while begin < end and page.folded[begin] in "| \t":
        begin += 1
    return begin, end
