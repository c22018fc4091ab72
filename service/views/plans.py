"""Plans as rows of a table: place, visit, text, counts. The home page, lists, regions and visits show them so."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from pipeline.vocabulary import DU
from service.nodes import Node
from service.pages import Page
from service.reading import HEAD, column, labels, read

# The keys of all plans, those of the latest visit first.
ALL = HEAD + (
    "SELECT ?plan (MAX(?day) AS ?start) WHERE { ?plan a du:Plan ."
    " OPTIONAL { ?plan du:respondsTo ?visit . ?visit du:startDate ?day } } GROUP BY ?plan"
)
_COUNTS = HEAD + (
    "SELECT ?plan ?class (COUNT(DISTINCT ?element) AS ?count) WHERE { VALUES ?plan { UNDEF } ?element du:inPlan ?plan ;"
    " a ?class . FILTER(?class IN (du:Issue, du:Target)) } GROUP BY ?plan ?class"
)
_TEXTS = HEAD + (
    "SELECT DISTINCT ?plan ?document ?completeness WHERE { VALUES ?plan { UNDEF } ?document du:describes ?plan ."
    " OPTIONAL { ?document du:completeness ?completeness } } ORDER BY ?plan ?document ?completeness"
)
_STATED = HEAD + (
    "SELECT DISTINCT ?plan ?value WHERE { VALUES ?plan { UNDEF } ?plan du:statedCount ?count ."
    " ?count du:countOf du:Issue ; du:value ?value } ORDER BY ?plan ?value"
)
_FINDINGS = HEAD + (
    "SELECT ?plan (COUNT(DISTINCT ?finding) AS ?count) WHERE { VALUES ?plan { UNDEF } ?document du:describes ?plan ."
    " ?finding du:inDocument ?document ; a du:Finding } GROUP BY ?plan"
)


@dataclass
class PlanRow:
    """A plan and the visit it answers. The lists hold what the texts say, perhaps twice."""

    iri: str
    label: str
    region: str = ""
    place: str = ""
    """The region's code, or what stands for it in its IRI."""
    visits: list[Node] = field(default_factory=list)
    rounds: list[str] = field(default_factory=list)
    completeness: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    stated: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def dates(self, name: str) -> list[str]:
        """What the visits' documents say of a day."""
        return [term.value for visit in self.visits for term in visit.all(name)]


async def all_plans(page: Page) -> list[str]:
    """The IRIs of all plans, those of the latest visit first, those without a day last."""
    rows = await page.dataset.select(ALL)
    days = {row["plan"].value: row["start"].value if "start" in row else "" for row in rows}
    return sorted(days, key=lambda plan: (_descending(days[plan]), plan))


def _descending(day: str) -> tuple[int, ...]:
    return tuple(-ord(sign) for sign in day) or (0,)


async def plan_rows(page: Page, plans: Iterable[str]) -> list[PlanRow]:
    """One row for each of these plans, in their order."""
    keys = list(dict.fromkeys(plans))
    if not keys:
        return []
    found = await read(page, keys)
    visits = await read(page, (term.value for node in found.of(keys) for term in node.all("du:respondsTo")))
    rows = {}
    for node in found.of(keys):
        region = node.one("du:region")
        place = region.value if region else ""
        row = PlanRow(node.iri, node.text("rdfs:label", page.language) or page.name(node.iri))
        row.region, row.place = found.labels.get(place, ""), place.rpartition("/")[2]
        row.visits = visits.of(term.value for term in node.all("du:respondsTo"))
        for visit in row.visits:
            terms = visit.all("du:inRound") or visit.all("du:level")
            row.rounds += [visits.labels.get(term.value) or page.show(term) for term in terms]
        rows[node.iri] = row
    await _count(page, rows)
    return list(rows.values())


async def _count(page: Page, rows: dict[str, PlanRow]) -> None:
    select, terms = page.dataset.select, [ox.NamedNode(iri) for iri in rows]
    for found in await select(_COUNTS, plan=terms):
        rows[found["plan"].value].counts[found["class"].value.removeprefix(DU)] = int(found["count"].value)
    for found in await select(_FINDINGS, plan=terms):
        rows[found["plan"].value].counts["Finding"] = int(found["count"].value)
    for found in await select(_STATED, plan=terms):
        rows[found["plan"].value].stated.append(found["value"].value)
    for found in await select(_TEXTS, plan=terms):
        row = rows[found["plan"].value]
        row.documents += [found["document"].value] if found["document"].value not in row.documents else []
        if "completeness" in found and (shown := page.show(found["completeness"])) not in row.completeness:
            row.completeness.append(shown)


async def plans_below(page: Page, region: ox.NamedNode) -> list[str]:
    """The plans of a region and of all that lies in it, by the code of their region."""
    return column(await page.dataset.select(_BELOW, region=region), "plan")


_BELOW = HEAD + (
    "SELECT DISTINCT ?below ?plan WHERE { VALUES ?region { UNDEF } ?region ^du:directPartOf* ?below ."
    " ?plan du:region ?below ; a du:Plan } ORDER BY ?below ?plan LIMIT 5000"
)


async def region_names(page: Page, plans: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Plan → the IRI and the name of its region."""
    terms = [ox.NamedNode(iri) for iri in dict.fromkeys(plans)]
    rows = await page.dataset.select(_REGIONS, plan=terms) if terms else []
    names = await labels(page, column(rows, "region"))
    return {row["plan"].value: (row["region"].value, names.get(row["region"].value, "")) for row in rows}


_REGIONS = (
    HEAD + "SELECT DISTINCT ?plan ?region WHERE { VALUES ?plan { UNDEF } ?plan du:region ?region } ORDER BY ?plan"
)
