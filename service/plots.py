"""Charts of the pages of nodes, as SVG without scripts: places side by side, and targets on a line of time.

Texts are escaped, colours come from the CSS. Every chart stands beside a table that says the same in words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from service.charts import WIDTH, language

_ROW, _TOP = 24, 30


@dataclass(frozen=True)
class Mark:
    """A value of a row; `kind` chooses its sign, `note` says when it is due."""

    row: str
    value: float
    note: str
    kind: str


@dataclass(frozen=True)
class Due:
    """Something due on a day (ISO 8601), and where on the page it is told."""

    day: str
    text: str
    href: str


def dots(marks: Sequence[Mark], title: str, names: Mapping[str, str], most: int) -> Markup:
    """A row for each place and a sign for each of its values, at most `most` rows, in the order given."""
    rows = list(dict.fromkeys(mark.row for mark in marks))[:most]
    if not rows:
        return Markup("")
    kept = [mark for mark in marks if mark.row in rows]
    low, high = min(0.0, *(mark.value for mark in kept)), max(mark.value for mark in kept)
    high = high if high > low else low + 1
    left = min(220, 20 + max(map(_width, rows)))

    def across(value: float) -> float:
        return left + (value - low) / (high - low) * (WIDTH - left - 40)

    bottom = _TOP + len(rows) * _ROW
    parts = []
    for step in range(5):
        value = low + (high - low) * step / 4
        parts.append(_line(across(value), _TOP - 8, across(value), bottom))
        parts.append(_text(across(value), _TOP - 14, f"{value:g}", "middle"))
    for index, name in enumerate(rows):
        y = _TOP + index * _ROW + _ROW / 2
        parts.append(_line(left, y, WIDTH - 40, y))
        parts.append(_text(left - 10, y + 4.5, name, "end"))
    places = {name: _TOP + index * _ROW + _ROW / 2 for index, name in enumerate(rows)}
    for mark in kept:
        told = f"{mark.row} · {names[mark.kind]} {mark.value:g}{f' · {mark.note}' if mark.note else ''}"
        parts.append(_sign(across(mark.value), places[mark.row], mark.kind, told))
    for index, kind in enumerate(dict.fromkeys(mark.kind for mark in kept)):
        x = left + index * 140
        parts += [_sign(x, bottom + 18, kind, names[kind]), _text(x + 10, bottom + 22.5, names[kind], "start")]
    return _svg(bottom + 34, title, parts)


def timeline(dues: Sequence[Due], title: str) -> Markup:
    """What is due when: a column of signs over each day, years below. Days outside 1900 to 2199 are left out."""
    dated = sorted(((when, due) for due in dues if (when := _day(due.day)) is not None), key=lambda pair: pair[0])
    if not dated:
        return Markup("")
    first = date(date.fromordinal(dated[0][0]).year, 1, 1).toordinal()
    last = date(date.fromordinal(dated[-1][0]).year, 12, 31).toordinal()
    left, right = 30, WIDTH - 30

    def across(when: int) -> float:
        return left + (when - first) / max(1, last - first) * (right - left)

    columns: dict[int, list[Due]] = {}
    for when, due in dated:
        columns.setdefault(round(across(when) / 10), []).append(due)
    step = min(10.0, 150 / max(map(len, columns.values())))
    bottom = 24 + step * max(map(len, columns.values()))
    parts = [_line(left, bottom, right, bottom)]
    for year in range(date.fromordinal(first).year, date.fromordinal(last).year + 1):
        begin, end = across(date(year, 1, 1).toordinal()), across(date(year, 12, 31).toordinal())
        parts.append(_line(begin, 10, begin, bottom + 6))
        if end - begin > 30 or year % 5 == 0:
            parts.append(_text((begin + end) / 2, bottom + 20, str(year), "middle"))
    for column, found in columns.items():
        for index, due in enumerate(found):
            sign = f'<circle class="dot s0" cx="{column * 10}" cy="{bottom - 8 - index * step:.1f}" r="{min(4, step / 2):.1f}"/>'
            told = escape(f"{due.day} {due.text}")
            parts.append(f'<a href="{escape(due.href)}" tabindex="-1"><title>{told}</title>{sign}</a>')
    return _svg(bottom + 30, title, parts, "group")


def _width(text: str) -> int:
    """Pixels of a text at 13 px: a 汉字 takes two columns."""
    return sum(13 if ord(sign) > 0x2E7F else 7 for sign in text)


def _day(text: str) -> int | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day.toordinal() if 1900 <= day.year < 2200 else None


def _sign(x: float, y: float, kind: str, told: str) -> str:
    title = f"<title>{escape(told)}</title>"
    if kind == "baseline":
        return f'<rect class="hollow" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8">{title}</rect>'
    return f'<circle class="dot s0" cx="{x:.1f}" cy="{y:.1f}" r="4.5">{title}</circle>'


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<path class="grid" d="M{x:.1f},{y:.1f}L{to_x:.1f},{to_y:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text{language(text)} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(height: float, title: str, parts: Sequence[str], role: str = "img") -> Markup:
    head = f'<svg class="chart" viewBox="0 0 {WIDTH} {height:.0f}" role="{role}" aria-label="{escape(title)}">'
    return Markup(head + "".join(parts) + "</svg>")  # noqa: S704 - every text in it went through escape
