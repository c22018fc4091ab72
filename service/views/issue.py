"""An issue: who answers for it until when, its measures, goal and targets, each with its sentence."""

from typing import Any

from service.nodes import number_of
from service.pages import Page
from service.reading import HEAD, column, part, read, words
from service.views.node import Subject
from service.views.plans import region_names

ROLES = (
    "du:leadOrganization",
    "du:responsibleOrganization",
    "du:cooperatingOrganization",
    "du:supervisingOrganization",
    "du:acceptingOrganization",
)
_MEASURES = HEAD + (
    "SELECT DISTINCT ?measure WHERE { VALUES ?issue { UNDEF } ?measure du:ofIssue ?issue } ORDER BY ?measure LIMIT 5000"
)
_TARGETS = HEAD + (
    "SELECT DISTINCT ?target WHERE { VALUES ?issue { UNDEF } { ?target du:belongsTo ?issue }"
    " UNION { ?measure du:ofIssue ?issue . ?target du:belongsTo ?measure }"
    " UNION { ?issue du:goal ?goal . ?target du:belongsTo ?goal } } ORDER BY ?target LIMIT 5000"
)
_FINDINGS = HEAD + (
    "SELECT DISTINCT ?finding WHERE { VALUES ?issue { UNDEF } ?finding du:focus ?issue ; a du:Finding }"
    " ORDER BY ?finding LIMIT 5000"
)


async def view(page: Page, subject: Subject) -> dict[str, Any]:
    """The values of `issue.html`."""
    select, node = page.dataset.select, subject.node
    measures = part(page, column(await select(_MEASURES, issue=node), "measure"), "measures")
    targets = part(page, column(await select(_TARGETS, issue=node), "target"), "targets")
    findings = part(page, column(await select(_FINDINGS, issue=node), "finding"), "findings")
    goals = [term.value for term in subject.all("du:goal")]
    found = await read(page, [subject.iri, *goals, *measures.keys, *targets.keys, *findings.keys])
    return {
        "issue": found.nodes[subject.iri],
        "measures": measures,
        "measure_rows": sorted(found.of(measures.keys), key=number_of),
        "targets": targets,
        "target_rows": found.of(targets.keys),
        "goals": found.of(goals),
        "findings": findings,
        "finding_rows": found.of(findings.keys),
        "places": await region_names(page, (term.value for term in subject.all("du:inPlan"))),
        "roles": ROLES,
        **words(page, found),
    }
