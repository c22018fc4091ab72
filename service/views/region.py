"""A region: its visits and plans, those of what lies in it, every target of their cities, and what the rules found."""

import asyncio
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.validation.browse import opened
from pipeline.validation.facets import Filter, Listed
from pipeline.vocabulary import DUC
from service.finding_view import shown
from service.pages import Page
from service.reading import HEAD, Nodes, column, labels, part, read, words
from service.views.node import Subject
from service.views.plans import plan_rows, plans_below, region_names

_VISITS = HEAD + (
    "SELECT DISTINCT ?below ?visit WHERE { VALUES ?region { UNDEF } ?region ^du:directPartOf* ?below ."
    " ?visit du:region ?below ; a du:Supervision } ORDER BY ?below ?visit LIMIT 5000"
)
_TARGETS = HEAD + (
    "SELECT DISTINCT ?below ?plan ?target WHERE { VALUES ?region { UNDEF } ?region ^du:directPartOf* ?below ."
    " ?plan du:region ?below ; a du:Plan . ?target du:inPlan ?plan ; a du:Target } ORDER BY ?below ?plan ?target LIMIT 5000"
)
_PARTS = HEAD + (
    "SELECT DISTINCT ?below WHERE { VALUES ?region { UNDEF } ?below du:directPartOf ?region } ORDER BY ?below LIMIT 5000"
)
_ABOVE = (
    HEAD + "SELECT DISTINCT ?above WHERE { VALUES ?region { UNDEF } ?region du:directPartOf+ ?above } ORDER BY ?above"
)
_FIRST = 5  # findings shown


async def view(page: Page, subject: Subject) -> dict[str, Any]:
    """The values of `region.html`."""
    select, node = page.dataset.select, subject.node
    plans = part(page, await plans_below(page, node), "plans")
    targets = part(page, column(await select(_TARGETS, region=node), "target"), "targets")
    visits = part(page, column(await select(_VISITS, region=node), "visit"), "visits")
    parts = part(page, column(await select(_PARTS, region=node), "below"), "parts", 100)
    above = column(await select(_ABOVE, region=node), "above")
    found, supervisions = await read(page, targets.keys), await read(page, visits.keys)
    count, findings = await asyncio.to_thread(_findings, page.dataset.snapshot.findings_path, subject.iri)
    return {
        "plans": plans,
        "plan_rows": await plan_rows(page, plans.keys),
        "targets": targets,
        "target_rows": found.of(targets.keys),
        "places": await region_names(page, (t.value for one in found.of(targets.keys) for t in one.all("du:inPlan"))),
        "visits": visits,
        "visit_rows": supervisions.of(visits.keys),
        "parts": parts,
        "part_names": await labels(page, parts.keys),
        "above": await labels(page, above),
        "finding_count": count,
        "findings": [shown(page, listed) for listed in findings],
        "adcode": subject.iri.rpartition("/")[2],
        "duc": DUC,
        **words(page, Nodes(labels={**supervisions.labels, **found.labels}, inferred=found.inferred)),
    }


def _findings(path: Path, iri: str) -> tuple[int, list[Listed]]:
    """How many findings lie in the region, and the first of them."""
    try:
        with opened(path) as findings:
            wish = findings.resolved(Filter(region=iri.rpartition("/")[2]))
            return findings.count(wish), findings.page(wish, limit=_FIRST)
    except UsageError:  # no finding is about it
        return 0, []
