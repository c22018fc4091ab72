"""The parts of a named query's page that depend on its rows: which columns are numbers, the denominators, the chart."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from pipeline.query import NamedQuery
from service.charts import Point, bars, lines, stacked
from service.pages import Page
from service.reading import HEAD
from service.terms import Row, Term

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
# Places, concepts and classes: what a column of an answer names. A property may be called as a concept is (提示).
_ENGLISH = HEAD + (
    "PREFIX owl: <http://www.w3.org/2002/07/owl#>"
    " SELECT ?zh (MIN(STR(?label)) AS ?en) WHERE { VALUES ?zh { UNDEF } ?node rdfs:label|skos:prefLabel ?zh, ?label ."
    " FILTER(LANG(?label) = 'en') FILTER NOT EXISTS { ?node a ?property ."
    " FILTER(?property IN (owl:ObjectProperty, owl:DatatypeProperty, owl:AnnotationProperty)) } }"
    " GROUP BY ?zh HAVING(COUNT(DISTINCT ?label) = 1)"
)
_UNITS = ("unit", "unit_text")


@dataclass(frozen=True)
class Denominator:
    """A number that stands in every row alike: how many could answer, how many there are."""

    column: str
    label: str
    value: str


async def english(query: NamedQuery, found: list[Row], shown: list[Row], page: Page) -> Mapping[Term, str]:
    """Chinese label → English label, of the labels that are drawn or shown and belong to something that the graph names in
    English, in one way only. On a Chinese page, and for what has no English label, the label stays."""
    drawn = {query.chart.x, query.chart.series} if query.chart else set()
    terms = [term for row in shown for term in row.values()]
    terms += [term for row in found for name, term in row.items() if name in drawn]
    labels = sorted({term.value for term in terms if term.language == "zh"})
    if page.language == "zh" or not labels:
        return {}
    rows = await page.dataset.select(_ENGLISH, zh=[ox.Literal(label, language="zh") for label in labels])
    return {row["zh"]: row["en"].value for row in rows}


def denominators(query: NamedQuery, found: list[Row], page: Page) -> list[Denominator]:
    """Those of the whole answer; where a number differs from row to row it is left to the table."""
    told = []
    for column in _DENOMINATORS:
        values = {row[column].value for row in found if column in row}
        if column in query.columns and len(values) == 1:
            zh, en = query.columns[column]
            told.append(Denominator(column, zh if page.language == "zh" else en, values.pop()))
    return told


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


def chart(query: NamedQuery, found: list[Row], page: Page, english: Mapping[Term, str]) -> str:
    """The chart as SVG, empty where the query declares none or the answer has no numbers; `english` as above.

    A row whose x is not known has no bar; rows that say the same (an issue each, with its plan's share) have one.
    """
    told = query.chart
    if told is None or mixes_units(query, found):
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
