"""Tables (表格) as lines of text, the same whatever the format: `| cell | cell |`, one row a line.

A merged cell's words stand once, where it begins; the places it covers are empty. So every row of a table has as many
cells as its grid has columns, and an empty cell at the head of a row goes on with the cell above. Lines inside a cell
are parted by an em space (U+2003), which stands nowhere else in a row: 市住建局 and 市水利局 on two lines stay two.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

COLUMNS, ROWS = 200, 10_000  # beyond these a table's spans are an attack, not a table
LINE_END = "\u2003"


class Cell(NamedTuple):
    """The words of one cell and how many columns and rows of the grid it covers."""

    words: str
    columns: int = 1
    rows: int = 1


def row(cells: Iterable[str]) -> str:
    """One row as a line. A `|` inside a cell becomes the sign ¦, so that `|` only parts cells."""
    words = (one_line(cell.replace("|", "¦")) for cell in cells)
    return f"|{'|'.join(f' {cell} ' if cell else ' ' for cell in words)}|"


def one_line(words: str) -> str:
    """The lines of a cell as one."""
    return LINE_END.join(line for line in (" ".join(line.split()) for line in words.splitlines()) if line)


def grid(table: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """The rows of a table as full rows of its grid; rows and columns without any words are left out."""
    covered: list[int] = []  # by column: how many more rows a cell from above covers
    rows: list[list[str]] = []
    for cells in table[:ROWS]:
        here: list[str] = []
        waiting = list(cells)[::-1]
        while waiting or any(covered[len(here) :]):
            if len(here) < len(covered) and covered[len(here)]:
                covered[len(here)] -= 1
                here.append("")
                continue
            cell = waiting.pop() if waiting else Cell("")
            width = max(1, min(cell.columns, COLUMNS - len(here)))
            covered += [0] * (len(here) + width - len(covered))
            covered[len(here) : len(here) + width] = [max(0, min(cell.rows, ROWS) - 1)] * width
            here += [cell.words, *[""] * (width - 1)]
        rows.append(here)
    width = max(map(len, rows), default=0)
    full = [[*cells, *[""] * (width - len(cells))] for cells in rows if any(word.strip() for word in cells)]
    used = [column for column in range(width) if any(cells[column].strip() for cells in full)]
    return [[cells[column] for column in used] for cells in full]


def lines_of_table(table: Sequence[Sequence[Cell]]) -> list[str]:
    """The lines of a table; one of a single column is a frame around paragraphs, which stay paragraphs."""
    rows = grid(table)
    if rows and len(rows[0]) == 1:
        return [line for cells in rows for line in cells[0].splitlines() if line.strip()]
    return [row(cells) for cells in rows]
