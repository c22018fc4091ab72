"""A visit (督察): the plans that answer it, the other visits of its round, and what the rules found."""

from typing import Any

from service.pages import Page
from service.reading import HEAD, Nodes, column, part, read, words
from service.views.node import Subject
from service.views.plans import plan_rows

_PLANS = HEAD + (
    "SELECT DISTINCT ?plan WHERE { VALUES ?visit { UNDEF } ?plan du:respondsTo ?visit } ORDER BY ?plan LIMIT 5000"
)
_DOCUMENTS = HEAD + (
    "SELECT DISTINCT ?document WHERE { VALUES ?visit { UNDEF }"
    " VALUES ?says { du:concerns du:mentions } ?document ?says ?visit } ORDER BY ?document LIMIT 5000"
)
_ROUND = HEAD + (
    "SELECT DISTINCT ?other WHERE { VALUES ?visit { UNDEF } ?visit du:inRound ?round . ?other du:inRound ?round ;"
    " a du:Supervision . FILTER(?other != ?visit) } ORDER BY ?other LIMIT 5000"
)
_FINDINGS = HEAD + (
    "SELECT DISTINCT ?finding WHERE { VALUES ?visit { UNDEF } ?finding du:focus ?visit ; a du:Finding }"
    " ORDER BY ?finding LIMIT 5000"
)


async def view(page: Page, subject: Subject) -> dict[str, Any]:
    """The values of `supervision.html`."""
    select, node = page.dataset.select, subject.node
    plans = part(page, column(await select(_PLANS, visit=node), "plan"), "plans")
    others = part(page, column(await select(_ROUND, visit=node), "other"), "others")
    documents = part(page, column(await select(_DOCUMENTS, visit=node), "document"), "documents")
    findings = part(page, column(await select(_FINDINGS, visit=node), "finding"), "findings")
    found = await read(page, [*others.keys, *documents.keys, *findings.keys])
    return {
        "plans": plans,
        "plan_rows": await plan_rows(page, plans.keys),
        "others": others,
        "other_rows": found.of(others.keys),
        "documents": documents,
        "document_rows": found.of(documents.keys),
        "findings": findings,
        "finding_rows": found.of(findings.keys),
        **words(page, Nodes(labels=found.labels)),
    }
