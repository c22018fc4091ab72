"""JSON-LD that people can read: short names for terms, plain values, labels by language (https://www.w3.org/TR/json-ld11/).

The context is made from the ontology of the snapshot. `/ontology/context.jsonld` holds all of it; the JSON-LD of a node
carries the part that it uses, so that it can be read without a second request.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from pipeline.vocabulary import DU, PREFIXES
from service.dataset import Dataset

Node = ox.NamedNode | ox.BlankNode
Json = Any
_XSD, _RDF = PREFIXES["xsd"], PREFIXES["rdf"]
_STRING, _LANGUAGE = f"{_XSD}string", f"{_RDF}langString"
_LOCAL = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_WHOLE = re.compile(r"-?[1-9][0-9]{0,14}|0")
TERMS = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?term ?kind ?range WHERE {
  VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty }
  ?term a ?kind .
  OPTIONAL { ?term rdfs:range ?range FILTER(isIRI(?range)) }
} ORDER BY ?term ?kind ?range
"""
# Dates are no datatypes of OWL 2, so the ontology leaves them open; the rules do not.
RULED = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?term (MIN(?found) AS ?datatype) WHERE { ?shape sh:path ?term ; sh:datatype ?found FILTER(isIRI(?term)) }
GROUP BY ?term HAVING(COUNT(DISTINCT ?found) = 1) ORDER BY ?term
"""
# Terms of others under their own names, with what their values are: texts by language, nodes, or a datatype.
_OTHERS = {
    "rdfs:label": "@language",
    "rdfs:comment": "@language",
    "skos:prefLabel": "@language",
    "skos:altLabel": "@language",
    "skos:definition": "@language",
    "skos:scopeNote": "@language",
    "dcterms:title": "@language",
    "dcterms:description": "@language",
    "dcterms:issued": "xsd:date",
    "dcterms:source": "",
    "dcterms:publisher": "",
    "dcterms:isReplacedBy": "@id",
    "skos:inScheme": "@id",
    "skos:broader": "@id",
    "skos:topConceptOf": "@id",
    "geo:lat": "xsd:decimal",
    "geo:long": "xsd:decimal",
}
_NODES = ("rdf:subject", "rdf:predicate", "rdf:object", "rdfs:seeAlso", "rdfs:isDefinedBy")  # named with their prefix


@dataclass(frozen=True)
class Context:
    """Names of terms, and what a context says of each: its IRI, and how its values are written."""

    names: Mapping[str, str]
    """Property IRI → its name."""
    classes: Mapping[str, str]
    """Class IRI → its name."""
    values: Mapping[str, str]
    """Property IRI → `@id`, `@language`, a datatype's IRI, or empty."""

    def whole(self) -> bytes:
        """The document at `/ontology/context.jsonld`; the same ontology gives the same bytes."""
        used = {*self.names, *self.classes}
        return _write({"@context": self.definitions(used, {*PREFIXES})})

    def definitions(self, used: Iterable[str], prefixes: Iterable[str]) -> dict[str, Json]:
        """What a context says of these IRIs, with these prefixes."""
        made: dict[str, Json] = {"@version": 1.1, "id": "@id", "type": "@type"}
        made |= {name: PREFIXES[name] for name in sorted(prefixes)}
        terms = {self.names.get(iri) or self.classes[iri]: iri for iri in used}
        for name, iri in sorted(terms.items()):
            value = self.values.get(iri, "")
            if value == "@language":
                made[name] = {"@id": iri, "@container": "@language"}
            else:
                made[name] = {"@id": iri, "@type": value} if value else iri
        return made


async def read_context(dataset: Dataset) -> Context:
    """The context of the snapshot's ontology. Raises ProblemError."""
    names, classes, values = dict[str, str](), dict[str, str](), dict[str, str]()
    ruled = {row["term"].value: row["datatype"].value for row in await dataset.select(RULED) if "datatype" in row}
    for row in await dataset.select(TERMS):
        iri, kind = row["term"].value, row["kind"].value.rpartition("#")[2]
        local = iri.removeprefix(DU)
        if local == iri or not _LOCAL.fullmatch(local):
            continue
        if kind == "Class":
            classes[iri] = local
            continue
        names[iri] = local
        ranges = row["range"].value if "range" in row else ""
        values[iri] = "@id" if kind == "ObjectProperty" else _datatype(ranges) or _datatype(ruled.get(iri, ""))
    taken = {*names.values(), *classes.values(), "id", "type"}
    for short, value in (*_OTHERS.items(), *((name, "@id") for name in _NODES)):
        prefix, _, local = short.partition(":")
        names[PREFIXES[prefix] + local] = short if local in taken or short in _NODES else local
        values[PREFIXES[prefix] + local] = f"{_XSD}{value[4:]}" if value.startswith("xsd:") else value
    return Context(names, classes, values)


