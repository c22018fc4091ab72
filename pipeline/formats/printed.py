"""Signs printed on a page → its lines, and broken lines → paragraphs.

A PDF says where each sign stands and nothing of lines or paragraphs. Signs that stand side by side are a line. A line
goes on in the next one where the next word had no room left on it, and only there: what is joined was one sentence, and
where the page does not show it, the lines stay apart.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.formats.numerals import NUMBERED

_HAN = "\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef“”‘’…—·"
_WIDE = re.compile(f"[{_HAN}]")
_FIRST = re.compile(rf"(?:[{_HAN}]|[^\s{_HAN}]+)[,.;:!?)。、，；：！？）》”’]*")  # what a line cannot be broken in
_CLOSED = "。！？；：!?;:"
_GAP = 0.45  # of a sign's height between two signs: a blank; Word sets a quarter between Chinese and figures
_TWICE = 0.1  # of a sign's height between two that are one, printed twice to look bold
_SAME_LINE = 0.5  # of the lower sign's height that two signs share
_ENOUGH = 3  # lines that show an edge
_ALIKE, _LARGE = 0.1, 1.15  # heights that are the same; a title's, in heights of the text
_SLACK = 0.8  # of a sign's height that a full line may leave free

# Fonts draw 一 and the radical ⼀ as one shape, and the tables of a PDF then often name the radical.
RADICALS: dict[int, str | int | None] = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)},
    **str.maketrans(
        "⼾⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻪⻬⻮⻰⻳",
        "户母民西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄黾齐齿龙龟",
    ),
}
_UNNAMED = re.compile(r"\(cid:\d+\)")  # a sign of which the file does not say what it is
LOST = "\ufffd"


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed line: its words, its box in points from the upper left corner, and the height of its signs."""

    words: str
    x0: float
    x1: float
    top: float
    bottom: float
    page: int

    @property
    def size(self) -> float:
        return self.bottom - self.top

    @property
    def first(self) -> float:
        """The width of the first word, about: what did not fit on the line before."""
        match = _FIRST.match(self.words)
        return sum(self.size * (1 if _WIDE.match(sign) else 0.5) for sign in match[0]) if match else self.size


@dataclass(frozen=True, slots=True)
class Frame:
    """The left and right edges between which lines are set."""

    left: float
    right: float

    def full(self, line: Printed, next_line: Printed) -> bool:
        """Whether the next line's first word had no room left on a line, be it set to the left or in the middle."""
        before, behind = line.x0 - self.left, self.right - line.x1
        centred = before > line.size / 2 and abs(before - behind) < line.size / 2
        return (before + behind if centred else behind) < next_line.first + _SLACK * line.size


def lines_of(signs: Iterable[dict[str, Any]], page: int) -> list[Printed]:
    """The lines of a page's signs (as pdfplumber gives them), from top to bottom."""
    rows: list[list[dict[str, Any]]] = []
    for sign in sorted(signs, key=lambda s: (s["top"] + s["bottom"], s["x0"])):
        for row in rows[:-4:-1]:  # a small sign above or below the line may stand between
            shared = min(row[0]["bottom"], sign["bottom"]) - max(row[0]["top"], sign["top"])
            if shared > _SAME_LINE * min(row[0]["bottom"] - row[0]["top"], sign["bottom"] - sign["top"]):
                if sign["bottom"] - sign["top"] > row[0]["bottom"] - row[0]["top"]:
                    row.insert(0, sign)  # the highest sign stands for the line
                else:
                    row.append(sign)
                break
        else:
            rows.append([sign])
    found = [_line(sorted(row, key=lambda s: s["x0"]), page) for row in rows]
    return sorted((line for line in found if line.words), key=lambda line: (line.top, line.x0))


def _line(row: list[dict[str, Any]], page: int) -> Printed:
    signs = [sign for sign in row if sign["text"].strip()]
    if not signs:
        return Printed("", 0, 0, 0, 0, page)
    highest = max(signs, key=lambda s: s["bottom"] - s["top"])
    size = highest["bottom"] - highest["top"]
    words, end = "", signs[0]["x0"]
    printed = ("", 0.0)
    for sign in row:
        if not sign["text"].strip():
            words += " "
            continue
        before, printed = printed, (sign["text"], sign["x0"])
        if before[0] == printed[0] and printed[1] - before[1] < _TWICE * size:
            continue
        words += (" " if sign["x0"] - end > _GAP * size else "") + _UNNAMED.sub(LOST, sign["text"])
        end = sign["x1"]
    words = " ".join(words.translate(RADICALS).split())
    return Printed(words, signs[0]["x0"], max(s["x1"] for s in signs), highest["top"], highest["bottom"], page)


def frame_of(lines: Sequence[Printed]) -> Frame | None:
    """The edges of the text: the outermost that at least three lines reach. None where a text has no such edges."""
    if len(lines) < _ENOUGH:
        return None
    left = sorted(line.x0 for line in lines)
    right = sorted((line.x1 for line in lines), reverse=True)
    size = sorted(line.size for line in lines)[len(lines) // 2]
    lefts = [a for a, b in zip(left, left[_ENOUGH - 1 :], strict=False) if b - a < size / 2]
    rights = [a for a, b in zip(right, right[_ENOUGH - 1 :], strict=False) if a - b < 1.5 * size]
    return Frame(lefts[0], rights[0]) if lefts and rights else None


def paragraphs(lines: Sequence[Printed], frames: Mapping[int, Frame | None]) -> list[str]:
    """The lines with each broken paragraph joined; `frames` are the edges of the text by page."""
    size = sorted(line.size for line in lines)[len(lines) // 2] if lines else 0.0
    indents = ((line, frames[line.page]) for line in lines)
    indented = sum(frame is not None and 1.5 < (one.x0 - frame.left) / one.size < 2.5 for one, frame in indents)
    found: list[str] = []
    for before, line in zip([None, *lines], lines, strict=False):
        frame = frames[line.page]
        if (
            before is not None
            and frame is not None
            and frame == frames[before.page]
            and (_goes_on(before, line, frame, indented >= _ENOUGH) or _titles(before, line, frame, size))
        ):
            found[-1] = joined(found[-1], line.words)
        else:
            found.append(line.words)
    return found


def joined(before: str, after: str) -> str:
    """Two parts of a broken line: figures and Latin words part at a blank, Chinese does not."""
    return before + ("" if _WIDE.match(before[-1:]) or _WIDE.match(after) else " ") + after


def _goes_on(before: Printed, line: Printed, frame: Frame, indented: bool) -> bool:
    """Whether a line goes on with the one before: that one is full, and this begins at the edge. A line that begins a
    sentence goes on only where paragraphs are indented, so that none begins at the edge, and has no number."""
    near = line.page != before.page or line.top - before.bottom < 2 * before.size
    alike = abs(line.size - before.size) < _ALIKE * before.size
    at_edge = abs(line.x0 - frame.left) < _SLACK * line.size
    inside = before.words[-1] not in _CLOSED or (indented and not NUMBERED.match(line.words))
    return near and alike and at_edge and inside and frame.full(before, line)


def _titles(before: Printed, line: Printed, frame: Frame, size: float) -> bool:
    """Whether two lines are of one title: large, in the middle, one below the other."""
    if line.page != before.page or line.top - before.bottom > before.size or line.size < _LARGE * size:
        return False
    middle = (frame.left + frame.right) / 2
    centred = all(abs((one.x0 + one.x1) / 2 - middle) < one.size for one in (before, line))
    return centred and line.x0 - frame.left > line.size and abs(line.size - before.size) < _ALIKE * before.size
