"""Every other address: a node of the graph as page or RDF, found by its IRI under the base."""

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pipeline.vocabulary import PREFIXES
from service.context import ThisPage
from service.formats import HTML, RDF_OFFERS, content_type, named_offer
from service.negotiation import Offer
from service.pages import Page
from service.problems import MissingError
from service.routes.sparql import choose
from service.sparql_text import ABOUT, DESCRIPTION
from service.views import node_page

router = APIRouter(tags=["Linked data"])
SUFFIXES = ("ttl", "nt", "jsonld", "rdf", "html")
OFFERS = (HTML, *(offer for offer in RDF_OFFERS if offer.format in SUFFIXES))


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
    return suffix != "html" and _offer(request, suffix) is not HTML


def _offer(request: Request, suffix: str) -> Offer:
    if suffix == "html":
        return HTML
    if suffix:
        offer = named_offer(suffix, RDF_OFFERS) if suffix in SUFFIXES else None
        if offer is None:
            raise MissingError(request.url.path, "is no form we write", f"use one of {', '.join(SUFFIXES)}")
        return offer
    return choose(request.query_params.get("format"), request.headers.get("accept"), OFFERS)


async def linked_data(request: Request, page: Page, iris: tuple[str, ...], suffix: str) -> Response:
    """The first of the IRIs that the graph knows, in the form asked for. Raises MissingError and NotAcceptableError."""
    offer = _offer(request, suffix)
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
    links = [f'<{iri}>; rel="canonical"']
    links += [f'<{path}.{o.format}>; rel="alternate"; type="{o.media_type}"' for o in OFFERS[:5]]
    headers = {"Link": ", ".join(links), "Content-Location": f"{path}.{offer.format}"}
    if offer is HTML:
        response = await node_page(page, iri, about)
        response.headers.update(headers)
        return response
    body = await page.dataset.ask_pages(DESCRIPTION, "nt" if offer.format == "ttl" else offer.format, s=node)
    if offer.format == "ttl":
        body = readable_turtle(body)
    return Response(body, headers={**headers, "Content-Type": content_type(offer.media_type)})


def readable_turtle(ntriples: bytes) -> bytes:
    """The same triples as Turtle with prefixes; the same input gives the same bytes."""
    triples = (quad.triple for quad in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES))
    turtle = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b""
    # The serialiser writes the prefixes in an order that changes from run to run.
    rows = turtle.decode().splitlines(keepends=True)
    return "".join(sorted(rows, key=lambda row: row if row.startswith("@prefix") else "~")).encode()
