"""PDF → text: its text layer, with broken paragraphs joined and ruled tables as rows.

Reads pages one by one. Page numbers, running heads after the first and slanted watermarks are left out. A page that is
only a picture leaves a line that says so; a file of nothing else is a scan, which is refused.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect

from pipeline.errors import DocumentError
from pipeline.formats.plain import SAVE_AS_TEXT
from pipeline.formats.printed import Frame, Printed, frame_of, joined, lines_of, paragraphs
from pipeline.formats.rows import Cell, lines_of_table

PAGES = 1000
_SIGNS = 50_000  # on one page: more than a page can show
_EDGES = 5_000  # on one page: a drawing, in which looking for tables takes minutes
_PADDING = 6.0  # points between a cell's edge and its words; Word's 1.9 mm
_SAME = 3.0  # points between edges that are one
_MARGIN = 0.12  # of a page's height, where its head and foot stand
_REPEATED = 3  # pages that begin or end alike: a running head or foot
_NUMBER = re.compile(r"[-–—·\s]*(?:第\s*)?(\d{1,4})(?:\s*页)?(?:\s*[/,，]?\s*共?\s*\d{1,4}\s*页?)?[-–—·\s]*")
# In a cell as narrow as a name, only the names tell that 市住建局 and 市水利局 below it are two.
_NAME_ENDS, _NAME_BEGINS = re.compile("[局委厅办府院站所会司]$"), re.compile("[省市州盟县区旗镇乡各]")
_PICTURE = "(第{}页为图像,没有文字层)"

Box = tuple[float, float, float, float]  # left, top, right, bottom, in points from the upper left corner
Lines = list[Printed]


@dataclass
class Table:
    """A ruled table: where it begins, the left edges of its columns, and its rows of cells with their lines."""

    top: float
    page: int
    columns: tuple[float, ...]
    rows: list[list[tuple[Lines, Frame]]]


@dataclass
class Page:
    """What stands on a page, from top to bottom."""

    number: int
    width: float
    height: float
    picture: bool
    blocks: list[Printed | Table]

    def margin(self, block: Printed | Table) -> Printed | None:
        """The block, where it is a line at the head or foot of the page."""
        if isinstance(block, Table) or (
            _MARGIN * self.height < block.top and block.bottom < (1 - _MARGIN) * self.height
        ):
            return None
        return block


def read(data: bytes, path: Path) -> tuple[str, str]:
    """The text of a PDF. Raises DocumentError where it is locked, broken, a scan, or beyond the limits."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            count = len(pdf.pages)
            pages = [_page(page, number) for number, page in enumerate(pdf.pages[:PAGES], 1)] if count <= PAGES else []
    except (MemoryError, TimeoutError):
        raise
    except Exception as error:  # the library raises whatever a broken file leads to
        if isinstance(error, PDFPasswordIncorrect) or any(isinstance(a, PDFPasswordIncorrect) for a in error.args):
            raise DocumentError(path, "is locked with a password", f"unlock it, or {SAVE_AS_TEXT}") from None
        raise DocumentError(path, f"is a damaged PDF ({type(error).__name__})", "fetch it again") from None
    if count > PAGES:
        raise DocumentError(path, f"has {count} pages, at most {PAGES} are read", "split it by document")
    _drop_page_numbers(pages)
    _drop_running(pages)
    if not any(page.blocks for page in pages):
        remedy = f"recognise its text first (OCR), or {SAVE_AS_TEXT}"
        raise DocumentError(path, "is a scan, which has pictures but no text", remedy)
    return "".join(f"{line}\n" for line in _text(pages)), "pdf"


def _page(page: Any, number: int) -> Page:
    signs = [sign for sign in page.chars if not _slanted(sign)]
    if len(signs) > _SIGNS:
        raise ValueError("more signs on a page than it can show")
    blocks: list[Printed | Table] = []
    for found in page.find_tables() if 0 < len(page.edges) <= _EDGES else ():
        rows = [row.cells for row in found.rows]
        if len(rows) > 1 and max(sum(cell is not None for cell in row) for row in rows) > 1:
            table, signs = _table(rows, signs, number)
            blocks.append(table)
    picture = bool(page.images)
    page.close()
    blocks += lines_of(signs, number)
    return Page(number, float(page.width), float(page.height), picture, sorted(blocks, key=lambda block: block.top))


def _slanted(sign: dict[str, Any]) -> bool:
    """Whether a sign stands neither upright nor on its side: a watermark's."""
    a, b, c, d, _, _ = sign["matrix"]
    return bool(min(abs(a), abs(d)) > 0.01 and min(abs(b), abs(c)) > 0.2 * abs(a))


