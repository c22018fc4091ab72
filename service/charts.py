"""Small charts as SVG, drawn on the server: bars, bars of parts, and steps over time. Texts are escaped; colours come from the CSS."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import log1p

from markupsafe import Markup, escape

from service.messages import TAGS, is_chinese

WIDTH, LEFT, RIGHT = 720, 52, 16
Placer = Callable[[int, float], tuple[float, float]]
_MOST_BARS, _MOST_SERIES = 40, 8


@dataclass(frozen=True)
class Point:
    """A value at a label (bars) or at a date (lines), of a series."""

    x: str
    y: float
    series: str = ""


def bars(points: Sequence[Point], title: str, about: str = "") -> Markup:
    """Horizontal bars, longest label column first; at most forty, in the order given. `about` describes the chart."""
    shown = list(points)[:_MOST_BARS]
    if not shown:
        return Markup("")
    names = [f"{point.x} · {point.series}" if point.series else point.x for point in shown]
    column = min(260, 16 + max(map(_width, names)))
    most = max((abs(point.y) for point in shown), default=0) or 1
    room = WIDTH - column - 70
    parts = []
    for index, (point, name) in enumerate(zip(shown, names, strict=True)):
        y, length = 8 + index * 26, max(1.0, abs(point.y) / most * room)
        parts.append(_text(column - 8, y + 13, _short(name, column - 16), "end"))
        parts.append(f'<rect class="bar" x="{column}" y="{y}" width="{length:.1f}" height="17" rx="1"/>')
        parts.append(_text(column + length + 6, y + 13, f"{point.y:g}", "start"))
    return _svg(16 + len(shown) * 26, title, parts, about)


def stacked(points: Sequence[Point], title: str, about: str = "") -> Markup:
    """A bar of parts for each x, coloured by series; at most forty bars, all of one scale. Negative parts are left out."""
    names = list(dict.fromkeys(point.series for point in points))[:_MOST_SERIES]
    rows = list(dict.fromkeys(point.x for point in points))[:_MOST_BARS]
    if not rows:
        return Markup("")
    sums = {
        (x, name): sum(p.y for p in points if (p.x, p.series) == (x, name) and p.y > 0) for x in rows for name in names
    }
    most = max(sum(sums[x, name] for name in names) for x in rows) or 1
    column = min(260, 16 + max(map(_width, rows)))
    room, parts = WIDTH - column - RIGHT, []
    for index, x in enumerate(rows):
        y, begin = 8 + index * 26, float(column)
        parts.append(_text(column - 8, y + 13, _short(x, column - 16), "end"))
        for series, name in enumerate(names):
            length = sums[x, name] / most * room
            if length <= 0:
                continue
            told = escape(f"{x} · {name}: {sums[x, name]:g}")
            shape = f'x="{begin:.1f}" y="{y}" width="{length:.1f}" height="17"'
            parts.append(f'<rect class="part s{series}" {shape}><title>{told}</title></rect>')
            if length > _width(f"{sums[x, name]:g}") + 8:
                parts.append(_text(begin + length / 2, y + 13, f"{sums[x, name]:g}", "middle", "within"))
            begin += length
    height = 16 + len(rows) * 26
    legend, drop = _legend(names, height)
    return _svg(height + drop, title, parts + legend, about)


def shade(count: int, most: int) -> int:
    """How dark a cell of a table is, 0 (nothing) to 4 (the most), by powers of the largest count."""
    if count <= 0:
        return 0
    return 1 + min(3, int(4 * log1p(count) / log1p(max(most, 1)) - 1e-9))


def lines(points: Sequence[Point], title: str, about: str = "", maximum: float | None = None) -> Markup:
    """Steps over time, one line per series; x is an ISO date, its year or its year and month."""
    dated = sorted((when, point.y, point.series) for point in points if (when := _ordinal(point.x)) is not None)
    if not dated:
        return Markup("")
    first, last = dated[0][0], max(dated[-1][0], dated[0][0] + 366)
    top = maximum or max(value for _, value, _ in dated) or 1
    height, bottom = 260, 228

    def place(when: int, value: float) -> tuple[float, float]:
        x = LEFT + (when - first) / (last - first) * (WIDTH - LEFT - RIGHT)
        return x, bottom - value / top * (bottom - 16)

    parts = [*_years(first, last, place, bottom), *_scale(top, place)]
    names = list(dict.fromkeys(series for _, _, series in dated))[:_MOST_SERIES]
    for index, name in enumerate(names):
        places = [place(when, value) for when, value, series in dated if series == name]
        path = f"M{places[0][0]:.1f},{places[0][1]:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in places[1:])
        parts.append(f'<path class="line s{index}" d="{path}"/>')
        parts += [f'<circle class="dot s{index}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places]
    legend, drop = _legend(names, height)
    return _svg(height + drop, title, parts + legend, about)


def _legend(names: Sequence[str], top: int) -> tuple[list[str], int]:
    """Dots with names below a chart, in as many lines as they need; and how many pixels that takes."""
    parts: list[str] = []
    offset, line = float(LEFT), 0
    for index, name in enumerate(_short(one, WIDTH - LEFT - 40) for one in names):
        if offset > LEFT and offset + _width(name) + 9 > WIDTH:
            offset, line = float(LEFT), line + 1
        parts.append(f'<circle class="dot s{index}" cx="{offset:.0f}" cy="{top + 8 + line * 20}" r="4"/>')
        parts.append(_text(offset + 9, top + 12 + line * 20, name, "start"))
        offset += _width(name) + 34
    return parts, 22 + line * 20


def _years(first: int, last: int, place: Placer, bottom: int) -> list[str]:
    """A line at the turn of each year, and the year's name in its middle: 31 December belongs to the year it ends."""
    parts, shown = [], -1e9
    for year in range(date.fromordinal(first).year, date.fromordinal(last).year + 2):
        turn, middle = date(year, 1, 1).toordinal(), date(year, 7, 1).toordinal()
        if first <= turn <= last:
            parts.append(f'<path class="grid" d="M{place(turn, 0)[0]:.1f},16V{bottom}"/>')
        if first <= middle <= last:
            x, _ = place(middle, 0)
            if x - shown > 40:
                parts.append(_text(x, bottom + 18, str(year), "middle"))
                shown = x
    return parts


