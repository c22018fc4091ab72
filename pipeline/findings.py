"""The `du:Finding` nodes of a validation (docs/graph.md), read back from their quads, and the report files."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import pyoxigraph as ox

from pipeline.serialise import turtle
from pipeline.vocabulary import DU, DUC, PREFIXES

FINDING = ox.NamedNode(f"{DU}Finding")
TYPE = ox.NamedNode(f"{PREFIXES['rdf']}type")
SEVERITY = f"{DUC}severity-"
ORDER = ("violation", "warning", "info")


Node = dict[str, list[ox.NamedNode | ox.Literal]]


@dataclass(frozen=True)
class Finding:
    """One result of one rule. `documents` are ids; `messages` maps a language to the sentence."""

    iri: str
    shape: str
    severity: str
    focus: str
    path: str
    values: tuple[str, ...]
    documents: tuple[str, ...]
    evidence: tuple[str, ...]
    messages: dict[str, str]


def findings(quads: Iterable[ox.Quad]) -> list[Finding]:
    """The findings among the quads: violations first, then by rule and focus."""
    quads = list(quads)
    nodes: dict[str, Node] = {iri_of(q.subject): {} for q in quads if q.predicate == TYPE and q.object == FINDING}
    for quad in quads:
        node = nodes.get(iri_of(quad.subject))
        if node is not None and isinstance(quad.object, ox.NamedNode | ox.Literal):
            node.setdefault(quad.predicate.value.removeprefix(DU), []).append(quad.object)
    return sorted((_finding(iri, node) for iri, node in nodes.items()), key=_rank)


def iri_of(term: ox.NamedNode | ox.BlankNode | ox.Triple) -> str:
    """The IRI of a node; nothing for what has none."""
    return term.value if isinstance(term, ox.NamedNode) else ""


def report_turtle(quads: Sequence[ox.Quad]) -> bytes:
    """The findings as Turtle; the same findings give the same bytes."""
    return turtle(sorted({quad.triple for quad in quads}, key=str), PREFIXES)


def report_json(quads: Sequence[ox.Quad]) -> bytes:
    """The findings as JSON, `{"findings": [{iri, shape, severity, focus, path, values, documents, …}]}`."""
    report = {"findings": [asdict(finding) for finding in findings(quads)]}
    return json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _finding(iri: str, node: Node) -> Finding:
    def values(name: str) -> tuple[str, ...]:
        return tuple(sorted(term.value for term in node.get(name, [])))

    messages = {term.language or "": term.value for term in node.get("message", []) if isinstance(term, ox.Literal)}
    return Finding(
        iri=iri,
        shape="".join(values("shape")[:1]),
        severity="".join(values("severity")[:1]).removeprefix(SEVERITY),
        focus="".join(values("focus")[:1]),
        path="".join(values("path")[:1]),
        values=values("findingValue"),
        documents=tuple(name.rpartition("/")[2] for name in values("inDocument")),
        evidence=values("evidence"),
        messages=dict(sorted(messages.items())),
    )


def _rank(finding: Finding) -> tuple[int, str, str, str]:
    place = ORDER.index(finding.severity) if finding.severity in ORDER else len(ORDER)
    return place, finding.shape, finding.focus, finding.iri
