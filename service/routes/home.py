"""`/`: what is in the graph, and where to go from here."""

from collections import Counter
from dataclasses import dataclass, field

from fastapi import APIRouter
from starlette.responses import Response

from pipeline.vocabulary import DU
from service.charts import Point, lines
from service.context import ThisPage
from service.labels import best
from service.pages import Page
from service.terms import Row, Term

router = APIRouter(tags=["Pages"])
PREFIXES = "PREFIX du: <https://w3id.org/ducha/ontology#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
PLANS = PREFIXES + (
    "SELECT DISTINCT ?plan ?p ?o WHERE { ?plan a du:Plan . VALUES ?p { du:region du:respondsTo rdfs:label } ?plan ?p ?o }"
    " ORDER BY ?plan ?p ?o"
)
VISITS = PREFIXES + (
    "SELECT DISTINCT ?plan ?p ?o WHERE { ?plan a du:Plan ; du:respondsTo ?visit ."
    " VALUES ?p { du:startDate du:endDate du:feedbackDate du:level du:inRound } ?visit ?p ?o } ORDER BY ?plan ?p ?o"
)
TEXTS = PREFIXES + (
    "SELECT DISTINCT ?plan ?completeness WHERE { ?document du:describes ?plan ; du:completeness ?completeness }"
    " ORDER BY ?plan ?completeness"
)
NAMES = PREFIXES + (
    "SELECT DISTINCT ?o ?label WHERE { ?any du:region|du:inRound ?o . ?o rdfs:label ?label } ORDER BY ?o ?label"
)
ELEMENTS = PREFIXES + (
    "SELECT ?plan ?class (COUNT(DISTINCT ?element) AS ?count) WHERE { ?element du:inPlan ?plan ; a ?class ."
    " VALUES ?class { du:Issue du:Target } } GROUP BY ?plan ?class"
)
STATED = PREFIXES + (
    "SELECT DISTINCT ?plan ?value WHERE { ?plan du:statedCount ?count . ?count du:countOf du:Issue ; du:value ?value }"
    " ORDER BY ?plan ?value"
)
FINDINGS = PREFIXES + (
    "SELECT ?plan (COUNT(DISTINCT ?finding) AS ?count) WHERE { ?document du:describes ?plan ."
    " ?finding a du:Finding ; du:inDocument ?document } GROUP BY ?plan"
)
SHARES = PREFIXES + (
    "SELECT DISTINCT ?plan ?due ?share WHERE { ?target du:cumulativeShare ?share ; du:due ?due ; du:inPlan ?plan ;"
    " du:indicator ?indicator . FILTER(!STRENDS(STR(?indicator), 'indicator-petitions-closed-share')) }"
    " ORDER BY ?plan ?due ?share"
)
SHOWN_CLASSES = (
    "Document Plan Supervision Issue Measure Target Baseline Goal Principle Duty Organization StatedCount Gap Finding"
)


@dataclass
class PlanRow:
    """One line of the table: a plan and the visit it answers. The lists hold what the texts say, perhaps twice."""

    iri: str
    label: str = ""
    region: str = ""
    place: str = ""
    """The region's code, or what stands for it in its IRI."""
    visit: str = ""
    round: str = ""
    values: dict[str, list[str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    stated: list[str] = field(default_factory=list)


@router.get("/", summary="Home", include_in_schema=False)
async def home(page: ThisPage) -> Response:
    """Documents, plans by city, counts by class, and links to everything else."""
    plans = await _plans(page)
    cities = {row.iri: row.region or row.label for row in plans}
    shares = await page.dataset.select(SHARES)
    points = [Point(row["due"].value, float(row["share"].value), cities.get(row["plan"].value, "")) for row in shares]
    manifest = page.dataset.snapshot.manifest
    counts = [(f"{DU}{name}", manifest["counts"].get(DU + name, 0)) for name in SHOWN_CLASSES.split()]
    return page.render(
        "home.html",
        plans=plans,
        documents=manifest.get("documents", []),
        failures=manifest.get("failures", []),
        quarantined=manifest.get("quarantined", []),
        counts=[(iri, count) for iri, count in counts if count],
        chart=lines(points, page.t("home.chart"), maximum=100),
        quads=manifest.get("quads", 0),
    )


async def _plans(page: Page) -> list[PlanRow]:
    select = page.dataset.select
    names = _names(await select(NAMES), page)
    plans: dict[str, PlanRow] = {}
    for row in await select(PLANS):
        plan = plans.setdefault(row["plan"].value, PlanRow(row["plan"].value))
        if row["p"].value == f"{DU}region":
            plan.region, plan.place = names.get(row["o"].value, ""), row["o"].value.rpartition("/")[2]
        elif row["p"].value == f"{DU}respondsTo":
            plan.visit = row["o"].value
        else:
            plan.label = row["o"].value
    for row in await select(VISITS):
        plan, what = plans[row["plan"].value], row["p"].value.removeprefix(DU)
        if what == "inRound":
            plan.round = names.get(row["o"].value, "")
        else:
            plan.values.setdefault(what, []).append(page.show(row["o"]))
    for row in await select(TEXTS):
        plans[row["plan"].value].values.setdefault("completeness", []).append(page.show(row["completeness"]))
    for row in await select(ELEMENTS):
        if row["plan"].value in plans:
            plans[row["plan"].value].counts[row["class"].value.removeprefix(DU)] = int(row["count"].value)
    for row in await select(STATED):
        plans[row["plan"].value].stated.append(row["value"].value)
    for row in await select(FINDINGS):
        plans[row["plan"].value].counts["Finding"] = int(row["count"].value)
    return sorted(plans.values(), key=lambda plan: (plan.values.get("startDate", ["9"]), plan.iri))


def _names(found: list[Row], page: Page) -> dict[str, str]:
    terms: dict[str, list[Term]] = {}
    for row in found:
        terms.setdefault(row["o"].value, []).append(row["label"])
    return {iri: label.value for iri, labels in terms.items() if (label := best(labels, page.language))}
