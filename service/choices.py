"""What a form may offer for a parameter: the regions, indicators, bases … that the snapshot has."""

from dataclasses import dataclass

from pipeline.query import NamedQuery, Parameter
from service.labels import curie
from service.pages import Page

_HEAD = """
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
_REGIONS = (
    _HEAD
    + """
SELECT DISTINCT ?value ?zh ?en WHERE {
  { SELECT DISTINCT ?region WHERE { ?plan a du:Plan ; du:concernsRegion ?region } }
  ?region du:adcode ?value ; rdfs:label ?zh FILTER(LANG(?zh) = "zh")
  OPTIONAL { ?region rdfs:label ?en FILTER(LANG(?en) = "en") }
} ORDER BY ?value LIMIT 1000
"""
)
_USED = {
    "indicator": "?target a du:Target ; du:indicator ?value",
    "basis": "?fact du:basis ?value",
    "severity": "?finding du:severity ?value",
    "class": "?dated du:duePrecision ?how ; a ?value",
    "unit": "?target a du:Target ; du:unitText ?value",
}


@dataclass(frozen=True)
class Choice:
    """A value as the parameter takes it, and what it is called."""

    value: str
    label: str


async def choices(page: Page, query: NamedQuery) -> dict[str, list[Choice]]:
    """The values that exist for each parameter for which that can be said. Raises ProblemError."""
    return {parameter.name: await _choices(page, parameter) for parameter in query.parameters}


async def _choices(page: Page, parameter: Parameter) -> list[Choice]:
    if parameter.kind == "region":
        found = await page.dataset.select(_REGIONS)
        return [Choice(row["value"].value, row.get(page.language, row["zh"]).value) for row in found]
    if pattern := _USED.get(parameter.name):
        text = f"{_HEAD} SELECT DISTINCT ?value WHERE {{ {pattern} }} ORDER BY ?value LIMIT 1000"
        terms = [row["value"] for row in await page.dataset.select(text)]
        return [Choice(curie(term.value), page.show(term)) if term.is_iri else Choice(term.value, "") for term in terms]
    return []
