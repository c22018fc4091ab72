"""A plan (整改方案): its visit and counts, its issues as a table with filters, its targets in time, its bodies, gaps and
findings."""

from collections import Counter
from typing import Any

import pyoxigraph as ox

from pipeline.vocabulary import DU
from service.nodes import Node, number_of
from service.pages import Page
from service.plots import Due, timeline
from service.reading import HEAD, MOST, Nodes, column, labels, part, read, words
from service.views.issue import ROLES
from service.views.issue_filter import choose
from service.views.node import Subject

GROUPS = ("GuidingThought", "Principle", "Goal", "MeasureCategory", "Safeguard", "IssueCategory", "Duty")
_FEW, _ISSUES = 12, 20  # elements of a group, issues of a page
_ELEMENTS = HEAD + (
    "SELECT ?element ?class ?number WHERE { VALUES ?plan { UNDEF } ?element du:inPlan ?plan ; a ?class ."
    " OPTIONAL { ?element du:number ?number } }"
)
_OWN_GOALS = HEAD + (
    "SELECT DISTINCT ?goal WHERE { VALUES ?plan { UNDEF } ?issue du:inPlan ?plan ; du:goal ?goal } ORDER BY ?goal"
)
_DUES = HEAD + (
    "SELECT DISTINCT ?target ?due ?label WHERE { VALUES ?plan { UNDEF } ?target du:inPlan ?plan ; a du:Target ; du:due ?due ;"
    f" du:indicatorText ?label }} ORDER BY ?due ?target LIMIT {MOST}"
)
_ROLES = HEAD + (
    "SELECT DISTINCT ?element ?role ?body WHERE { VALUES ?plan { UNDEF } ?element du:inPlan ?plan . ?element ?role ?body ."
    f" FILTER(?role IN ({', '.join(ROLES)})) }} ORDER BY ?body ?role ?element"
)
_MEASURES = HEAD + (
    "SELECT DISTINCT ?owner ?measure WHERE { { VALUES ?owner { UNDEF } ?measure du:ofIssue ?owner }"
    " UNION { VALUES ?owner { UNDEF } ?measure du:ofCategory ?owner } } ORDER BY ?owner ?measure"
)
_DOCUMENTS = HEAD + (
    "SELECT DISTINCT ?document WHERE { VALUES ?plan { UNDEF } ?document du:describes ?plan } ORDER BY ?document"
)
_GAPS = HEAD + (
    "SELECT DISTINCT ?gap WHERE { VALUES ?plan { UNDEF } ?document du:describes ?plan . ?evidence du:document ?document ."
    f" ?gap du:evidence ?evidence ; a du:Gap }} ORDER BY ?gap LIMIT {MOST}"
)
_FINDINGS = HEAD + (
    "SELECT DISTINCT ?finding WHERE { VALUES ?plan { UNDEF } ?document du:describes ?plan ."
    f" ?finding du:inDocument ?document ; a du:Finding }} ORDER BY ?finding LIMIT {MOST}"
)


async def view(page: Page, subject: Subject) -> dict[str, Any]:
    """The values of `plan.html`."""
    select, node = page.dataset.select, subject.node
    classes = _by_class(await select(_ELEMENTS, plan=node))
    own = set(column(await select(_OWN_GOALS, plan=node), "goal"))
    groups = {
        name: part(page, (key for key in classes.get(name, ()) if key not in own), name, _FEW, rows=0)
        for name in GROUPS
    }
    roles = await select(_ROLES, plan=node)
    choice = await choose(page, classes.get("Issue", []), roles)
    issues = part(page, choice.kept, "issues", _ISSUES, rows=0)
    dues = await select(_DUES, plan=node)
    targets = part(page, _by_due(classes.get("Target", []), column(dues, "target")), "targets", 20, rows=0)
    baselines = part(page, classes.get("Baseline", []), "baselines", rows=0)
    gaps = part(page, column(await select(_GAPS, plan=node), "gap"), "gaps", 20)
    findings = part(page, column(await select(_FINDINGS, plan=node), "finding"), "findings", 20)
    documents = column(await select(_DOCUMENTS, plan=node), "document")
    shown = [term.value for name in ("du:respondsTo", "du:statedCount") for term in subject.all(name)]
    for one in (*groups.values(), issues, targets, baselines, gaps, findings):
        shown += one.keys
    found = await read(page, [subject.iri, *shown, *documents])
    measures = await _measures(page, [*issues.keys, *groups["MeasureCategory"].keys])
    return {
        "plan": found.nodes[subject.iri],
        "visits": found.of(term.value for term in subject.all("du:respondsTo")),
        "counts": found.of(term.value for term in subject.all("du:statedCount")),
        "groups": {name: one for name, one in groups.items() if one.total},
        "group_rows": {name: found.of(one.keys) for name, one in groups.items()},
        "issues": issues,
        "issue_rows": found.of(issues.keys),
        "choice": choice,
        "measures": measures,
        "targets": targets,
        "target_rows": found.of(targets.keys),
        "timeline": timeline([_due(page, row) for row in dues], page.t("plan.timeline")),
        "undated": targets.total - len({row["target"].value for row in dues}),
        "baselines": baselines,
        "baseline_rows": found.of(baselines.keys),
        "bodies": await _bodies(page, roles),
        "gaps": gaps,
        "gap_rows": found.of(gaps.keys),
        "findings": findings,
        "finding_rows": found.of(findings.keys),
        "documents": found.of(documents),
        "roles": ROLES,
        **words(page, found),
    }


def _by_class(rows: list[Any]) -> dict[str, list[str]]:
    """Class name → its elements by their printed number, those without one last."""
    numbers = {row["element"].value: Node(row["element"].value) for row in rows}
    found: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: (row["element"].value, row["class"].value)):
        if "number" in row:
            numbers[row["element"].value].properties[f"{DU}number"] = [row["number"]]
        keys = found.setdefault(row["class"].value.removeprefix(DU), [])
        if row["element"].value not in keys[-1:]:
            keys.append(row["element"].value)
    return {name: sorted(keys, key=lambda key: number_of(numbers[key])) for name, keys in found.items()}


def _by_due(keys: list[str], dated: list[str]) -> list[str]:
    """Those that are due soonest first, those without a day last."""
    return [*dict.fromkeys(dated), *(key for key in keys if key not in set(dated))]


def _due(page: Page, row: Any) -> Due:
    return Due(row["due"].value, row["label"].value, page.addresses.href(row["target"].value) or "")


async def _measures(page: Page, owners: list[str]) -> dict[str, list[Node]]:
    """Issue or category → its measures, by number."""
    rows = await page.dataset.select(_MEASURES, owner=[ox.NamedNode(owner) for owner in owners]) if owners else []
    found: Nodes = await read(page, column(rows, "measure"))
    owned: dict[str, list[str]] = {}
    for row in rows:
        owned.setdefault(row["owner"].value, []).append(row["measure"].value)
    return {owner: sorted(found.of(keys), key=number_of) for owner, keys in owned.items()}


async def _bodies(page: Page, rows: list[Any]) -> list[tuple[str, str, dict[str, int]]]:
    """The organisations with the number of elements by role, those with most first."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(row["body"].value, Counter())[row["role"].value] += 1
    names = await labels(page, counts)
    order = sorted(counts, key=lambda body: (-counts[body].total(), names.get(body, body)))
    return [(body, names.get(body) or page.name(body), dict(counts[body])) for body in order]
