"""`/ontology`: the terms for readers, their picture, and the ontology's files for machines."""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pipeline.errors import Wording
from service.context import Data, ThisPage
from service.dataset import Dataset
from service.formats import HTML, RDF_OFFERS, choose, linked_headers, named_offer
from service.jsonld import read_context
from service.negotiation import Offer
from service.ontology.downloads import ontology_triples, serialise
from service.ontology.model import ONTOLOGY, Ontology, kept_ontology
from service.ontology.view import FILES, picture_alone, view
from service.ontology.words import Words
from service.pages import STATIC, Page
from service.problems import MissingError

router = APIRouter(tags=["Linked data"])
OFFERS = (HTML, *RDF_OFFERS)


@router.get("/ontology", summary="The terms of the graph")
async def ontology(request: Request, dataset: Data, page: ThisPage) -> Response:
    """A page of classes, properties and concepts, or the ontology as RDF."""
    offer = choose(request.query_params.get("format"), request.headers.get("accept"), OFFERS)
    return await _answer(offer, dataset, page)


@router.get("/ontology.{suffix}", summary="The ontology as a file")
async def file(suffix: str, dataset: Data, page: ThisPage) -> Response:
    """`ttl`, `rdf`, `jsonld` or `nt`: the same triples in every format; `html` is the page."""
    return await _answer(_named(suffix, f"/ontology.{suffix}"), dataset, page)


@router.get("/ontology/context.jsonld", summary="A JSON-LD context with all terms")
async def context(dataset: Data) -> Response:
    """Short names for the terms of the graph, made from the ontology; JSON-LD of nodes carries the part that it uses."""
    body = (await read_context(dataset)).whole()
    return Response(body, headers={"Content-Type": "application/ld+json"})


@router.get("/ontology/diagram.svg", summary="The main classes as a picture")
async def diagram(dataset: Data, page: ThisPage) -> Response:
    """The classes and the properties between them, from their domains and ranges; light or dark as the screen."""
    picture = picture_alone(_words(await kept_ontology(dataset), page), (STATIC / "diagram.css").read_text("utf-8"))
    return Response(picture, headers={"Content-Type": "image/svg+xml"})


@router.get("/ontology/{version}", summary="The terms of the graph, by the ontology's version")
async def versioned(version: str, request: Request, dataset: Data, page: ThisPage) -> Response:
    """What the version IRI names; 404 for a version that this snapshot does not hold."""
    present = (await kept_ontology(dataset)).version
    stem, _, suffix = version.rpartition(".")
    if stem == present:
        return await _answer(_named(suffix, f"/ontology/{version}"), dataset, page)
    if version != present:
        remedy = Wording("see {address}", address=f"/ontology/{present}")
        raise MissingError(f"/ontology/{version}", "is not the version served here", remedy)
    return await ontology(request, dataset, page)


def _named(suffix: str, address: str) -> Offer:
    if suffix == HTML.format:
        return HTML
    offer = named_offer(suffix, RDF_OFFERS) if suffix in FILES.values() else None
    if offer is None:
        raise MissingError(
            address, "is no file of the ontology", Wording("use one of {names}", names=", ".join(FILES.values()))
        )
    return offer


async def _answer(offer: Offer, dataset: Dataset, page: Page) -> Response:
    if offer is not HTML:
        body = await asyncio.to_thread(serialise, await ontology_triples(dataset), offer.format)
        return Response(body, headers=linked_headers(ONTOLOGY, "/ontology", offer))
    words = _words(await kept_ontology(dataset), page)
    return page.render(
        "ontology.html",
        iri=ONTOLOGY,
        **view(words, dataset.base),
        layout="base.html",
        static="/static/",
        files={label: f"/ontology.{suffix}" for label, suffix in FILES.items()},
        picture_file=f"/ontology/diagram.svg?lang={page.language}",
        findings=lambda iri: f"/validation?rule={iri.rpartition('/')[2]}",
    )


def _words(read: Ontology, page: Page) -> Words:
    return Words(read, page.dataset.labels, page.language, page.addresses.href)
