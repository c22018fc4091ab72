"""Every other address: a node of the graph as page or RDF, found by its IRI under the base."""

from dataclasses import dataclass, field

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pipeline.vocabulary import DU
from service.context import ThisPage
from service.description import describe, part_number, write
from service.formats import HTML, LINKED, RDF_OFFERS, SUFFIXES, linked_headers, named_offer
from service.labels import best
from service.negotiation import Offer
from service.nodes import Quote, expand, quote_of
from service.pages import Page
from service.problems import MissingError
from service.routes.sparql import choose
from service.sparql_text import ABOUT, ASSERTIONS, INCOMING, INCOMING_COUNT, MOST, OWN_QUOTES
from service.terms import Row, Term

router = APIRouter(tags=["Linked data"])
_HIDDEN = frozenset({f"{DU}evidence"})


@dataclass
class Support:
    """Why a triple is in the graph: an assertion's basis, reason and quotes."""

    basis: str
    reasons: list[Term] = field(default_factory=list)
    written: str = ""
    quotes: list[Quote] = field(default_factory=list)


@dataclass
class Value:
    """One object of a property, its label where it is a node, its support, and whether it only follows by rule."""

    term: Term
    label: str
    support: list[Support]
    derived: bool


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
            raise MissingError(request.url.path, "is no form we write", f"use one of {', '.join(SUFFIXES)}")
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
    if offer is HTML:
        return await _page(page, iri, about)
    path = (page.addresses.path(iri) or request.url.path).partition("#")[0]
    part = await describe(page.dataset, iri, part_number(request.query_params.get("page")))
    body = await write(page.dataset, part.whole(page.dataset.base + path[1:]), offer.format)
    return Response(body, headers=linked_headers(iri, path, offer, part.links(f"{path}.{offer.format}")))


async def _page(page: Page, iri: str, about: list[Row]) -> Response:
    node = ox.NamedNode(iri)
    supports = _supports(await page.dataset.select(ASSERTIONS, s=node))
    own = [quote_of(row) for row in await page.dataset.select(OWN_QUOTES, s=node)]
    incoming = await page.dataset.select(INCOMING, o=node)
    count = await page.dataset.select(INCOMING_COUNT, o=node)
    properties = _properties(page, about, supports)
    label = best([row["o"] for row in about if row["p"].value == expand("rdfs:label")], page.language)
    title = label or best([row["o"] for row in about if row["p"].value == expand("skos:prefLabel")], page.language)
    return page.render(
        "resource.html",
        iri=iri,
        title=title.value if title else page.name(iri),
        types=list(dict.fromkeys(row["o"].value for row in about if row["p"].value == expand("rdf:type"))),
        properties=properties,
        quotes=own,
        incoming=_incoming(page, incoming),
        incoming_count=int(count[0]["count"].value) if count else 0,
        cut=len(about) >= MOST,
        is_plan=any(row["o"].value == f"{DU}Plan" for row in about),
        suffixes=SUFFIXES[:4],
    )


def _supports(found: list[Row]) -> dict[tuple[str, Term], list[Support]]:
    """(property, object) → its assertions, from one row per assertion, reason and quote."""
    by_assertion: dict[str, Support] = {}
    result: dict[tuple[str, Term], list[Support]] = {}
    for row in found:
        name = row["assertion"].value
        if name not in by_assertion:
            written = row["written"].value if "written" in row else ""
            by_assertion[name] = Support(row["basis"].value if "basis" in row else "", [], written)
            result.setdefault((row["p"].value, row["o"]), []).append(by_assertion[name])
        support = by_assertion[name]
        if "reason" in row and row["reason"] not in support.reasons:
            support.reasons.append(row["reason"])
        if "quote" in row and (quote := quote_of(row)) not in support.quotes:
            support.quotes.append(quote)
    return result


def _properties(
    page: Page, about: list[Row], supports: dict[tuple[str, Term], list[Support]]
) -> dict[str, list[Value]]:
    """Property → its values in the order of the rows, each once; labels in the reader's language."""
    labels: dict[Term, list[Term]] = {}
    order: dict[tuple[str, Term], bool] = {}
    for row in about:
        if row["p"].value not in _HIDDEN:
            key = (row["p"].value, row["o"])
            order[key] = order.get(key, True) and row["g"].value.endswith("/derived")
            if "label" in row:
                labels.setdefault(row["o"], []).append(row["label"])
    properties: dict[str, list[Value]] = {}
    for (predicate, thing), derived in order.items():
        label = best(labels.get(thing, []), page.language)
        value = Value(thing, label.value if label else page.show(thing), supports.get((predicate, thing), []), derived)
        properties.setdefault(predicate, []).append(value)
    return properties


def _incoming(page: Page, found: list[Row]) -> dict[str, dict[str, str]]:
    """Property → subject → label."""
    labels: dict[tuple[str, str], list[Term]] = {}
    for row in found:
        known = labels.setdefault((row["p"].value, row["s"].value), [])
        if "label" in row:
            known.append(row["label"])
    result: dict[str, dict[str, str]] = {}
    for (predicate, subject), terms in labels.items():
        label = best(terms, page.language)
        result.setdefault(predicate, {})[subject] = label.value if label else page.name(subject)
    return result
