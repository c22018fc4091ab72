"""The namespaces and graph names every part of ducha shares (DESIGN §4). Terms are declared in `ontology/`."""

DU = "https://w3id.org/ducha/ontology#"
DUC = "https://w3id.org/ducha/concept/"
SHAPE = "https://w3id.org/ducha/shape/"
FUNCTION = "https://w3id.org/ducha/function/"
DEFAULT_BASE = "https://w3id.org/ducha/"

PREFIXES: dict[str, str] = {
    "du": DU,
    "duc": DUC,
    "dus": SHAPE,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "sh": "http://www.w3.org/ns/shacl#",
}


def graph_iri(base: str, *path: str) -> str:
    """A named graph's IRI: `graph/ontology`, `graph/concepts`, `graph/regions`, `graph/links`, `graph/validation`,
    `graph/document/<id>/stated`, `graph/document/<id>/derived`."""
    return f"{base}graph/{'/'.join(path)}"


def short(iri: str, base: str = "") -> str:
    """An IRI with its prefix (`du:Issue`), or as what follows the base; else as it is."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri.removeprefix(base)
