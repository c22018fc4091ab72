"""Every other address: a node of the graph as page or RDF, found by its IRI under the base."""

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pipeline.errors import Wording
from service.context import ThisPage
from service.description import describe, part_number, write
from service.formats import HTML, LINKED, RDF_OFFERS, SUFFIXES, choose, linked_headers, named_offer
from service.negotiation import Offer
from service.pages import Page
from service.problems import MissingError
from service.sparql_text import ABOUT
from service.views import node_page

router = APIRouter(tags=["Linked data"])


@router.get("/{path:path}", summary="A node of the graph, by its IRI under the base", response_model=None)
async def resource(path: str, request: Request, page: ThisPage) -> Response:
    """Page, Turtle, N-Triples, JSON-LD or RDF/XML by Accept or by a suffix of the address. 404 where nothing is known."""
    raw = request.scope["raw_path"].decode("ascii", "replace").lstrip("/")
    stem, dot, suffix = raw.rpartition(".")
    if dot and suffix in SUFFIXES:
        return await linked_data(request, page, page.addresses.iris(stem), suffix)
    return await linked_data(request, page, page.addresses.iris(raw), "")


def rdf_wish(request: Request, suffix: str) -> bool:
    """Whether the request wants RDF rather than a page. Raises NotAcceptableError."""
    return suffix != "html" and offer_of(request, suffix) is not HTML


def offer_of(request: Request, suffix: str) -> Offer:
    """The form that a suffix, `format=` or Accept asks for. Raises MissingError and NotAcceptableError."""
    if suffix == "html":
        return HTML
    if suffix:
        offer = named_offer(suffix, RDF_OFFERS) if suffix in SUFFIXES else None
        if offer is None:
            raise MissingError(
                request.url.path, "is no form we write", Wording("use one of {names}", names=", ".join(SUFFIXES))
            )
        return offer
    return choose(request.query_params.get("format"), request.headers.get("accept"), LINKED)


async def linked_data(request: Request, page: Page, iris: tuple[str, ...], suffix: str) -> Response:
    """The first of the IRIs that the graph knows, in the form asked for. Raises MissingError and NotAcceptableError."""
    offer = offer_of(request, suffix)
    for iri in iris:
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            continue
        if about := await page.dataset.select(ABOUT, s=node):
            break
    else:
        raise MissingError(request.url.path, "is not known here", "look for it at /search")
    path = (page.addresses.path(iri) or request.url.path).partition("#")[0]
    if offer is HTML:
        response = await node_page(page, iri, about)
        response.headers.update(linked_headers(iri, path, HTML))
        return response
    part = await describe(page.dataset, iri, part_number(request.query_params.get("page")))
    body = await write(page.dataset, part.whole(page.dataset.base + path[1:]), offer.format)
    return Response(body, headers=linked_headers(iri, path, offer, part.links(f"{path}.{offer.format}")))
