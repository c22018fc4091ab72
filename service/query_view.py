"""The parts of a named query's page that depend on its rows: which columns are numbers, the denominators, the chart."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.query import NamedQuery
from service.charts import Point, bars, lines, stacked
from service.terms import Row, Term

if TYPE_CHECKING:  # the cache is filled before there are pages
    from service.pages import Page

_DENOMINATORS = (
    "plans_able",
    "plans",
    "visits_able",
    "visits",
    "documents_able",
    "documents_concerned",
    "documents",
    "regions_able",
)
_UNITS = ("unit", "unit_text")


@dataclass(frozen=True)
class Denominator:
    """A number that stands in every row alike: how many could answer, how many there are."""

    column: str
    label: str
    value: str


def denominators(query: NamedQuery, found: list[Row]) -> dict[str, str]:
    """Column → value of those of the whole answer; where a number differs from row to row it is left to the table."""
    told = {}
    for column in _DENOMINATORS:
        values = {row[column].value for row in found if column in row}
        if column in query.columns and len(values) == 1:
            told[column] = values.pop()
    return told


def named(query: NamedQuery, told: dict[str, str], page: "Page") -> list[Denominator]:
    """The denominators with their labels in the reader's language."""
    labels = {column: query.columns[column] for column in told}
    return [Denominator(one, labels[one][0 if page.language == "zh" else 1], value) for one, value in told.items()]


def numeric_columns(query: NamedQuery, found: list[Row]) -> set[str]:
    return {
        name
        for name in query.columns
        if any(name in row for row in found) and all(number(row[name]) is not None for row in found if name in row)
    }


def wide_columns(query: NamedQuery, found: list[Row]) -> set[str]:
    """Columns with texts that need room: sentences, titles."""
    return {
        name
        for name in query.columns
        if any(len(row[name].value) > 14 and not row[name].is_iri for row in found if name in row)
    }


def number(term: Term) -> float | None:
    """The value of a finite number, None of anything else."""
    numeric = term.datatype.rpartition("#")[2] in {"integer", "decimal", "double", "float"}
    value = float(term.value) if numeric else math.nan
    return value if math.isfinite(value) else None


def mixes_units(query: NamedQuery, found: list[Row]) -> bool:
    """Whether bars of this answer would set kilometres beside percentages."""
    if query.chart is None:
        return False
    drawn = [row for row in found if query.chart.y in row]
    return any(len({row[name].value for row in drawn if name in row}) > 1 for name in _UNITS if name in query.columns)


def drawn(query: NamedQuery, found: list[Row]) -> list[Row]:
    """What the chart needs of the answer, each such row once; nothing where no chart is drawn."""
    if query.chart is None or mixes_units(query, found):
        return []
    needed = [name for name in (query.chart.x, query.chart.y, query.chart.series) if name]
    kept = (tuple((name, row[name]) for name in needed if name in row) for row in found)
    return [dict(row) for row in dict.fromkeys(kept)]


def chart(query: NamedQuery, found: list[Row], page: "Page", english: Mapping[Term, str]) -> str:
    """The chart of the rows `drawn`, as SVG, empty where the query declares none or the answer has no numbers; `english` is
    that of `service.english`.

    A row whose x is not known has no bar; rows that say the same (an issue each, with its plan's share) have one.
    """
    told = query.chart
    if told is None:
        return ""

    def show(term: Term) -> str:
        return english.get(term) or page.show(term)

    points = [
        Point(show(row[told.x]), value, show(row[told.series]) if told.series in row else "")
        for row in found
        if told.x in row and told.y in row and (value := number(row[told.y])) is not None
    ]
    points = list(dict.fromkeys(points))
    labels = [query.columns.get(name, (name, name)) for name in (told.y, told.x)]
    y, x = (one[0] if page.language == "zh" else one[1] for one in labels)
    draw = {"bar": bars, "line": lines, "stacked": stacked}[told.kind]
    return draw(points, y, page.t("chart.about", x=x, n=len(points)))
