"""`/document/{id}`: a document's text with its facts highlighted, exactly as stored, and the facts beside it."""

from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pipeline.curation.values import decidable
from pipeline.errors import Wording
from pipeline.vocabulary import DU
from service.context import Data, ThisPage
from service.highlight import Segment, Span, excerpt, segments
from service.labels import best, curie
from service.pages import Page
from service.problems import MissingError
from service.routes.resources import linked_data, rdf_wish
from service.sparql_text import ABOUT
from service.terms import Row, Term
from service.views import node

router = APIRouter(tags=["Linked data"])
AROUND = 40  # characters shown on either side of a quote where the whole text may not be shown
QUOTES_ONLY = "quotes-only"
_KINDS = {
    "gap": ("Gap",),
    "finding": ("Finding",),
    "count": ("StatedCount",),
    "target": ("Target", "Baseline"),
    "issue": ("Issue", "IssueCategory"),
    "measure": ("Measure", "MeasureCategory", "Duty", "Safeguard"),
    "goal": ("Goal", "Principle", "GuidingThought"),
    "organization": ("Organization", "Post"),
    "visit": ("Supervision", "SupervisionTeam", "Round", "Plan", "Document"),
    "value": ("Assertion",),
    "correction": ("Correction",),
}
_KIND_OF = {name: kind for kind, names in _KINDS.items() for name in names}
KINDS = (
    "issue",
    "measure",
    "target",
    "goal",
    "count",
    "visit",
    "organization",
    "value",
    "gap",
    "finding",
    "correction",
)

FACTS = """
PREFIX du: <https://w3id.org/ducha/ontology#>
SELECT DISTINCT ?s ?begin ?end WHERE {
  VALUES ?document { UNDEF }
  ?evidence du:document ?document ; du:begin ?begin ; du:end ?end .
  ?s du:evidence ?evidence .
} ORDER BY ?begin ?end ?s
"""
DETAILS = """
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?s ?p ?o WHERE {
  VALUES ?document { UNDEF }
  ?evidence du:document ?document .
  ?s du:evidence ?evidence .
  VALUES ?p { rdf:type rdfs:label du:basis du:reason du:message du:number rdf:subject rdf:predicate rdf:object
              du:gapKind du:valueText du:unitText du:countOf du:correction du:factKey du:extractedValue }
  ?s ?p ?o .
} ORDER BY ?s ?p ?o
"""
NAMES = """
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?o ?label WHERE {
  VALUES ?document { UNDEF }
  ?evidence du:document ?document .
  ?fact du:evidence ?evidence .
  VALUES ?part { rdf:subject rdf:object du:correction }
  ?fact ?part ?o .
  ?o rdfs:label ?label .
} ORDER BY ?o ?label
"""


@dataclass
class Fact:
    """One line of the list: a node, what it says, and every place that supports it."""

    number: int
    iri: str
    kind: str
    places: list[tuple[int, int]] = field(default_factory=list)
    properties: dict[str, list[Term]] = field(default_factory=dict)
    type_iri: str = ""
    text: str = ""
    basis: str = ""
    reason: str = ""
    key: str = ""
    """What a correction of it is about: a node, or a node and a property; empty for what is no fact."""
    decision: str = ""
    """What a curator decided about it, where that is not the reason already."""


@router.get("/document/{name}", summary="A document with its facts", response_model=None)
async def document(name: str, request: Request, dataset: Data, page: ThisPage) -> Response:
    """The page of a document, or its RDF; `name` is its id, with a suffix such as `.ttl` where RDF is wanted."""
    identifier, _, suffix = name.partition(".")
    entry = next((entry for entry in dataset.snapshot.manifest.get("documents", []) if entry["id"] == identifier), None)
    iri = f"{dataset.base}document/{identifier}"
    if entry is None or rdf_wish(request, suffix):
        return await linked_data(request, page, (iri,), suffix)
    text = dataset.snapshot.text(identifier)
    facts = await _facts(page, iri)
    chosen = next((fact for fact in facts if fact.iri == dataset.base + request.query_params.get("fact", "")), None)
    values = {
        "document": entry,
        "iri": iri,
        "facts": facts,
        "kinds": [k for k in KINDS if any(f.kind == k for f in facts)],
        "chosen": chosen,
        "triples": await _triples(page, iri, chosen.iri) if chosen else None,
        "pinned": _asked(facts, f"{dataset.base}finding/{request.query_params.get('finding')}"),
    }
    spans = [
        Span(begin, end, fact.kind, fact.number, fact.kind in ("value", "correction"))
        for fact in facts
        for begin, end in fact.places
    ]
    if entry.get("rights") == QUOTES_ONLY:
        return page.render("document.html", segments=None, excerpts=_excerpts(text, spans), **values)
    return page.render("document.html", segments=segments(text, spans), excerpts=None, **values)


