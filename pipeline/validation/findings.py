"""What a SHACL engine hit, told with its numbers and sentences; findings as quads and as a W3C report.

An engine gives `Hit`s: which rule, about which node, path and value. What the numbers are and which sentences stand
behind them is asked of the same triples here, so that every engine's hits are told alike.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from pipeline.serialise import turtle
from pipeline.validation.report import Finding, Sentence, ordered
from pipeline.validation.shapes import rules, wording
from pipeline.vocabulary import DEFAULT_BASE, DU, DUC, PREFIXES, graph_iri

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_PLACE = re.compile(r"\{\?(\w+)\}")
_SH, _RDF = PREFIXES["sh"], PREFIXES["rdf"]
SPARQL = f"{_SH}SPARQLConstraintComponent"
_TYPE, _ABOUT, _ASSERTS = (ox.NamedNode(_RDF + name) for name in ("type", "subject", "predicate"))
_EVIDENCE, _QUOTE, _IN_DOCUMENT = (ox.NamedNode(DU + name) for name in ("evidence", "quote", "document"))
_A_DOCUMENT, _A_PIECE = ox.NamedNode(f"{DU}Document"), ox.NamedNode(f"{DU}Evidence")
_UNKNOWN, _NOTHING = "…", ox.Literal("")
PIECE = 500  # findings written at a time


@dataclass(frozen=True, slots=True)
class Hit:
    """One result of an engine: IRIs of shape, constraint component and path (a predicate, or None), and the terms.
    `row` is what a rule in SPARQL projects, where the engine says so."""

    shape: str
    component: str
    focus: Term
    path: str | None
    value: Term | None
    row: tuple[tuple[str, Term], ...] | None = field(default=None, compare=False)


def store_of(triples: Iterable[ox.Triple]) -> ox.Store:
    """A store whose default graph holds the triples."""
    store = ox.Store()
    store.extend([ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples])
    return store


def told(hits: Iterable[Hit], store: ox.Store) -> tuple[Finding, ...]:
    """The findings of some hits in a store's default graph, in order."""
    everywhere = tuple(sorted(_name(quad.subject) for quad in store.quads_for_pattern(None, _TYPE, _A_DOCUMENT)))
    return ordered(_finding(hit, store, everywhere) for hit in hits)


def _finding(hit: Hit, store: ox.Store, everywhere: tuple[str, ...]) -> Finding:
    values = (hit.value,) if hit.value is not None and hit.value != hit.focus else ()
    says = wording(hit.shape)
    row = dict((_row(hit, store) if hit.row is None else hit.row) if says.select else ())
    numbers = {name: _name(term) for name, term in row.items()} if says.select else _at_path(hit, store)
    sentences, documents = _sources(store, _involved(store, hit, values, row))
    places = sorted({place[1] for place in _PLACE.finditer(says.zh + says.en)})
    return Finding(
        shape=hit.shape,
        severity=rules()[hit.shape].severity,
        focus=_name(hit.focus),
        path=hit.path,
        values=tuple(map(_name, values)),
        message_zh=_fill(says.zh, numbers),
        message_en=_fill(says.en, numbers),
        documents=documents or everywhere,
        evidence=sentences,
        component=hit.component,
        numbers=tuple((name, numbers.get(name, _UNKNOWN)) for name in places),
    )


def _row(hit: Hit, store: ox.Store) -> tuple[tuple[str, Term], ...]:
    """The first row of a rule in SPARQL that gives this hit; of a node without a name none."""
    if isinstance(hit.focus, ox.BlankNode):
        return ()
    same = (one.row or () for one in ask(hit.shape, store, f"VALUES $this {{ {hit.focus} }}") if one == hit)
    return min(same, key=str, default=())


def _at_path(hit: Hit, store: ox.Store) -> dict[str, str]:
    """What fills the message of a constraint of SHACL Core: `value`, the values at the path, and their `number`."""
    shown = [hit.value] if hit.value is not None else _at(store, hit.focus, hit.path)
    return {"value": "、".join(sorted(map(_name, shown))) or "–", "number": str(len(_at(store, hit.focus, hit.path)))}


def ask(shape: str, store: ox.Store, targets: str) -> Iterator[Hit]:
    """The hits of a rule in SPARQL; `targets` is the pattern that binds `$this`."""
    found = store.query(wording(shape).select.replace("WHERE {", f"WHERE {{ {targets} ", 1))
    if not isinstance(found, ox.QuerySolutions):
        raise TypeError(f"{shape} is no SELECT")
    names = [variable.value for variable in found.variables]
    for row in found:
        bound = {name: term for name in names if (term := row[name]) is not None}
        path = bound.get("path")
        yield Hit(
            shape=shape,
            component=SPARQL,
            focus=bound["this"],
            path=_name(path) if path else None,
            value=bound.get("value", bound["this"]),
            row=tuple(sorted(bound.items())),
        )


def _at(store: ox.Store, focus: Term, path: str | None) -> list[Term]:
    if path is None or not isinstance(focus, ox.NamedNode):  # an engine may call a blank node otherwise
        return []
    terms: list[Term] = []
    terms += (quad.object for quad in store.quads_for_pattern(focus, ox.NamedNode(path), None))
    return terms


def _fill(template: str, numbers: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: numbers.get(place[1], _UNKNOWN), template)


