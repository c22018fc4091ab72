"""`/sparql`: the SPARQL 1.1 Protocol for queries; the editor page for browsers; the service description.

`DIRECT` is asked ahead of the framework, whose routing and injection take longer than a small query; the routes stand
for the description of the interface.
"""

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pipeline.errors import Wording
from service.answers import answer
from service.dataset import Dataset
from service.formats import (
    HTML,
    RDF_FORMATS,
    RDF_OFFERS,
    RESULT_FORMATS,
    RESULT_OFFERS,
    choose,
    content_type,
    first_wish,
    named_offer,
    not_acceptable,
)
from service.frames import Job
from service.guard import Checked, admit, place
from service.metrics import Metrics
from service.negotiation import Offer, names, negotiate
from service.pages import Page
from service.problems import BadRequestError
from service.protocol import Operation, read_operation
from service.routes.editor import editor_page
from service.settings import Settings
from service.wellknown import service_description

router = APIRouter(tags=["SPARQL"])


@router.get("/sparql", summary="Query the graph (SPARQL 1.1 Protocol)")
async def query_by_get(request: Request) -> Response:
    """A query's answer; without a query the editor for browsers and the service description for others."""
    settings: Settings = request.app.state.settings
    operation = await read_operation(request, settings.query_bytes)
    if operation.query is not None:
        return await _answer(request, operation)
    dataset: Dataset = request.state.dataset
    accept = request.headers.get("accept")
    wish = first_wish(operation.formats, RDF_OFFERS)
    offer = named_offer(wish, RDF_OFFERS) if wish else _description_offer(accept)
    if offer is None:
        raise not_acceptable((HTML, *RDF_OFFERS))
    if offer is HTML:
        return await editor_page(Page(request, dataset))
    address = str(request.url.replace(query=""))
    body = await asyncio.to_thread(service_description, dataset, address, RDF_FORMATS[offer.format])
    return Response(body, headers={"Content-Type": content_type(offer.media_type)})


@router.post("/sparql", summary="Query the graph by POST")
async def query_by_post(request: Request) -> Response:
    """The answer to the query in a form or in a body of application/sparql-query."""
    settings: Settings = request.app.state.settings
    return await _answer(request, await read_operation(request, settings.query_bytes))


DIRECT = {"GET": query_by_get, "POST": query_by_post}


def _description_offer(accept: str | None) -> Offer | None:
    """The page is for clients that name HTML and like nothing of RDF better: RDF clients name it too, far behind."""
    return negotiate(accept, (HTML, *RDF_OFFERS) if names(accept, "text/html") else RDF_OFFERS)


async def _answer(request: Request, wish: Operation) -> Response:
    settings: Settings = request.app.state.settings
    metrics: Metrics = request.app.state.datasets.metrics
    dataset: Dataset = request.state.dataset
    if not (wish.query or "").strip():
        raise BadRequestError("query", "is missing", "send it as `query`")
    try:
        text = request.state.query = wish.query or ""
        checked = await admit(text, settings, dataset.base)
        refuse_unknown_graphs(dataset, checked, (*wish.graphs, *wish.named_graphs))
    except BadRequestError:
        metrics.queries.labels("refused").inc()
        raise
    query = await dataset.searched(checked.text, settings.timeout)
    offers = RDF_OFFERS if checked.answers_graph else RESULT_OFFERS
    offer = choose(first_wish(wish.formats, offers), request.headers.get("accept"), offers)
    given = bool(wish.graphs or wish.named_graphs)
    job = Job(
        query,
        offer.format,
        graphs=wish.graphs if given else None,
        named_graphs=wish.named_graphs if given else None,
        base=dataset.base,
    )
    return await answer(
        request,
        dataset,
        job,
        offer.media_type,
        timeout=min(wish.timeout or settings.timeout, settings.timeout),
        held=settings.held_bytes,
        metrics=metrics,
        volatile=checked.volatile,
    )


def refuse_unknown_graphs(dataset: Dataset, checked: Checked, named: Sequence[str] = ()) -> None:
    """Of the graphs after FROM and those `named` beside the query, one that is not here would have to be fetched, which
    we never do; an empty answer would pretend. Raises BadRequestError."""
    remedy = "nothing is fetched; list the graphs by SELECT DISTINCT ?g { GRAPH ?g { } }"
    for iri in named:
        if iri not in dataset.graphs:
            raise BadRequestError(Wording("graph <{iri}>", iri=iri), "is not in this dataset", remedy, kind="graph")
    for iri, token in checked.graphs:
        if iri not in dataset.graphs:
            problem = Wording("the graph <{iri}> is not in this dataset", iri=iri)
            raise BadRequestError(place(checked.text, token), problem, remedy, kind="graph")


assert {offer.format for offer in RESULT_OFFERS} <= RESULT_FORMATS.keys()  # noqa: S101 - two tables that must agree
