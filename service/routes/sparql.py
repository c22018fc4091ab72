"""`/sparql`: the SPARQL 1.1 Protocol for queries; the editor page for browsers; the service description.

`DIRECT` is asked ahead of the framework, whose routing and injection take longer than a small query; the routes stand
for the description of the interface.
"""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.answers import answer
from service.aside import aside
from service.dataset import Dataset
from service.formats import HTML, RDF_FORMATS, RDF_OFFERS, RESULT_FORMATS, RESULT_OFFERS, content_type, named_offer
from service.frames import Job
from service.guard import Checked, check, place
from service.metrics import Metrics
from service.negotiation import Offer, names, negotiate
from service.pages import Page
from service.problems import BadRequestError, NotAcceptableError
from service.protocol import Operation, read_operation
from service.routes.editor import editor_page
from service.settings import Settings
from service.wellknown import service_description

router = APIRouter(tags=["SPARQL"])
_PARAMETERS = {
    "query": "a SPARQL 1.1 query",
    "default-graph-uri": "a graph of the default graph (repeatable)",
    "named-graph-uri": "a named graph (repeatable)",
    "format": "json, xml, csv, tsv; ttl, nt, rdf, jsonld, n3, trig, nq; or a media type; overrides Accept",
    "timeout": "seconds after which to give up; at most the service's own limit",
}
_DOCUMENTED = [
    {"name": name, "in": "query", "required": False, "description": text, "schema": {"type": "string"}}
    for name, text in _PARAMETERS.items()
]


@router.get("/sparql", summary="Query the graph (SPARQL 1.1 Protocol)", openapi_extra={"parameters": _DOCUMENTED})
async def query_by_get(request: Request) -> Response:
    """A query's answer; without a query the editor for browsers and the service description for others."""
    settings: Settings = request.app.state.settings
    operation = await read_operation(request, settings.query_bytes)
    if operation.query is not None:
        return await _answer(request, operation)
    dataset: Dataset = request.state.dataset
    accept = request.headers.get("accept")
    offer = named_offer(operation.format, RDF_OFFERS) if operation.format else _description_offer(accept)
    if offer is None:
        raise _not_acceptable((HTML, *RDF_OFFERS))
    if offer is HTML:
        return await editor_page(Page(request, dataset))
    address = str(request.url.replace(query=""))
    body = service_description(dataset, address, RDF_FORMATS[offer.format])
    return Response(body, headers={"Content-Type": content_type(offer.media_type)})


@router.post("/sparql", summary="Query the graph by POST", openapi_extra={"parameters": _DOCUMENTED})
async def query_by_post(request: Request) -> Response:
    """The answer to the query in a form or in a body of application/sparql-query."""
    settings: Settings = request.app.state.settings
    return await _answer(request, await read_operation(request, settings.query_bytes))


DIRECT = {"GET": query_by_get, "POST": query_by_post}


def _description_offer(accept: str | None) -> Offer | None:
    return HTML if names(accept, "text/html") else negotiate(accept, RDF_OFFERS)


async def _answer(request: Request, wish: Operation) -> Response:
    settings: Settings = request.app.state.settings
    metrics: Metrics = request.app.state.datasets.metrics
    dataset: Dataset = request.state.dataset
    if not (wish.query or "").strip():
        raise BadRequestError("query", "is missing", "send it as `query`")
    try:
        text = request.state.query = wish.query or ""
        checked = await aside(
            text,
            check,
            text,
            max_bytes=settings.query_bytes,
            max_depth=settings.depth,
            max_tokens=settings.tokens,
            max_graphs=settings.graphs,
            base=dataset.base,
        )
        _check_graphs(dataset, checked, wish)
    except BadRequestError:
        metrics.queries.labels("refused").inc()
        raise
    offer = choose(wish.format, request.headers.get("accept"), RDF_OFFERS if checked.answers_graph else RESULT_OFFERS)
    given = bool(wish.graphs or wish.named_graphs)
    job = Job(
        checked.text,
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


def choose(wish: str | None, accept: str | None, offers: tuple[Offer, ...]) -> Offer:
    """The format of the answer: the wish of `format=`, else by Accept. Raises NotAcceptableError."""
    offer = named_offer(wish, offers) if wish else negotiate(accept, offers)
    if offer is None:
        raise _not_acceptable(offers)
    return offer


def _not_acceptable(offers: tuple[Offer, ...]) -> NotAcceptableError:
    return NotAcceptableError("answer", "cannot be written as asked", f"ask for one of {_list(offers)}")


def _list(offers: tuple[Offer, ...]) -> str:
    return ", ".join(dict.fromkeys(offer.media_type for offer in offers))


def _check_graphs(dataset: Dataset, checked: Checked, wish: Operation) -> None:
    """A graph that is not here would have to be fetched, which we never do; an empty answer would pretend."""
    remedy = "nothing is fetched; list the graphs by SELECT DISTINCT ?g { GRAPH ?g { } }"
    for iri in (*wish.graphs, *wish.named_graphs):
        if iri not in dataset.graphs:
            raise BadRequestError(f"graph <{iri}>", "is not in this dataset", remedy, kind="graph")
    for iri, token in checked.graphs:
        if iri not in dataset.graphs:
            problem = f"the graph <{iri}> is not in this dataset"
            raise BadRequestError(place(checked.text, token), problem, remedy, kind="graph")


assert {offer.format for offer in RESULT_OFFERS} <= RESULT_FORMATS.keys()  # noqa: S101 - two tables that must agree
