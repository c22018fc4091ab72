"""Validation: one document's graph against `shapes/`, and what was found as dataclasses, as quads, as a W3C report.

pySHACL runs on an rdflib graph of one document (a store is too slow for it). The shapes name every class they target,
so neither the ontology nor inference takes part. A severity is the meaning of a rule (`pipeline.report.Severity`):
only a violation keeps a document from being published.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyoxigraph as ox
import pyshacl
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from pipeline.assets import asset_path
from pipeline.report import Finding, Rule, Sentence, Severity, ordered
from pipeline.serialise import turtle
from pipeline.vocabulary import DEFAULT_BASE, DU, DUC, PREFIXES, graph_iri

ACROSS = "cross-document"  # the room of the rules about several documents, which pipeline/across.py carries out
_DU = Namespace(DU)
_SEVERITIES = {SH.Violation: Severity.VIOLATION, SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}
_PLACEHOLDER = re.compile(r"\{[?$]\w+\}")
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"

# rdflib logs a traceback for every ill-typed literal; the shapes report the same literal in a sentence.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Validation:
    """All findings about one document, gravest first."""

    findings: tuple[Finding, ...]

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings that are our fault."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.VIOLATION)

    @property
    def conforms(self) -> bool:
        """Whether the document may be published."""
        return not self.violations


class _PreparingGraph(Graph):
    """An rdflib graph that parses a query once: pySHACL asks the same text again for every focus node and document,
    and parsing takes longer than answering."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """As `rdflib.Graph.query`."""
        prepared = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


@cache
def _prepared(text: str) -> Query:
    return prepareQuery(text)


def validate(data: Iterable[ox.Quad], base: str = DEFAULT_BASE) -> Validation:
    """What the rules find in one document's stated and derived quads, given with the regions that they mention.

    Quads of the ontology, the concepts and earlier findings are left out; what the concepts say of an indicator's unit
    and range is added. The fewer regions, the sooner the answer.
    """
    graph = facts_graph(data, base)
    for indicator in set(graph.objects(None, _DU.indicator)):
        for triple in _indicators().get(str(indicator), ()):
            graph.add(triple)
    return Validation(check(graph, shapes_graph(*_rooms())))


def facts_graph(data: Iterable[ox.Quad], base: str = DEFAULT_BASE) -> Graph:
    """The union of the quads' graphs that hold facts, as one rdflib graph; lexical forms are untouched."""
    apart = {graph_iri(base, name) for name in ("ontology", "concepts", "validation")}
    graph = Graph()
    for quad in data:
        if not (isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value in apart):
            graph.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
    return graph


def _term(term: object) -> Node:
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal(language=str(language)):
            return Literal(term.value, lang=language)
        case ox.Literal():
            datatype = None if term.datatype.value == _XSD_STRING else URIRef(term.datatype.value)
            return Literal(term.value, datatype=datatype, normalize=False)
    raise TypeError(f"{term}: RDF 1.2 triple terms have no place in the graph (docs/graph.md)")


@cache
def shapes_graph(*rooms: str) -> Graph:
    """The rules of `shapes/`: of the named files (`time`, `counts`, …), or of all. Parsed once, never changed."""
    folder = asset_path("shapes")
    names = {"prefixes", *rooms} if rooms else {path.stem for path in folder.glob("*.ttl")}
    graph = Graph()
    for name in sorted(names):
        graph.parse(folder / f"{name}.ttl", format="turtle")
    return graph


@cache
def _indicators() -> dict[str, list[tuple[Node, Node, Node]]]:
    """What `ontology/concepts.ttl` says of each indicator that the rules ask for: its unit and plausible range."""
    asked = {str(RDF.type), *(DU + name for name in ("unit", "plausibleMinimum", "plausibleMaximum"))}
    facts: dict[str, list[tuple[Node, Node, Node]]] = {}
    for quad in ox.parse(path=str(asset_path("ontology", "concepts.ttl"))):
        if quad.predicate.value in asked and isinstance(quad.subject, ox.NamedNode):
            triple = (_term(quad.subject), _term(quad.predicate), _term(quad.object))
            facts.setdefault(quad.subject.value, []).append(triple)
    return facts


