"""The pages of nodes, one module a kind: each adds what a reader of that kind looks for to what `node` shows of all.

`VIEWS` is asked in its order by the classes of the node; a node of no such class has the general page.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response

from pipeline.vocabulary import DU, DUC
from service.pages import Page
from service.terms import Row
from service.views import indicator, issue, node, organization, plan, quantity, region, supervision

View = Callable[[Page, node.Subject], Awaitable[dict[str, Any]]]
VIEWS: dict[str, tuple[str, View]] = {
    f"{DU}Plan": ("plan.html", plan.view),
    f"{DU}Supervision": ("supervision.html", supervision.view),
    f"{DU}Issue": ("issue.html", issue.view),
    f"{DU}Target": ("quantity.html", quantity.view),
    f"{DU}Baseline": ("quantity.html", quantity.view),
    f"{DU}Organization": ("organization.html", organization.view),
    f"{DU}Province": ("region.html", region.view),
    f"{DU}City": ("region.html", region.view),
    f"{DU}County": ("region.html", region.view),
    f"{DU}Zone": ("region.html", region.view),
    f"{DU}Region": ("region.html", region.view),
}


async def node_page(page: Page, iri: str, about: list[Row]) -> Response:
    """The page of a node of which the graph says `about`, rows ?g ?p ?o ?label."""
    subject = node.subject(page, iri, about)
    general: tuple[str, View] = ("resource.html", node.incoming)
    template, view = next((VIEWS[kind] for kind in VIEWS if kind in subject.types), general)
    if iri.startswith(f"{DUC}indicator-"):
        template, view = "indicator.html", indicator.view
    values = await node.statements(page, subject)
    return page.render(template, **values, **await view(page, subject))
