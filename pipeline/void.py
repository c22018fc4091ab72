"""The VoID and DCAT description of a snapshot (https://www.w3.org/TR/void/, https://www.w3.org/TR/vocab-dcat-3/)."""

from collections.abc import Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from pipeline.serialise import turtle
from pipeline.vocabulary import PREFIXES

VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
NAMESPACES = {**PREFIXES, "void": VOID, "dcat": DCAT}
N_QUADS_MEDIA_TYPE = "https://www.iana.org/assignments/media-types/application/n-quads"

COUNT_CLASSES = """
SELECT ?class (COUNT(DISTINCT ?instance) AS ?count)
WHERE { ?instance a ?class FILTER(isIRI(?class)) } GROUP BY ?class
"""


def class_counts(store: ox.Store) -> dict[str, int]:
    """Class IRI → number of its instances."""
    rows = store.query(COUNT_CLASSES)
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 - narrows the type: a SELECT answers with solutions
    return dict(sorted((row["class"].value, int(row["count"].value)) for row in rows))


def describe(manifest: Mapping[str, Any]) -> bytes:
    """Turtle about the dataset `<base>dataset` and its version. The same manifest gives the same bytes."""
    return turtle(_triples(manifest), NAMESPACES)


def _triples(manifest: Mapping[str, Any]) -> Iterator[ox.Triple]:
    base, version = manifest["base"], manifest["version"]
    dataset, dump = ox.NamedNode(f"{base}dataset"), ox.NamedNode(f"{base}dumps/{version}.nq")
    about: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        ("rdf:type", ox.NamedNode(f"{VOID}Dataset")),
        ("rdf:type", ox.NamedNode(f"{DCAT}Dataset")),
        ("dcterms:title", ox.Literal("督察:生态环境保护督察整改方案数据集", language="zh")),
        ("dcterms:title", ox.Literal("ducha: rectification plans of environmental supervision", language="en")),
        ("dcterms:identifier", ox.Literal(version)),
        ("dcat:version", ox.Literal(version)),
        *(("dcterms:rights", ox.Literal(text)) for text in _rights(manifest)),
        ("void:uriSpace", ox.Literal(base)),
        ("void:sparqlEndpoint", ox.NamedNode(f"{base}sparql")),
        ("void:dataDump", dump),
        ("dcat:distribution", dump),
        ("void:triples", ox.Literal(manifest["quads"])),
        ("void:classes", ox.Literal(len(manifest["counts"]))),
    ]
    yield from (_triple(dataset, name, value) for name, value in about)
    yield _triple(dump, "rdf:type", ox.NamedNode(f"{DCAT}Distribution"))
    yield _triple(dump, "dcat:downloadURL", dump)
    yield _triple(dump, "dcat:mediaType", ox.NamedNode(N_QUADS_MEDIA_TYPE))
    for number, (name, count) in enumerate(manifest["counts"].items(), start=1):
        part = ox.NamedNode(f"{base}dataset/class/{number}")
        yield _triple(dataset, "void:classPartition", part)
        yield _triple(part, "void:class", ox.NamedNode(name))
        yield _triple(part, "void:entities", ox.Literal(count))


def _triple(subject: ox.NamedNode, name: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    prefix, local = name.split(":")
    return ox.Triple(subject, ox.NamedNode(NAMESPACES[prefix] + local), value)


def _rights(manifest: Mapping[str, Any]) -> list[str]:
    return sorted({document["rights"] for document in manifest.get("documents", []) if document.get("rights")})