def _scale(top: float, place: Placer) -> list[str]:
    parts = []
    for step in range(5):
        value = top * step / 4
        _, y = place(0, value)
        parts.append(f'<path class="grid" d="M{LEFT},{y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{value:g}", "end"))
    return parts


def _ordinal(text: str) -> int | None:
    """The day's number; a year and a month stand for their last day. None for what is no date of 1900 to 2199."""
    try:
        if len(text) == 4:
            day = date(int(text), 12, 31)
        elif len(text) == 7:
            year, month = int(text[:4]), int(text[5:])
            day = date(year, month, monthrange(year, month)[1])
        else:
            day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day.toordinal() if 1900 <= day.year < 2200 else None


def _width(text: str) -> int:
    """Pixels of a text at 13 px: a 汉字 takes two columns."""
    return sum(13 if ord(character) > 0x2E7F else 7 for character in text)


def _short(text: str, room: int) -> str:
    while _width(text) > room and len(text) > 2:
        text = text[:-2] + "…"
    return text


def _text(x: float, y: float, text: str, anchor: str, kind: str = "") -> str:
    kind = f' class="{kind}"' if kind else ""
    return f'<text{kind}{language(text)} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def language(text: str) -> str:
    """The attribute that says that a text is Chinese."""
    return f' lang="{TAGS["zh"]}"' if is_chinese(text) else ""


def _svg(height: int, title: str, parts: Sequence[str], about: str = "") -> Markup:
    # The label is read as the picture's name; what is drawn stands in a table beside it.
    label = escape(f"{title}. {about}" if about else title)
    head = f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label}">'
    head += f"<title>{escape(title)}</title>" + (f"<desc>{escape(about)}</desc>" if about else "")
    return Markup(head + "".join(parts) + "</svg>")  # noqa: S704 - every text in it went through escape
