"""The sheet one document's quads are written on: terms, evidence, assertions (docs/graph.md, "What every node carries")."""

import hashlib

import pyoxigraph as ox

from pipeline.model import Document, Facts, Moment, Reason, Source, Span, Supervision
from pipeline.region import load_regions
from pipeline.vocabulary import DU, DUC, PREFIXES, graph_iri

Node = ox.NamedNode
Term = ox.NamedNode | ox.Literal

TYPE = Node(PREFIXES["rdf"] + "type")
LABEL = Node(PREFIXES["rdfs"] + "label")
_XSD = PREFIXES["xsd"]
DCTERMS = PREFIXES["dcterms"]


def du(name: str) -> Node:
    return Node(DU + name)


def duc(name: str) -> Node:
    return Node(DUC + name)


def typed(value: object, datatype: str) -> ox.Literal:
    return ox.Literal(str(value), datatype=Node(_XSD + datatype))


def zh(value: str) -> ox.Literal:
    return ox.Literal(value, language="zh")


def moment(value: Moment) -> ox.Literal:
    """xsd:date, or xsd:gYearMonth where the day is not known."""
    return typed(value, "date" if value.day else "gYearMonth")


def digest(*parts: object, length: int = 8) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:length]


class Leaf:
    """Collects quads of one document's stated graph: terms with their evidence, basis and reason."""

    def __init__(self, document: Document, base: str) -> None:
        self.document, self.base = document, base
        self.graph = Node(graph_iri(base, "document", document.id, "stated"))
        self.node = Node(f"{base}document/{document.id}")
        self.quads: set[ox.Quad] = set()

    def add(self, subject: Node, predicate: Node, value: Term) -> None:
        self.quads.add(ox.Quad(subject, predicate, value, self.graph))

    def evidence(self, span: Span) -> Node:
        node = Node(f"{self.node.value}#char={span.begin},{span.end}")
        self.add(node, TYPE, du("Evidence"))
        self.add(node, du("document"), self.node)
        self.add(node, du("begin"), typed(span.begin, "integer"))
        self.add(node, du("end"), typed(span.end, "integer"))
        self.add(node, du("quote"), ox.Literal(self.document.text[span.begin : span.end]))
        return node

    def reason(self, subject: Node, reason: Reason | None) -> None:
        if reason:
            self.add(subject, du("reason"), zh(reason.zh))
            self.add(subject, du("reason"), ox.Literal(reason.en, language="en"))

    def evidenced(self, subject: Node, source: Source) -> None:
        """The passages a node stands in."""
        for span in source.spans:
            self.add(subject, du("evidence"), self.evidence(span))

    def rests_on(self, subject: Node, source: Source) -> None:
        """Evidence, basis, rule and reason of a node."""
        self.evidenced(subject, source)
        self.add(subject, du("basis"), duc(f"basis-{source.basis}"))
        self.add(subject, du("rule"), ox.Literal(source.rule))
        self.reason(subject, source.reason)

    def assertion(self, subject: Node, predicate: Node, value: Term, source: Source, as_written: str = "") -> Node:
        """A triple and the assertion that says why it is believed; returns the assertion."""
        self.add(subject, predicate, value)
        spans = ",".join(f"{s.begin}-{s.end}" for s in source.spans)
        node = Node(f"{self.node.value}/assertion/{digest(subject, predicate, value, spans, as_written, length=12)}")
        self.add(node, TYPE, du("Assertion"))
        self.add(node, Node(PREFIXES["rdf"] + "subject"), subject)
        self.add(node, Node(PREFIXES["rdf"] + "predicate"), predicate)
        self.add(node, Node(PREFIXES["rdf"] + "object"), value)
        self.rests_on(node, source)
        if as_written:
            self.add(node, du("asWritten"), ox.Literal(as_written))
        return node


class Sheet(Leaf):
    """The leaf on which the facts read from a document are written; `supervision` and `plan` are what they are about."""

    def __init__(self, document: Document, facts: Facts, base: str) -> None:
        super().__init__(document, base)
        self.facts = facts
        key = visit_key(facts, facts.supervision) or document.id
        self.supervision = Node(f"{base}supervision/{key}")
        part = facts.region.as_written if facts.region else ""
        self.plan = Node(f"{base}plan/{key}" + (f"-{digest(part)}" if part else ""))


def visit_key(facts: Facts, visit: Supervision | None) -> str | None:
    """Region and month of the visit's first day, else region and round; None where neither names it (DESIGN §4)."""
    region = facts.region
    if not region or not visit:
        return None
    known = load_regions().get(region.value)
    central = visit.level is not None and visit.level.value == "level-central"
    if known.level == "province" and not central:
        return None
    if visit.start:
        return f"{region.value}-{visit.start.value.year:04d}{visit.start.value.month:02d}"
    return f"{region.value}-r{visit.round.value}" if visit.round else None