def _name(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else "_:"


def _involved(
    store: ox.Store, hit: Hit, values: tuple[Term, ...], row: Mapping[str, Term]
) -> list[tuple[Term, str | None]]:
    """What a finding is about: nodes, each with the property meant. A rule in SPARQL looks from a plan or document (its
    focus) at elements (its values), and at whatever other nodes it projects: `?other`, with the property meant as
    `?otherPath`, and `?involved`, IRIs with blanks between."""
    if hit.component != SPARQL:
        return [(hit.focus, hit.path)]
    nodes = [(value, hit.path) for value in values if _is(store, value)] or [(hit.focus, hit.path)]
    for name, term in row.items():
        if name not in {"this", "value"} and _is(store, term):
            path = row.get(f"{name}Path")
            nodes.append((term, _name(path) if path else None))
    nodes += ((ox.NamedNode(iri), None) for iri in _name(row.get("involved", _NOTHING)).split())
    return nodes


def _is(store: ox.Store, node: Term, kind: ox.NamedNode | None = None) -> bool:
    """Whether the node is of a class: the given one, or any."""
    if not isinstance(node, ox.NamedNode | ox.BlankNode):
        return False
    return next(store.quads_for_pattern(node, _TYPE, kind), None) is not None


def _sources(store: ox.Store, involved: list[tuple[Term, str | None]]) -> tuple[tuple[Sentence, ...], tuple[str, ...]]:
    """The sentences behind the nodes, those about the property meant where an assertion names them, and their
    documents."""
    pieces: set[Term] = set()
    documents: set[str] = {_name(node) for node, _ in involved if _is(store, node, _A_DOCUMENT)}
    for node, path in involved:
        asserted = {
            piece
            for about in store.quads_for_pattern(None, _ABOUT, node)
            if path and ox.Quad(about.subject, _ASSERTS, ox.NamedNode(path)) in store
            for piece in _at(store, about.subject, _EVIDENCE.value)
        }
        own = {node} if _is(store, node, _A_PIECE) else set(_at(store, node, _EVIDENCE.value))
        pieces |= asserted or own
    sentences = set()
    for piece in pieces:
        documents |= set(map(_name, _at(store, piece, _IN_DOCUMENT.value)))
        sentences |= {Sentence(_name(piece), _name(quote)) for quote in _at(store, piece, _QUOTE.value)}
    return tuple(sorted(sentences)), tuple(sorted(documents))


def finding_quads(findings: Iterable[Finding], base: str = DEFAULT_BASE) -> Iterator[ox.Quad]:
    """The `du:Finding` nodes of the graph `graph/validation` (docs/graph.md), in the order of the findings."""
    graph = ox.NamedNode(graph_iri(base, "validation"))
    for finding in findings:
        node = ox.NamedNode(f"{base}finding/{finding.key}")
        facts: list[tuple[str, ox.NamedNode | ox.Literal]] = [
            ("shape", ox.NamedNode(finding.shape)),
            ("severity", ox.NamedNode(f"{DUC}severity-{finding.severity}")),
            ("focus", _object(finding.focus)),
            *(("path", ox.NamedNode(path)) for path in (finding.path,) if path),
            *(("numbers", ox.Literal(said)) for said in (finding.said,) if said),
            *(("judgement", ox.NamedNode(f"{DUC}judgement-{one}")) for one in (finding.judgement,) if one),
            *(("findingValue", ox.Literal(value)) for value in finding.values),
            *(("inDocument", ox.NamedNode(document)) for document in finding.documents),
            ("message", ox.Literal(finding.message_zh, language="zh")),
            ("message", ox.Literal(finding.message_en, language="en")),
            *(("evidence", ox.NamedNode(sentence.iri)) for sentence in finding.evidence),
        ]
        yield ox.Quad(node, _TYPE, ox.NamedNode(DU + "Finding"), graph)
        yield from (ox.Quad(node, ox.NamedNode(DU + name), value, graph) for name, value in facts)


def _object(name: str) -> ox.NamedNode | ox.Literal:
    """An IRI, or a literal where a literal (or a blank node, which has no name) stands in for a node."""
    try:
        return ox.NamedNode(name)
    except ValueError:
        return ox.Literal(name)


def validation_report(findings: Iterable[Finding], base: str = DEFAULT_BASE) -> Iterator[bytes]:
    """The W3C SHACL validation report as Turtle, piece by piece, the same bytes for the same findings. Its nodes have
    IRIs: the results those of the findings. As in SHACL, it conforms only when nothing at all was found."""
    report = ox.NamedNode(f"{base}validation")
    told = ordered(findings)
    head = [
        ox.Triple(report, _TYPE, _sh("ValidationReport")),
        ox.Triple(report, _sh("conforms"), ox.Literal(not told)),
        *(ox.Triple(report, _sh("result"), ox.NamedNode(f"{base}finding/{finding.key}")) for finding in told),
    ]
    yield turtle(head, PREFIXES)
    for begin in range(0, len(told), PIECE):
        results = [triple for finding in told[begin : begin + PIECE] for triple in _result(finding, base)]
        lines = turtle(results, PREFIXES).splitlines(keepends=True)
        yield b"".join(line for line in lines if not line.startswith(b"@prefix"))


def _result(finding: Finding, base: str) -> Iterator[ox.Triple]:
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
    yield ox.Triple(node, _TYPE, _sh("ValidationResult"))
    yield from (ox.Triple(node, _sh(name), value) for name, value in facts)


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SH + name)