def _rooms() -> tuple[str, ...]:
    """The rooms of the rules about one document."""
    return tuple(sorted({path.stem for path in asset_path("shapes").glob("*.ttl")} - {ACROSS}))


@cache
def rules() -> dict[str, Rule]:
    """Every rule by the IRI of its shape."""
    graph = shapes_graph()
    return {
        str(shape): Rule(
            shape=str(shape),
            severity=_SEVERITIES[URIRef(str(severity))],
            label_zh=_in_language(graph, shape, RDFS.label, "zh"),
            label_en=_in_language(graph, shape, RDFS.label, "en"),
            documentation=str(graph.value(shape, RDFS.seeAlso)),
        )
        for shape, severity in sorted(graph.subject_objects(SH.severity), key=str)
    }


def _in_language(graph: Graph, node: Node, predicate: URIRef, language: str) -> str:
    """The text with this language tag. ValueError when there is not exactly one."""
    (text,) = (str(o) for o in graph.objects(node, predicate) if isinstance(o, Literal) and o.language == language)
    return text


def check(data: Graph, shapes: Graph) -> tuple[Finding, ...]:
    """The findings of any shapes in any data, in order: rules about the whole store pass through here too.

    Raises RuntimeError when pySHACL cannot carry out a rule: that is a fault of the rule, never of the data.
    """
    view = _PreparingGraph(data.store, data.identifier)
    _, results, text = pyshacl.validate(view, shacl_graph=shapes, inplace=True, advanced=False, inference="none")
    if not isinstance(results, Graph):
        raise RuntimeError(f"shapes: pySHACL stopped: {text}")
    return ordered(_findings(data, shapes, results))


def _findings(data: Graph, shapes: Graph, results: Graph) -> Iterator[Finding]:
    everywhere = tuple(sorted(str(document) for document in data.subjects(RDF.type, _DU.Document)))
    for result in results.subjects(RDF.type, SH.ValidationResult):
        shape, focus = _one(results, result, SH.sourceShape), _one(results, result, SH.focusNode)
        path = results.value(result, SH.resultPath)
        values = tuple(sorted({value for value in results.objects(result, SH.value) if value != focus}, key=str))
        component = _one(results, result, SH.sourceConstraintComponent)
        sentences, documents = _sources(data, _subjects(data, focus, values, component), path)
        message = {str(text) for text in results.objects(result, SH.resultMessage)}
        yield Finding(
            shape=str(shape),
            severity=_SEVERITIES[URIRef(str(_one(results, result, SH.resultSeverity)))],
            focus=_name(focus),
            path=str(path) if isinstance(path, URIRef) else None,
            values=tuple(_name(value) for value in values),
            message_zh=_filled(message, _in_language(shapes, shape, SH.message, "zh")),
            message_en=_filled(message, _in_language(shapes, shape, SH.message, "en")),
            documents=documents or everywhere,
            evidence=sentences,
            component=str(component),
        )


def _one(graph: Graph, subject: Node, predicate: URIRef) -> Node:
    (value,) = graph.objects(subject, predicate)
    return value


def _name(node: Node) -> str:
    return "_:" if isinstance(node, BNode) else str(node)


def _filled(messages: set[str], template: str) -> str:
    """The message that this template yields. pySHACL fills the numbers in but drops the language tag.
    A number that a row leaves out stays as its placeholder, and the template itself matches."""
    pattern = re.compile(".*".join(re.escape(part) for part in _PLACEHOLDER.split(template)), re.DOTALL)
    return next((message for message in sorted(messages) if pattern.fullmatch(message)), template)


def _subjects(data: Graph, focus: Node, values: tuple[Node, ...], component: Node) -> list[Node]:
    """What a finding is about. A rule in SPARQL looks from a plan or document (its focus) at elements (its values)."""
    if component == SH.SPARQLConstraintComponent:
        elements = [value for value in values if (value, RDF.type, None) in data]
        return elements or [focus]
    return [focus]