def _table(rows: list[list[Box | None]], signs: list[Any], page: int) -> tuple[Table, list[Any]]:
    """A table with the signs that stand in its cells, and the other signs."""
    found: list[list[tuple[Lines, Frame]]] = []
    for row in rows:
        found.append([])
        for box in row:
            if box is None:  # covered by a cell before it or above
                found[-1].append(([], Frame(0, 0)))
                continue
            inside = [sign for sign in signs if _stands_in(sign, box)]
            signs = [sign for sign in signs if not _stands_in(sign, box)]
            found[-1].append((lines_of(inside, page), Frame(box[0] + _PADDING, box[2] - _PADDING)))
    lefts = zip(*([box[0] if box else 0.0 for box in row] for row in rows), strict=True)
    top = min(box[1] for row in rows for box in row if box)
    return Table(top, page, tuple(max(column) for column in lefts), found), signs


def _stands_in(sign: dict[str, Any], box: Box) -> bool:
    x, y = (sign["x0"] + sign["x1"]) / 2, (sign["top"] + sign["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _drop_page_numbers(pages: list[Page]) -> None:
    """Takes out the numbers at the head or foot of at least two pages that count as the pages do."""
    numbers = [
        (page, line, int(match[1]) - page.number)
        for page in pages
        for block in page.blocks[:1] + page.blocks[1:][-1:]
        if (line := page.margin(block)) and (match := _NUMBER.fullmatch(line.words))
    ]
    steps = Counter(step for _, _, step in numbers)
    for page, line, step in numbers:
        if steps[step] > 1:
            page.blocks.remove(line)


def _drop_running(pages: list[Page]) -> None:
    """Takes out the lines with which several pages begin or end at the same height, but for the first."""
    for end in (0, -1):
        alike = Counter(_place(page, end) for page in pages if page.blocks)
        seen = set()
        for page in pages:
            place = _place(page, end) if page.blocks else None
            if place is not None and alike[place] >= _REPEATED:
                if place in seen:
                    page.blocks.pop(end)
                seen.add(place)


def _place(page: Page, end: int) -> tuple[str, int] | None:
    line = page.margin(page.blocks[end])
    return (line.words, round(line.top / 4)) if line else None


def _text(pages: list[Page]) -> Iterator[str]:
    frames: dict[int, Frame | None] = {}
    for width in {round(page.width) for page in pages}:
        alike = [page for page in pages if round(page.width) == width]
        frame = frame_of([block for page in alike for block in page.blocks if isinstance(block, Printed)])
        frames |= {page.number: frame for page in alike}
    lines: Lines = []
    for block in _blocks(pages):
        if isinstance(block, Printed):
            lines.append(block)
            continue
        yield from paragraphs(lines, frames)
        lines = []
        if isinstance(block, Table):
            yield from lines_of_table([[Cell(_words(*cell)) for cell in row] for row in block.rows])
        else:
            yield block
    yield from paragraphs(lines, frames)


def _blocks(pages: list[Page]) -> list[Printed | Table | str]:
    """The blocks of all pages, with the tables that go on from page to page made whole."""
    found: list[Printed | Table | str] = []
    for page in pages:
        for block in page.blocks:
            before = found[-1] if found else None
            if isinstance(block, Table) and isinstance(before, Table) and _same_table(before, block):
                _append(before, block)
            else:
                found.append(block)
        if page.picture and not page.blocks:
            found.append(_PICTURE.format(page.number))
    return found


def _same_table(before: Table, after: Table) -> bool:
    columns = zip(before.columns, after.columns, strict=False)
    same = len(before.columns) == len(after.columns) and all(abs(a - b) < _SAME for a, b in columns)
    return same and after.page == before.page + 1


def _append(table: Table, more: Table) -> None:
    """Adds the rows of the next page, without its repeated head; a row that the page's end cut is made whole."""
    rows = more.rows
    if [_words(*cell) for cell in rows[0]] == [_words(*cell) for cell in table.rows[0]]:
        rows = rows[1:]
    if rows and _cut(table.rows[-1], rows[0]):
        table.rows[-1] = [
            (lines + rest, frame) for (lines, frame), (rest, _) in zip(table.rows[-1], rows[0], strict=True)
        ]
        rows = rows[1:]
    table.rows += rows
    table.page = more.page


def _cut(row: list[tuple[Lines, Frame]], rest: list[tuple[Lines, Frame]]) -> bool:
    """Whether the page's end cut a row in two: the rest has no number, and all its words go on where the lines of the
    cells above had no more room."""
    both = [(lines, more, frame) for (lines, frame), (more, _) in zip(row, rest, strict=True) if more]
    return (
        bool(both) and not rest[0][0] and all(lines and frame.full(lines[-1], more[0]) for lines, more, frame in both)
    )


def _words(lines: Lines, frame: Frame) -> str:
    """The words of a cell; where its lines were broken for want of room they are joined."""
    words = ""
    for before, line in zip([None, *lines], lines, strict=False):
        if before is None:
            words = line.words
        elif frame.full(before, line) and not (_NAME_ENDS.search(before.words) and _NAME_BEGINS.match(line.words)):
            words = joined(words, line.words)
        else:
            words += f"\n{line.words}"
    return words
