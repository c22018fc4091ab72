"""`/sparql`: the SPARQL 1.1 Protocol for queries; the editor page for browsers; the service description."""

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.answers import answer
from service.aside import aside
from service.context import Counters, Data, Given, ThisPage
from service.dataset import Dataset
from service.editor import EXAMPLES, installed
from service.formats import HTML, RDF_FORMATS, RDF_OFFERS, RESULT_FORMATS, RESULT_OFFERS, content_type, named_offer
from service.frames import Job
from service.guard import Checked, check, place
from service.negotiation import Offer, names, negotiate
from service.problems import BadRequestError, NotAcceptableError
from service.protocol import Operation, read_operation
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
async def query_by_get(request: Request, dataset: Data, page: ThisPage, settings: Given, metrics: Counters) -> Response:
    """A query's answer; without a query the editor for browsers and the service description for others."""
    operation = await read_operation(request, settings.query_bytes)
    if operation.query is not None:
        return await _answer(request, dataset, settings, metrics, operation)
    accept = request.headers.get("accept")
    offer = named_offer(operation.format, RDF_OFFERS) if operation.format else _description_offer(accept)
    if offer is None:
        raise _not_acceptable((HTML, *RDF_OFFERS))
    if offer is HTML:
        return page.render("editor.html", installed=installed(), examples=EXAMPLES, query="")
    address = str(request.url.replace(query=""))
    body = service_description(dataset, address, RDF_FORMATS[offer.format])
    return Response(body, headers={"Content-Type": content_type(offer.media_type)})


@router.post("/sparql", summary="Query the graph by POST", openapi_extra={"parameters": _DOCUMENTED})
async def query_by_post(request: Request, dataset: Data, settings: Given, metrics: Counters) -> Response:
    """The answer to the query in a form or in a body of application/sparql-query."""
    operation = await read_operation(request, settings.query_bytes)
    return await _answer(request, dataset, settings, metrics, operation)


def _description_offer(accept: str | None) -> Offer | None:
    return HTML if names(accept, "text/html") else negotiate(accept, RDF_OFFERS)


async def _answer(request: Request, dataset: Dataset, settings: Given, metrics: Counters, wish: Operation) -> Response:
    if not (wish.query or "").strip():
        raise BadRequestError("query", "is missing", "send it as `query`")
    try:
        text = wish.query or ""
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
        refuse_unknown_graphs(dataset, checked, (*wish.graphs, *wish.named_graphs))
    except BadRequestError:
        metrics.queries["refused"] += 1
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


def refuse_unknown_graphs(dataset: Dataset, checked: Checked, named: Sequence[str] = ()) -> None:
    """Of the graphs after FROM and those `named` beside the query, one that is not here would have to be fetched, which
    we never do; an empty answer would pretend. Raises BadRequestError."""
    remedy = "nothing is fetched; list the graphs by SELECT DISTINCT ?g { GRAPH ?g { } }"
    for iri in named:
        if iri not in dataset.graphs:
            raise BadRequestError(f"graph <{iri}>", "is not in this dataset", remedy, kind="graph")
    for iri, token in checked.graphs:
        if iri not in dataset.graphs:
            problem = f"the graph <{iri}> is not in this dataset"
            raise BadRequestError(place(checked.text, token), problem, remedy, kind="graph")


assert {offer.format for offer in RESULT_OFFERS} <= RESULT_FORMATS.keys()  # noqa: S101 - two tables that must agree
