"""An organisation: the issues and measures it answers for, by role, and its posts."""

from typing import Any

from pipeline.vocabulary import DU
from service.pages import Page
from service.reading import HEAD, column, part, read, words
from service.views.issue import ROLES
from service.views.node import Subject
from service.views.plans import region_names

_DUTIES = HEAD + (
    "SELECT DISTINCT ?element ?role WHERE { VALUES ?body { UNDEF } ?element ?role ?body . ?element du:inPlan ?plan ."
    f" FILTER(?role IN ({', '.join(ROLES)})) }} ORDER BY ?element ?role LIMIT 5000"
)
_POSTS = HEAD + (
    "SELECT DISTINCT ?post WHERE { VALUES ?body { UNDEF } ?post du:ofOrganization ?body } ORDER BY ?post LIMIT 5000"
)


async def view(page: Page, subject: Subject) -> dict[str, Any]:
    """The values of `organization.html`; `?role=` keeps one role."""
    rows = await page.dataset.select(_DUTIES, body=subject.node)
    roles: dict[str, list[str]] = {}
    for row in rows:
        roles.setdefault(row["element"].value, []).append(row["role"].value)
    counts = {f"{DU}{role[3:]}": sum(f"{DU}{role[3:]}" in has for has in roles.values()) for role in ROLES}
    wish = f"{DU}{page.request.query_params.get('role', '')}"
    kept = [element for element, has in roles.items() if wish not in counts or wish in has]
    shown = part(page, kept, rows=len(rows))
    posts = part(page, column(await page.dataset.select(_POSTS, body=subject.node), "post"), "posts", 100)
    found = await read(page, [*shown.keys, *posts.keys])
    elements = found.of(shown.keys)
    return {
        "shown": shown,
        "elements": elements,
        "roles_of": roles,
        "role_counts": {role: count for role, count in counts.items() if count},
        "role": wish if wish in counts else "",
        "total": len(roles),
        "posts": posts,
        "post_rows": found.of(posts.keys),
        "places": await region_names(page, (term.value for one in elements for term in one.all("du:inPlan"))),
        **words(page, found),
    }
