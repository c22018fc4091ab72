"""`/plan/{key}`: a plan at a glance: visit, counts, principles, goals, targets, issues, gaps and findings."""

from dataclasses import dataclass

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pipeline.vocabulary import DU
from service.context import Data, ThisPage
from service.nodes import Node, expand, gather, labels_of, number_of
from service.pages import Page
from service.routes.resources import linked_data, rdf_wish
from service.terms import Term

router = APIRouter(tags=["Linked data"])
_HEAD = """
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
# The nodes of a plan: itself, its visit with team and round, its counts, its elements, and what touches its documents.
_PARTS = {
    "plan": "VALUES ?plan { UNDEF } BIND(?plan AS ?s)",
    "visit": "VALUES ?plan { UNDEF } ?plan du:respondsTo ?s .",
    "count": "VALUES ?plan { UNDEF } ?plan du:statedCount ?s .",
    "element": "VALUES ?plan { UNDEF } ?s du:inPlan ?plan .",
    "gap": "VALUES ?plan { UNDEF } ?d du:describes ?plan . ?e du:document ?d . ?s du:evidence ?e . ?s a du:Gap .",
    "finding": "VALUES ?plan { UNDEF } ?d du:describes ?plan . ?s du:inDocument ?d . ?s a du:Finding .",
}
ROLES = (
    "du:leadOrganization",
    "du:responsibleOrganization",
    "du:cooperatingOrganization",
    "du:supervisingOrganization",
    "du:acceptingOrganization",
)


def _triples(part: str) -> str:
    return _HEAD + f"SELECT DISTINCT ?s ?p ?o WHERE {{ {_PARTS[part]} ?s ?p ?o }} ORDER BY ?s ?p ?o"


def _quotes(part: str) -> str:
    return _HEAD + (
        f"SELECT DISTINCT ?s ?document ?begin ?end ?quote WHERE {{ {_PARTS[part]} ?s du:evidence ?evidence ."
        " ?evidence du:document ?document ; du:begin ?begin ; du:end ?end ; du:quote ?quote }"
        " ORDER BY ?s ?document ?begin ?end"
    )


def _labels(part: str) -> str:
    return _HEAD + (
        f"SELECT DISTINCT ?o ?label WHERE {{ {_PARTS[part]} ?s ?says ?o . ?o rdfs:label ?label }} ORDER BY ?o ?label"
    )


DOCUMENTS = _HEAD + (
    "SELECT DISTINCT ?document ?label WHERE { VALUES ?plan { UNDEF } ?document du:describes ?plan ; rdfs:label ?label }"
    " ORDER BY ?document ?label"
)
INFERRED = _HEAD + (
    "SELECT DISTINCT ?s ?p ?basis ?reason WHERE { { VALUES ?plan { UNDEF } ?s du:inPlan ?plan }"
    " UNION { VALUES ?plan { UNDEF } ?plan du:respondsTo ?s }"
    " ?assertion rdf:subject ?s ; rdf:predicate ?p ; du:basis ?basis . FILTER(!STRENDS(STR(?basis), 'basis-stated'))"
    " OPTIONAL { ?assertion du:reason ?reason } } ORDER BY ?s ?p ?basis ?reason"
)


@dataclass(frozen=True)
class Inference:
    """A value that was not simply read, and why it is there."""

    basis: str
    reason: Term | None


@router.get("/plan/{key}", summary="A rectification plan", response_model=None)
async def plan(key: str, request: Request, dataset: Data, page: ThisPage) -> Response:
    """The plan's page, or its RDF; `key` may carry a suffix such as `.ttl`."""
    stem, _, suffix = key.partition(".")
    iri = f"{dataset.base}plan/{stem}"
    if rdf_wish(request, suffix):
        return await linked_data(request, page, (iri,), suffix)
    node = ox.NamedNode(iri)
    select = dataset.select
    parts: dict[str, dict[str, Node]] = {}
    labels: dict[str, str] = {}
    for part in _PARTS:
        parts[part] = gather(await select(_triples(part), plan=node), await select(_quotes(part), plan=node))
        labels |= labels_of(await select(_labels(part), plan=node), page.language)
    if iri not in parts["plan"] or f"{DU}Plan" not in parts["plan"][iri].types():
        return await linked_data(request, page, (iri,), suffix)
    elements = sorted(parts["element"].values(), key=number_of)
    return page.render(
        "plan.html",
        iri=iri,
        plan=parts["plan"][iri],
        visits=list(parts["visit"].values()),
        counts=list(parts["count"].values()),
        groups=_grouped(elements),
        targets=_by_due(elements, f"{DU}Target"),
        baselines=_by_due(elements, f"{DU}Baseline"),
        issues=[element for element in elements if f"{DU}Issue" in element.types()],
        measures=_measures(elements),
        gaps=list(parts["gap"].values()),
        findings=list(parts["finding"].values()),
        documents=labels_of(
            [{"o": r["document"], "label": r["label"]} for r in await select(DOCUMENTS, plan=node)], "zh"
        ),
        inferred=await _inferred(page, node),
        roles=ROLES,
        label=lambda iri: labels.get(iri) or page.name(iri),
        iri_of=expand,
    )


def _grouped(elements: list[Node]) -> dict[str, list[Node]]:
    """Class name → elements, for the classes that the page shows as plain lists; an issue's own goal stands with it."""
    own = {goal.value for element in elements for goal in element.all("du:goal")}
    names = ("GuidingThought", "Principle", "Goal", "MeasureCategory", "Safeguard", "IssueCategory", "Duty")
    groups = {name: [e for e in elements if DU + name in e.types() and e.iri not in own] for name in names}
    return {name: found for name, found in groups.items() if found}


def _by_due(elements: list[Node], kind: str) -> list[Node]:
    found = [element for element in elements if kind in element.types()]
    return sorted(found, key=lambda node: (node.text("du:indicatorText"), node.text("du:due") or "9999", node.iri))


def _measures(elements: list[Node]) -> dict[str, list[Node]]:
    """Issue or category → its measures."""
    found: dict[str, list[Node]] = {}
    for element in elements:
        if f"{DU}Measure" in element.types():
            for owner in (*element.all("du:ofIssue"), *element.all("du:ofCategory")):
                found.setdefault(owner.value, []).append(element)
    return found


async def _inferred(page: Page, node: ox.NamedNode) -> dict[tuple[str, str], Inference]:
    """(subject, property) → why its value is not simply read."""
    found: dict[tuple[str, str], Inference] = {}
    for row in await page.dataset.select(INFERRED, plan=node):
        key = (row["s"].value, row["p"].value)
        reason = row.get("reason")
        if key not in found or (reason is not None and reason.language == page.language):
            found[key] = Inference(row["basis"].value, reason)
    return found