def _sources(data: Graph, subjects: list[Node], path: Node | None) -> tuple[tuple[Sentence, ...], tuple[str, ...]]:
    """The sentences behind the subjects, those about the path where an assertion names them, and their documents."""
    pieces: set[Node] = set()
    documents: set[Node] = {node for node in subjects if (node, RDF.type, _DU.Document) in data}
    for subject in subjects:
        asserted = {
            piece
            for assertion in data.subjects(RDF.subject, subject)
            if path is not None and (assertion, RDF.predicate, path) in data
            for piece in data.objects(assertion, _DU.evidence)
        }
        own = {subject} if (subject, RDF.type, _DU.Evidence) in data else set(data.objects(subject, _DU.evidence))
        pieces |= asserted or own
    for piece in pieces:
        documents |= set(data.objects(piece, _DU.document))
    sentences = (Sentence(str(piece), str(quote)) for piece in pieces for quote in data.objects(piece, _DU.quote))
    return tuple(sorted(sentences)), tuple(sorted(map(str, documents)))


def finding_quads(findings: Iterable[Finding], base: str = DEFAULT_BASE) -> list[ox.Quad]:
    """The `du:Finding` nodes of the graph `graph/validation` (docs/graph.md), in the order of the findings."""
    graph = ox.NamedNode(graph_iri(base, "validation"))
    quads: list[ox.Quad] = []
    for finding in findings:
        node = ox.NamedNode(f"{base}finding/{finding.key}")
        facts: list[tuple[str, ox.NamedNode | ox.Literal]] = [
            ("shape", ox.NamedNode(finding.shape)),
            ("severity", ox.NamedNode(f"{DUC}severity-{finding.severity}")),
            ("focus", _object(finding.focus)),
            *(("path", ox.NamedNode(path)) for path in (finding.path,) if path),
            *(("findingValue", ox.Literal(value)) for value in finding.values),
            *(("inDocument", ox.NamedNode(document)) for document in finding.documents),
            ("message", ox.Literal(finding.message_zh, language="zh")),
            ("message", ox.Literal(finding.message_en, language="en")),
            *(("evidence", ox.NamedNode(sentence.iri)) for sentence in finding.evidence),
        ]
        quads.append(ox.Quad(node, ox.NamedNode(str(RDF.type)), ox.NamedNode(DU + "Finding"), graph))
        quads += [ox.Quad(node, ox.NamedNode(DU + name), value, graph) for name, value in facts]
    return quads


def _object(name: str) -> ox.NamedNode | ox.Literal:
    """An IRI, or a literal where a literal (or a blank node, which has no name) stands in for a node."""
    try:
        return ox.NamedNode(name)
    except ValueError:
        return ox.Literal(name)


def validation_report(findings: Iterable[Finding], base: str = DEFAULT_BASE) -> bytes:
    """The W3C SHACL validation report as Turtle, the same bytes for the same findings. Its nodes have IRIs: the
    results those of the findings. As in SHACL, it conforms only when nothing at all was found."""
    report = ox.NamedNode(f"{base}validation")
    triples = [ox.Triple(report, ox.NamedNode(str(RDF.type)), _sh("ValidationReport"))]
    for finding in ordered(findings):
        node = ox.NamedNode(f"{base}finding/{finding.key}")
        facts: list[tuple[str, ox.NamedNode | ox.Literal]] = [
            ("focusNode", _object(finding.focus)),
            *(("resultPath", ox.NamedNode(path)) for path in (finding.path,) if path),
            *(("value", _object(value)) for value in finding.values[:1]),
            ("resultSeverity", _sh(finding.severity.capitalize())),
            ("sourceShape", ox.NamedNode(finding.shape)),
            *(("sourceConstraintComponent", ox.NamedNode(name)) for name in (finding.component,) if name),
            ("resultMessage", ox.Literal(finding.message_zh, language="zh")),
            ("resultMessage", ox.Literal(finding.message_en, language="en")),
        ]
        triples.append(ox.Triple(report, _sh("result"), node))
        triples.append(ox.Triple(node, ox.NamedNode(str(RDF.type)), _sh("ValidationResult")))
        triples += [ox.Triple(node, _sh(name), value) for name, value in facts]
    triples.insert(1, ox.Triple(report, _sh("conforms"), ox.Literal(len(triples) == 1)))
    triples.sort(key=lambda triple: triple.subject != report)
    return turtle(triples, PREFIXES)


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(str(SH[name]))
