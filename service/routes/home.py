"""`/`: what is in the graph, how much, from where, how fresh, how good, and where to go from here."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from pipeline.vocabulary import DU
from service.charts import Point, lines, shade
from service.context import ThisPage
from service.pages import Page
from service.reading import HEAD
from service.tiles import Tile, tiles
from service.views.plans import all_plans, plan_rows, region_names

router = APIRouter(tags=["Pages"])
PROVINCES = HEAD + (
    "SELECT ?province (COUNT(DISTINCT ?plan) AS ?plans) (COUNT(DISTINCT ?document) AS ?documents) WHERE {"
    " ?plan a du:Plan ; du:region ?region . ?region du:partOf? ?province . ?province a du:Province ."
    " ?document du:describes ?plan } GROUP BY ?province"
)
ISSUED = HEAD + (
    "SELECT (MIN(?day) AS ?first) (MAX(?day) AS ?last) (COUNT(DISTINCT ?document) AS ?dated) WHERE {"
    " ?document a du:Document ; dcterms:issued ?day }"
)
SHARES = HEAD + (
    "SELECT DISTINCT ?plan ?due ?share WHERE { ?target du:cumulativeShare ?share ; du:due ?due ; du:inPlan ?plan ;"
    " du:indicator ?indicator . FILTER(!STRENDS(STR(?indicator), 'indicator-petitions-closed-share')) }"
    " ORDER BY ?plan ?due ?share LIMIT 5000"
)
SHOWN_CLASSES = (
    "Document Plan Supervision Issue Measure Target Baseline Goal Principle Duty Organization StatedCount Gap Finding"
)
_LATEST, _DOCUMENTS, _SERIES = 10, 20, 8


@dataclass(frozen=True)
class Place:
    """A tile with what the graph has of it; `shade` is 0 (nothing) to 4 (the most)."""

    tile: Tile
    plans: int
    documents: int
    shade: int


@router.get("/", summary="Home", include_in_schema=False)
async def home(page: ThisPage) -> Response:
    """What is here, by province and by kind; the latest plans; how new and how good it is."""
    manifest = page.dataset.snapshot.manifest
    plans = await all_plans(page)
    counts = [(f"{DU}{name}", manifest["counts"].get(DU + name, 0)) for name in SHOWN_CLASSES.split()]
    issued = await page.dataset.select(ISSUED)
    return page.render(
        "home.html",
        places=await _places(page),
        plans=await plan_rows(page, plans[:_LATEST]),
        plan_count=len(plans),
        documents=manifest.get("documents", [])[:_DOCUMENTS],
        document_count=len(manifest.get("documents", [])) or manifest["counts"].get(f"{DU}Document", 0),
        failures=manifest.get("failures", []),
        quarantined=manifest.get("quarantined", []),
        counts=[(iri, count) for iri, count in counts if count],
        issued={name: term.value for row in issued for name, term in row.items()},
        chart=await _chart(page),
        quads=manifest.get("quads", 0),
        evaluation=manifest.get("evaluation"),
        same_code=(manifest.get("evaluation") or {}).get("code_version") == manifest.get("code_version"),
        shares=scores(manifest.get("evaluation") or {}),
    )


def scores(evaluation: dict[str, Any]) -> list[dict[str, Any]]:
    """The kept evaluation as rows with precision and recall in percent, None for a share of nothing; the sum first."""
    rows = [dict(row) for row in evaluation.get("scores", [])]
    if rows:
        rows.insert(0, {"kind": "all facts", **{n: sum(row[n] for row in rows) for n in ("gold", "found", "right")}})
    for row in rows:
        row["precision"] = 100 * row["right"] / row["found"] if row["found"] else None
        row["recall"] = 100 * row["right"] / row["gold"] if row["gold"] else None
    return rows


async def _places(page: Page) -> list[Place]:
    rows = await page.dataset.select(PROVINCES)
    found = {row["province"].value.rpartition("/")[2]: row for row in rows}
    most = max((int(row["plans"].value) for row in rows), default=0)
    places = []
    for tile in tiles():
        row = found.get(tile.adcode)
        plans, documents = (int(row["plans"].value), int(row["documents"].value)) if row else (0, 0)
        places.append(Place(tile, plans, documents, shade(plans, most)))
    return places


async def _chart(page: Page) -> str:
    """The shares of issues closed by date, where they are of few enough plans to be told apart."""
    shares = await page.dataset.select(SHARES)
    names = await region_names(page, (row["plan"].value for row in shares))
    if len({row["plan"].value for row in shares}) > _SERIES:
        return ""
    points = [
        Point(row["due"].value, float(row["share"].value), names.get(row["plan"].value, ("", ""))[1]) for row in shares
    ]
    return lines(points, page.t("home.chart"), maximum=100)
