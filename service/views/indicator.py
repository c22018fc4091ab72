"""An indicator (指标): what every city states of it, side by side, as a chart and as a table with the sentences."""

from typing import Any

from pipeline.vocabulary import DU
from service.pages import Page
from service.plots import Mark, dots
from service.reading import HEAD, column, part, read, words
from service.terms import Row
from service.views.node import Subject
from service.views.plans import region_names

_VALUES = HEAD + (
    "SELECT DISTINCT ?node ?kind ?plan ?value ?unit ?due WHERE { VALUES ?indicator { UNDEF }"
    " ?node du:indicator ?indicator ; a ?kind ; du:inPlan ?plan . FILTER(?kind IN (du:Target, du:Baseline))"
    " OPTIONAL { ?node du:value ?value } OPTIONAL { ?node du:unitText ?unit } OPTIONAL { ?node du:due ?due } }"
    " ORDER BY ?plan ?kind ?due ?node LIMIT 5000"
)
_CITIES = 40  # rows of the chart


async def view(page: Page, subject: Subject) -> dict[str, Any]:
    """The values of `indicator.html`; `?unit=` keeps one unit, since numbers of different units have no common axis."""
    rows = await page.dataset.select(_VALUES, indicator=subject.node)
    units: dict[str, int] = {}
    for row in rows:
        if "value" in row:
            units[_unit(row)] = units.get(_unit(row), 0) + 1
    wish = page.request.query_params.get("unit", "")
    unit = wish if wish in units else max(units, key=lambda one: (units[one], one), default="")
    places = await region_names(page, column(rows, "plan"))
    shown = part(page, column(rows, "node"))
    found = await read(page, shown.keys)
    cities = list(dict.fromkeys(places[row["plan"].value] for row in rows if row["plan"].value in places))
    marks = [
        Mark(
            places[row["plan"].value][1],
            float(row["value"].value),
            row["due"].value[:7] if "due" in row else "",
            "baseline" if row["kind"].value == f"{DU}Baseline" else "target",
        )
        for row in rows
        if "value" in row and _unit(row) == unit and row["plan"].value in places
    ]
    names = {"target": page.t("plan.targets"), "baseline": page.t("plan.baselines")}
    title = f"{subject.title}{f' ({unit})' if unit else ''}"
    return {
        "shown": shown,
        "rows": found.of(shown.keys),
        "cities": len(cities),
        "units": dict(sorted(units.items(), key=lambda pair: (-pair[1], pair[0]))),
        "unit": unit,
        "chart": dots(marks, title, names, _CITIES),
        "chart_cut": len({mark.row for mark in marks}) > _CITIES,
        "chart_rows": _CITIES,
        "places": places,
        **words(page, found),
    }


def _unit(row: Row) -> str:
    return row["unit"].value if "unit" in row else ""