@router.get("/document/{identifier}/triples", summary="The triples of one fact of a document", include_in_schema=False)
async def triples(identifier: str, dataset: Data, page: ThisPage, fact: str) -> Response:
    """A piece of the document's page: `fact` is a node's IRI below the base. 404 where it is none of this document."""
    document, node = f"{dataset.base}document/{identifier}", dataset.base + fact
    found = await _triples(page, document, node)
    if found is None:
        problem = Wording("is no fact of document {name}", name=identifier)
        raise MissingError(fact[:100], problem, "take a link of its page")
    return page.render("triples.html", triples=found)


async def _triples(page: Page, document: str, iri: str) -> dict[str, Any] | None:
    """What the graph says of a fact, each triple with its places in this document; None where it says nothing there."""
    try:
        node_of = ox.NamedNode(iri)
    except ValueError:
        return None
    about = await page.dataset.select(ABOUT, s=node_of)
    if not about:
        return None
    subject = node.subject(page, iri, about)
    said = await node.statements(page, subject)
    own = [quote for quote in said["quotes"] if quote.document == document]
    return {**said, "quotes": own, "document": document} if own else None


def _asked(facts: list[Fact], iri: str) -> Fact | None:
    """The finding whose evidence is to be marked throughout: what `?finding=` names."""
    return next((fact for fact in facts if fact.iri == iri), None)


def _excerpts(text: str, spans: list[Span]) -> list[tuple[str, Segment, str]]:
    """Each quoted place once, with a little of what stands around it."""
    found: list[tuple[str, Segment, str]] = []
    for begin, end in sorted({(span.begin, span.end) for span in spans}):
        here = tuple(span for span in spans if (span.begin, span.end) == (begin, end))
        before, quoted, after = excerpt(text, begin, end, AROUND)
        found.append((before, Segment(begin, quoted, here, True), after))
    return found


async def _facts(page: Page, iri: str) -> list[Fact]:
    term = ox.NamedNode(iri)
    facts: dict[str, Fact] = {}
    for row in await page.dataset.select(FACTS, document=term):
        fact = facts.setdefault(row["s"].value, Fact(len(facts) + 1, row["s"].value, "value"))
        fact.places.append((int(row["begin"].value), int(row["end"].value)))
    for row in await page.dataset.select(DETAILS, document=term):
        if row["s"].value in facts:
            facts[row["s"].value].properties.setdefault(row["p"].value, []).append(row["o"])
    names = _names(await page.dataset.select(NAMES, document=term), page)
    for fact in facts.values():
        _describe(fact, page, names)
    return list(facts.values())


def _names(found: list[Row], page: Page) -> dict[str, str]:
    labels: dict[str, list[Term]] = {}
    for row in found:
        labels.setdefault(row["o"].value, []).append(row["label"])
    return {iri: term.value for iri, terms in labels.items() if (term := best(terms, page.language))}


def _describe(fact: Fact, page: Page, names: dict[str, str]) -> None:
    """Fills in the kind and the words of a fact from its properties."""

    def value(name: str) -> Term | None:
        found = [term for iri, terms in fact.properties.items() if iri.endswith(name) for term in terms]
        return best(found, page.language)

    types = {term.value for iri, terms in fact.properties.items() if iri.endswith("#type") for term in terms}
    own = [name for name in _KIND_OF if DU + name in types]
    fact.type_iri = DU + own[0] if own else next(iter(sorted(types)), "")
    fact.kind = _KIND_OF[own[0]] if own else "value"
    shown: dict[str, Any] = {name: value(name) for name in ("#label", "#message", "#gapKind", "#object", "#countOf")}
    if fact.kind == "value" and shown["#object"] and (predicate := value("#predicate")):
        thing = shown["#object"]
        fact.text = f"{page.name(predicate.value)}: {names.get(thing.value) or page.show(thing)}"
    elif fact.kind == "count" and shown["#countOf"]:
        numeral, unit = value("#valueText"), value("#unitText")
        amount = f"{numeral.value if numeral else ''}{unit.value if unit else ''}"
        fact.text = f"{page.name(shown['#countOf'].value)}: {amount}"
    else:
        term = shown["#label"] or shown["#message"] or shown["#gapKind"]
        fact.text = page.show(term) if term else page.name(fact.iri)
    if fact.kind == "correction" and (key := value("#factKey")):
        old = value("#extractedValue")
        fact.text = f"{key.value}{f' = {old.value}' if old else ''}: {fact.text}"
    fact.key = _key(fact, page, value("#subject"), value("#predicate"))
    basis, reason, decision = value("#basis"), value("#reason"), value("#correction")
    fact.basis = basis.value if basis else ""
    fact.reason = reason.value if reason else ""
    if decision and not fact.basis.endswith("corrected"):
        fact.decision = names.get(decision.value, "")


def _key(fact: Fact, page: Page, subject: Term | None, predicate: Term | None) -> str:
    """The key by which a correction names the fact: of an assertion, the triple that it is about."""
    if fact.kind == "correction":
        return ""
    if fact.kind == "value" and subject and predicate:
        named = ox.NamedNode(predicate.value)
        return f"{subject.value.removeprefix(page.dataset.base)} {curie(named.value)}" if decidable(named) else ""
    return fact.iri.removeprefix(page.dataset.base)
