"""A target or baseline: what it says in one line, and what other plans say of the same indicator."""

from typing import Any

import pyoxigraph as ox

from service.pages import Page
from service.reading import HEAD, column, part, read, words
from service.views.node import Subject
from service.views.plans import region_names

_SAME = HEAD + (
    "SELECT DISTINCT ?plan ?other WHERE { VALUES ?indicator { UNDEF } ?other du:indicator ?indicator ; du:inPlan ?plan }"
    " ORDER BY ?plan ?other LIMIT 5000"
)
_SAME_WORDS = HEAD + (
    "SELECT DISTINCT ?plan ?other WHERE { VALUES ?words { UNDEF } ?other du:indicatorText ?words ; du:inPlan ?plan }"
    " ORDER BY ?plan ?other LIMIT 5000"
)
_FEW = 20


async def view(page: Page, subject: Subject) -> dict[str, Any]:
    """The values of `quantity.html`."""
    indicator, written = subject.one("du:indicator"), subject.one("du:indicatorText")
    rows = []
    if indicator:
        rows = await page.dataset.select(_SAME, indicator=ox.NamedNode(indicator))
    elif written:
        rows = await page.dataset.select(_SAME_WORDS, words=ox.Literal(written))
    others = part(page, (key for key in column(rows, "other") if key != subject.iri), "others", _FEW, rows=len(rows))
    found = await read(page, [subject.iri, *others.keys])
    nodes = found.of([subject.iri, *others.keys])
    return {
        "quantity": found.nodes[subject.iri],
        "indicator": indicator,
        "others": others,
        "other_rows": found.of(others.keys),
        "places": await region_names(page, (term.value for one in nodes for term in one.all("du:inPlan"))),
        **words(page, found),
    }
