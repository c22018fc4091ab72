"""Small stages for the tests of the build: one element a document, and whatever trouble the text asks for.

A module of its own, so that worker processes can import it. Each document read is noted in the file $STAND_IN_LOG.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from pipeline.errors import DocumentError
from pipeline.extract import Stages
from pipeline.model import Document
from pipeline.validation.report import Finding, Rule, Severity
from pipeline.vocabulary import DU, DUC, PREFIXES, graph_iri

TYPE = ox.NamedNode(f"{PREFIXES['rdf']}type")
RULE = Rule("https://example.org/rule", Severity.VIOLATION, "规则", "rule", "https://example.org/doc")
COMPONENT = "http://www.w3.org/ns/shacl#PatternConstraintComponent"
NOTE = Rule("https://example.org/note", Severity.INFO, "提示", "note", "https://example.org/doc")


def document_quads(document: Document, base: str) -> list[ox.Quad]:
    if log := os.environ.get("STAND_IN_LOG"):
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{document.file_name}\n")
    if "崩溃" in document.text:
        os._exit(9)
    if "出错" in document.text:
        raise ZeroDivisionError("a fault of ours\nwith details")
    if "拒绝" in document.text:
        raise DocumentError(document.file_name, "is refused", "leave it")
    graph = ox.NamedNode(graph_iri(base, "document", document.id, "stated"))
    node = ox.NamedNode(f"{base}document/{document.id}")
    element = ox.NamedNode(f"{base}plan/{document.id}/issue/1")
    end = min(len(document.text), 9)
    evidence = ox.NamedNode(f"{node.value}#char=0,{end}")
    quote = document.text[:end] + ("?" if "错引" in document.text else "")
    facts: list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (node, TYPE, ox.NamedNode(f"{DU}Document")),
        (node, ox.NamedNode(f"{PREFIXES['dcterms']}title"), ox.Literal(f"标题 {document.file_name}")),
        (element, TYPE, ox.NamedNode(f"{DU}Issue")),
        (element, ox.NamedNode(f"{DU}basis"), ox.NamedNode(f"{DUC}basis-stated")),
        (element, ox.NamedNode(f"{DU}region"), ox.NamedNode(f"{base}region/450300")),
        (evidence, ox.NamedNode(f"{DU}quote"), ox.Literal(quote)),
        (evidence, ox.NamedNode(f"{DU}begin"), ox.Literal(0)),
        (evidence, ox.NamedNode(f"{DU}end"), ox.Literal(end)),
    ]
    return [ox.Quad(*fact, graph) for fact in facts]


def shared_quads(base: str) -> list[ox.Quad]:
    graph = ox.NamedNode(graph_iri(base, "regions"))
    inside = ox.NamedNode(f"{DU}partOf")
    pairs = [("450300", "450000"), ("420100", "420000")]
    return [
        ox.Quad(ox.NamedNode(f"{base}region/{a}"), inside, ox.NamedNode(f"{base}region/{b}"), graph) for a, b in pairs
    ]


def derive(stated: Sequence[ox.Quad], regions: Sequence[ox.Quad], base: str, document_id: str) -> list[ox.Quad]:
    assert {str(quad.subject) for quad in regions} == {f"<{base}region/450300>"}, "only the regions mentioned"
    graph = ox.NamedNode(graph_iri(base, "document", document_id, "derived"))
    node = ox.NamedNode(f"{base}document/{document_id}")
    return [ox.Quad(node, ox.NamedNode(f"{DU}concernsRegion"), ox.NamedNode(f"{base}region/450000"), graph)]


def validate(quads: Sequence[ox.Quad], base: str) -> tuple[Finding, ...]:
    found = []
    for quad in quads:
        if quad.predicate.value == f"{DU}quote":
            iri, quote = str(quad.subject)[1:-1], str(quad.object)
            for word, rule in (("违规", RULE), ("提示", NOTE)):
                if word in quote:
                    document = (iri.partition("#")[0],)
                    found.append(
                        Finding(
                            rule.shape, rule.severity, iri, None, (), "消息", "message", document, component=COMPONENT
                        )
                    )
    return tuple(found)


def rules() -> Mapping[str, Rule]:
    return {rule.shape: rule for rule in (RULE, NOTE)}


STAGES = Stages(document_quads, shared_quads, derive, validate, rules)
