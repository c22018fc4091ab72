"""Facts → RDF: the one package that knows both the fact model and the ontology's terms (docs/graph.md).

Reads a `Document` and its `Facts`. Writes quads of the document's `stated` graph; `shared_quads` gives the graphs every
snapshot has: ontology, concepts, regions.
"""

import pyoxigraph as ox

from pipeline.facts import read_facts
from pipeline.graph.elements import write_plan
from pipeline.graph.shared import region_quads, shared_quads
from pipeline.graph.sheet import DCTERMS, LABEL, TYPE, Node, Sheet, du, duc, typed
from pipeline.graph.visit import write_other_visit, write_supervision
from pipeline.model import Document, Facts, Gap

__all__ = ["document_quads", "facts_quads", "region_quads", "shared_quads"]


def document_quads(document: Document, base: str) -> list[ox.Quad]:
    """The stated graph of one document, sorted."""
    return facts_quads(document, read_facts(document), base)


def facts_quads(document: Document, facts: Facts, base: str) -> list[ox.Quad]:
    """The stated graph of facts already read, sorted."""
    sheet = Sheet(document, facts, base)
    write_document(sheet)
    if facts.plan:
        write_plan(sheet, facts.plan)
    if facts.supervision:
        write_supervision(sheet, facts.supervision)
    for visit in facts.other_visits:
        write_other_visit(sheet, visit)
    for gap in facts.gaps:
        write_gap(sheet, gap)
    return sorted(sheet.quads, key=str)


def write_document(sheet: Sheet) -> None:
    document, facts = sheet.document, sheet.facts
    sheet.add(sheet.node, TYPE, du("Document"))
    sheet.add(sheet.node, LABEL, ox.Literal(facts.title.value if facts.title else document.file_name))
    sheet.add(sheet.node, du("fileName"), ox.Literal(document.file_name))
    sheet.add(sheet.node, du("sha256"), ox.Literal(document.sha256))
    sheet.add(sheet.node, du("textLength"), typed(len(document.text), "integer"))
    sheet.add(sheet.node, du("encoding"), ox.Literal(document.encoding))
    sheet.assertion(sheet.node, du("documentKind"), duc(facts.kind.value), facts.kind.source)
    sheet.assertion(sheet.node, du("completeness"), duc(facts.completeness.value), facts.completeness.source)
    for predicate, fact in (("title", facts.title), ("publisher", facts.publisher), ("source", facts.origin)):
        if fact:
            sheet.assertion(sheet.node, Node(DCTERMS + predicate), ox.Literal(fact.value), fact.source)
    if facts.issued:
        issued = typed(facts.issued.value.isoformat(), "date")
        sheet.assertion(sheet.node, Node(DCTERMS + "issued"), issued, facts.issued.source)


def write_gap(sheet: Sheet, gap: Gap) -> None:
    node = Node(f"{sheet.node.value}/gap/{gap.span.begin}-{gap.span.end}")
    sheet.add(node, TYPE, du("Gap"))
    sheet.add(node, du("gapKind"), duc(f"gap-{gap.kind}"))
    sheet.add(node, du("evidence"), sheet.evidence(gap.span))
    if gap.affects:
        sheet.add(node, du("affects"), Node(DCTERMS + "title") if gap.affects == "title" else du(gap.affects))
    if gap.restoration:
        sheet.add(node, du("restoration"), ox.Literal(gap.restoration))
    sheet.reason(node, gap.reason)
