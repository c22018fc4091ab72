"""`/ontology`: the terms for readers, and the ontology's graph for machines."""

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pipeline.vocabulary import DU, DUC
from service.context import Data, ThisPage
from service.formats import HTML, RDF_OFFERS, content_type
from service.nodes import Node, gather
from service.routes.sparql import choose

router = APIRouter(tags=["Linked data"])
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?g { UNDEF } GRAPH ?g { ?s ?p ?o } }"
TERMS = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?s ?p ?o WHERE {
  VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty skos:ConceptScheme skos:Concept }
  ?s a ?kind .
  ?s ?p ?o .
  FILTER(isIRI(?s))
  FILTER(!isBlank(?o))
} ORDER BY ?s ?p ?o
"""
CLASSES, PROPERTIES = "Class", ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")


@router.get("/ontology", summary="The terms of the graph")
async def ontology(request: Request, dataset: Data, page: ThisPage) -> Response:
    """A page of classes, properties and concepts, or the ontology's graph as RDF."""
    offer = choose(request.query_params.get("format"), request.headers.get("accept"), (HTML, *RDF_OFFERS))
    if offer is not HTML:
        body = await dataset.ask_pages(GRAPH, offer.format, g=ox.NamedNode(f"{dataset.base}graph/ontology"))
        return Response(body, headers={"Content-Type": content_type(offer.media_type)})
    nodes = gather(await dataset.select(TERMS))
    ours = [node for node in nodes.values() if node.iri.startswith((DU, DUC))]
    concepts = [node for node in ours if _is(node, "Concept")]
    return page.render(
        "ontology.html",
        classes=[node for node in ours if _is(node, CLASSES)],
        properties=[node for node in ours if any(_is(node, kind) for kind in PROPERTIES)],
        schemes=_schemes(concepts),
        du=DU,
    )


def _is(node: Node, kind: str) -> bool:
    return any(iri.rpartition("#")[2] == kind for iri in node.types())


def _schemes(concepts: list[Node]) -> dict[str, list[Node]]:
    """Scheme → its concepts."""
    found: dict[str, list[Node]] = {}
    for concept in concepts:
        for scheme in concept.all("skos:inScheme"):
            found.setdefault(scheme.value, []).append(concept)
    return dict(sorted(found.items()))
