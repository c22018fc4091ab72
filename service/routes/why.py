"""`/sparql/why`: which piece of a query's pattern leaves it without rows, and what its terms might have been meant to be."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from service.context import Counters, Data, Given, ThisPage
from service.empty import explain
from service.formats import HTML, choose
from service.guard import admit
from service.negotiation import Offer
from service.problems import BadRequestError
from service.protocol import read_operation

router = APIRouter(tags=["SPARQL"])
OFFERS = (Offer("application/json", "json"), HTML)
_QUERY = {
    "name": "query",
    "in": "query",
    "required": True,
    "description": "a SPARQL 1.1 query that has no rows",
    "schema": {"type": "string"},
    "example": "SELECT * WHERE { ?s ?p ?o FILTER(false) }",
}


@router.get("/sparql/why", summary="Why a query has no rows", openapi_extra={"parameters": [_QUERY]})
async def why_by_get(request: Request, dataset: Data, page: ThisPage, settings: Given, metrics: Counters) -> Response:
    """The piece of the pattern that empties the join, with line and column; terms that the graph does not have, and
    what is spelt alike. The query is given as to `/sparql`; graphs are those it names itself."""
    return await _why(request, dataset, page, settings, metrics)


@router.post("/sparql/why", summary="Why a query has no rows, by POST", openapi_extra={"parameters": [_QUERY]})
async def why_by_post(request: Request, dataset: Data, page: ThisPage, settings: Given, metrics: Counters) -> Response:
    """The same for a query in a form or in a body of application/sparql-query."""
    return await _why(request, dataset, page, settings, metrics)


async def _why(request: Request, dataset: Data, page: ThisPage, settings: Given, metrics: Counters) -> Response:
    operation = await read_operation(request, settings.query_bytes)
    offer = choose(operation.formats[0] if operation.formats else None, request.headers.get("accept"), OFFERS)
    text = operation.query or ""
    try:
        if not text.strip():
            raise BadRequestError("query", "is missing", "send it as `query`")
        if operation.graphs or operation.named_graphs:
            raise BadRequestError("graphs", "cannot be given here", "write FROM into the query", kind="graph")
        checked = await admit(text, settings, dataset.base)
    except BadRequestError:
        metrics.queries.labels("refused").inc()
        raise
    timeout = min(operation.timeout or settings.timeout, settings.timeout)
    why = await explain(dataset, checked.text, timeout)
    if offer is HTML:
        return page.render("why.html", why=why, query=checked.text)
    return JSONResponse(why.as_json(), headers={"Cache-Control": "no-cache" if why.complete else "no-store"})
