"""The formats we write: media types, the short names of `format=`, and the suffixes of addresses."""

from collections.abc import Sequence

import pyoxigraph as ox

from pipeline.errors import Wording
from service.negotiation import Offer, negotiate
from service.problems import NotAcceptableError

RESULT_FORMATS: dict[str, ox.QueryResultsFormat] = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
RDF_FORMATS: dict[str, ox.RdfFormat] = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "n3": ox.RdfFormat.N3,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}

RESULT_OFFERS = (
    Offer("application/sparql-results+json", "json"),
    Offer("application/sparql-results+xml", "xml"),
    Offer("text/csv", "csv"),
    Offer("text/tab-separated-values", "tsv"),
    Offer("application/json", "json"),
    Offer("application/xml", "xml"),
    Offer("text/xml", "xml"),
)
RDF_OFFERS = (
    Offer("text/turtle", "ttl"),
    Offer("application/n-triples", "nt"),
    Offer("application/rdf+xml", "rdf"),
    Offer("application/ld+json", "jsonld"),
    Offer("text/n3", "n3"),
    Offer("application/trig", "trig"),
    Offer("application/n-quads", "nq"),
    Offer("application/x-turtle", "ttl"),
    Offer("application/json", "jsonld"),
    Offer("application/xml", "rdf"),
    Offer("text/xml", "rdf"),
    Offer("text/plain", "nt"),
)
HTML = Offer("text/html", "html")
SUFFIXES = ("ttl", "nt", "jsonld", "rdf", "html")
LINKED = (HTML, *(offer for offer in RDF_OFFERS if offer.format in SUFFIXES))
"""The forms of a node."""

_SHORT_NAMES = {"turtle": "ttl", "ntriples": "nt", "n-triples": "nt", "rdfxml": "rdf", "rdf+xml": "rdf"}
_SHORT_NAMES |= {"json-ld": "jsonld", "n-quads": "nq", "nquads": "nq", "srj": "json", "srx": "xml"}
_OF_GRAPHS = {"json": "jsonld", "xml": "rdf"}  # clients ask for graphs by the names of the tables too


def named_offer(name: str, offers: tuple[Offer, ...]) -> Offer | None:
    """The offer that a `format=` value means: a media type or a short name, in any case; None when unknown."""
    name = name.strip().lower()
    short = _SHORT_NAMES.get(name, name)
    found = next((offer for offer in offers if name == offer.media_type or short == offer.format), None)
    return found or next((offer for offer in offers if _OF_GRAPHS.get(name) == offer.format), None)


def first_wish(formats: Sequence[str], offers: tuple[Offer, ...]) -> str | None:
    """Of several wishes of `format=` the first that can be met, else the first, else None."""
    return next((name for name in formats if named_offer(name, offers)), formats[0] if formats else None)


def choose(wish: str | None, accept: str | None, offers: tuple[Offer, ...]) -> Offer:
    """The format of an answer: the wish of `format=`, else by Accept. Raises NotAcceptableError."""
    offer = named_offer(wish, offers) if wish else negotiate(accept, offers)
    if offer is None:
        raise not_acceptable(offers)
    return offer


def not_acceptable(offers: tuple[Offer, ...]) -> NotAcceptableError:
    """What is said where no offer will do."""
    names = ", ".join(dict.fromkeys(offer.media_type for offer in offers))
    return NotAcceptableError("answer", "cannot be written as asked", Wording("ask for one of {names}", names=names))


def content_type(media_type: str) -> str:
    """The header's value: the text types say their encoding."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def linked_headers(iri: str, path: str, offer: Offer, more: Sequence[str] = ()) -> dict[str, str]:
    """What an answer about a node says of itself: its type, its own address, the IRI that it is about, its other forms,
    and `more` entries of Link."""
    links = [f'<{iri}>; rel="canonical"']
    links += [f'<{path}.{one.format}>; rel="alternate"; type="{one.media_type}"' for one in LINKED[: len(SUFFIXES)]]
    return {
        "Link": ", ".join([*links, *more]),
        "Content-Location": f"{path}.{offer.format}",
        "Content-Type": content_type(offer.media_type),
    }