def _datatype(found: str) -> str:
    if found == _LANGUAGE:
        return "@language"
    return found if found.startswith(_XSD) and found != _STRING else ""


def compact(triples: Iterable[ox.Triple], context: Context) -> bytes:
    """The triples as JSON-LD, subjects in the order in which they first come; the same triples give the same bytes."""
    triples = list(triples)
    if any(isinstance(term, ox.Triple) or _ambiguous(term) for triple in triples for term in triple):
        return ox.serialize(triples, format=ox.RdfFormat.JSON_LD) or b""
    writer = _Writer(context)
    nodes: dict[Node, dict[str, Json]] = {}
    for triple in triples:
        subject, value = triple.subject, triple.object
        if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
            continue
        writer.add(nodes.setdefault(subject, {"id": writer.iri(subject)}), triple.predicate.value, value)
    body: dict[str, Json] = {"@context": context.definitions(writer.used, writer.prefixes)}
    graph = [_plain(node) for node in nodes.values()]
    return _write(body | (graph[0] if len(graph) == 1 else {"@graph": graph}))


def _ambiguous(term: object) -> bool:
    """Whether an IRI's scheme is one of our prefixes, so that a reader would take it for a short name."""
    return isinstance(term, ox.NamedNode) and term.value.partition(":")[0] in PREFIXES


class _Writer:
    """Writes values, and remembers which terms and prefixes it has used."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.used, self.prefixes = set[str](), set[str]()

    def iri(self, node: Node) -> str:
        """A short name with a prefix where there is one, else the whole IRI."""
        if isinstance(node, ox.BlankNode):
            return f"_:{node.value}"
        for prefix, namespace in PREFIXES.items():
            local = node.value.removeprefix(namespace)
            if local != node.value and _LOCAL.fullmatch(local):
                self.prefixes.add(prefix)
                return f"{prefix}:{local}"
        return node.value

    def add(self, to: dict[str, Json], predicate: str, value: Node | ox.Literal) -> None:
        """Adds one value of a property to a node."""
        if predicate == f"{_RDF}type" and isinstance(value, ox.NamedNode):
            to.setdefault("type", []).append(self._class(value))
            return
        how = self._context.values.get(predicate, "")
        foreign = how == "@language" and (
            not isinstance(value, ox.Literal) or value.datatype.value not in (_STRING, _LANGUAGE)
        )
        if foreign or predicate not in self._context.names:
            # The whole IRI, of which no context says anything, takes every value.
            to.setdefault(predicate, []).append(self._value(value, ""))
            return
        self.used.add(predicate)
        name = self._context.names[predicate]
        if ":" in name:
            self.prefixes.add(name.partition(":")[0])
        if how == "@language":
            assert isinstance(value, ox.Literal)  # noqa: S101 - others are foreign
            to.setdefault(name, {}).setdefault(value.language or "@none", []).append(value.value)
        else:
            to.setdefault(name, []).append(self._value(value, how))

    def _class(self, node: ox.NamedNode) -> str:
        if node.value in self._context.classes:
            self.used.add(node.value)
            return self._context.classes[node.value]
        return self.iri(node)

    def _value(self, value: Node | ox.Literal, how: str) -> Json:
        if not isinstance(value, ox.Literal):
            written = self.iri(value)
            return written if how == "@id" else {"id": written}
        datatype = value.datatype.value
        if value.language:
            return {"@value": value.value, "@language": value.language}
        if datatype == _STRING:
            return {"@value": value.value} if how else value.value
        if datatype == how:
            return int(value.value) if how == f"{_XSD}integer" and _WHOLE.fullmatch(value.value) else value.value
        return {"@value": value.value, "@type": self.iri(value.datatype)}


def _plain(node: Mapping[str, Json]) -> dict[str, Json]:
    """One value stands without a list."""
    return {name: _single(value) for name, value in node.items()}


def _single(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _single(one) for name, one in value.items()}
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _write(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"
