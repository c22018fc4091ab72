"""What machines read about the service: SPARQL 1.1 Service Description (https://www.w3.org/TR/sparql11-service-description/)."""

import pyoxigraph as ox

from pipeline.search.function import FUNCTIONS
from pipeline.vocabulary import PREFIXES
from service.catalog import catalogue
from service.dataset import Dataset
from service.formats import RDF_FORMATS, RESULT_FORMATS
from service.search_property import SEARCH

SD = "http://www.w3.org/ns/sparql-service-description#"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def service_description(dataset: Dataset, endpoint: str, form: ox.RdfFormat) -> bytes:
    """The description of the endpoint at this address; the same snapshot gives the same bytes.

    The service is a blank node, as in the specification's examples: clients such as Comunica look for one, or for the
    address itself, which has a query where the description was asked for by a parameter.
    """
    service, default = ox.BlankNode("service"), ox.NamedNode(f"{endpoint}#dataset")
    about = [
        ox.Triple(service, _TYPE, _sd("Service")),
        ox.Triple(service, _sd("endpoint"), ox.NamedNode(endpoint)),
        ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        ox.Triple(service, _sd("feature"), _sd("UnionDefaultGraph")),
        ox.Triple(service, _sd("defaultDataset"), default),
        ox.Triple(default, _TYPE, _sd("Dataset")),
        ox.Triple(default, ox.NamedNode(f"{PREFIXES['rdfs']}seeAlso"), ox.NamedNode(f"{dataset.base}dataset")),
        *_as_described(dataset, service),
    ]
    about += [ox.Triple(service, _sd("extensionFunction"), function) for function in FUNCTIONS if not dataset.endpoint]
    about += [ox.Triple(function, _TYPE, _sd("Function")) for function in FUNCTIONS if not dataset.endpoint]
    about.append(ox.Triple(service, _sd("propertyFeature"), ox.NamedNode(SEARCH)))
    about.append(ox.Triple(ox.NamedNode(SEARCH), _TYPE, _sd("Feature")))
    for iri in (*(one.iri for one in RESULT_FORMATS.values()), *(one.iri for one in RDF_FORMATS.values())):
        about.append(ox.Triple(service, _sd("resultFormat"), ox.NamedNode(iri)))
    for number, graph in enumerate(sorted(dataset.graphs), start=1):
        named = ox.NamedNode(f"{endpoint}#graph-{number}")
        about.append(ox.Triple(default, _sd("namedGraph"), named))
        about.append(ox.Triple(named, _TYPE, _sd("NamedGraph")))
        about.append(ox.Triple(named, _sd("name"), ox.NamedNode(graph)))
    return ox.serialize(about, format=form) or b""


def _as_described(dataset: Dataset, service: ox.BlankNode) -> list[ox.Triple]:
    """What the catalogue says of the endpoint, under the address at which it was asked."""
    known = ox.NamedNode(f"{dataset.base}sparql")
    return [
        ox.Triple(service, one.predicate, service if one.object == known else one.object)
        for one in catalogue(dataset, statistics=False)
        if one.subject == known
    ]


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)
