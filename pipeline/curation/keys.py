"""Facts by their stable keys (事实标识): what a curator's decision is about, found in one document's stated graph.

A key is the IRI of a node below the base (`plan/450300-202310/target/1a2b3c4d`), or that and a property
(`supervision/450300-202310 du:startDate`). Together with the hash of its sentence it outlives a new extraction and holds
for every copy of the text; where a property has several values, the value tells them apart.
"""

from dataclasses import dataclass

import pyoxigraph as ox

from pipeline.curation.decisions import sentence_hash
from pipeline.curation.values import Term, decidable, property_named, written
from pipeline.model import Span
from pipeline.vocabulary import DU, PREFIXES

TYPE, LABEL = ox.NamedNode(f"{PREFIXES['rdf']}type"), ox.NamedNode(f"{PREFIXES['rdfs']}label")
SUBJECT, PREDICATE, OBJECT = (ox.NamedNode(f"{PREFIXES['rdf']}{name}") for name in ("subject", "predicate", "object"))
EVIDENCE, BASIS, RULE, REASON, CORRECTION = (
    ox.NamedNode(f"{DU}{name}") for name in ("evidence", "basis", "rule", "reason", "correction")
)
_QUOTE, _BEGIN, _END = (ox.NamedNode(f"{DU}{name}") for name in ("quote", "begin", "end"))
_NO_FACTS = {ox.NamedNode(f"{DU}{name}") for name in ("Evidence", "Assertion", "Correction", "Finding")}
_DOCUMENT = ox.NamedNode(f"{DU}Document")
Graph = ox.NamedNode


@dataclass(frozen=True)
class Passage:
    """One piece of evidence; offsets are code points, half-open."""

    begin: int
    end: int
    quote: str
    node: ox.NamedNode


@dataclass(frozen=True)
class Fact:
    """A node, or one value of a property of it, in one document. `held` are the nodes that say where it comes from:
    its assertions, else the node itself. `shown` is the value as a curator writes it; a node's is its label."""

    key: str
    graph: Graph
    subject: ox.NamedNode
    predicate: ox.NamedNode | None
    value: Term | None
    assertions: tuple[ox.NamedNode, ...]
    passages: tuple[Passage, ...]
    shown: str

    @property
    def held(self) -> tuple[ox.NamedNode, ...]:
        return self.assertions or (self.subject,)

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(Span(passage.begin, passage.end) for passage in self.passages)

    @property
    def sentence(self) -> str:
        """All its passages, in the order of the text."""
        return "".join(passage.quote for passage in self.passages)

    @property
    def hash(self) -> str:
        return sentence_hash(self.sentence)


def subject_of(key: str, base: str) -> ox.NamedNode:
    """The node a key is about."""
    return ox.NamedNode(base + key.partition(" ")[0])


def key_of(subject: ox.NamedNode, predicate: ox.NamedNode | None, base: str) -> str:
    """The key of a node, or of a property of it."""
    name = written(subject, base)
    return f"{name} {written(predicate, base)}" if predicate else name


def facts(store: ox.Store, graph: Graph, key: str, base: str) -> list[Fact]:
    """The facts with this key in a stated graph, sorted by value: none, one, or one for each value of the property."""
    subject, name = subject_of(key, base), key.partition(" ")[2]
    types = set(objects(store, graph, subject, TYPE))
    if types & _NO_FACTS or not types or (not name and _DOCUMENT in types):
        return []
    if not name:
        return [fact(store, graph, base, subject)]
    predicate = property_named(name)
    values = objects(store, graph, subject, predicate) if decidable(predicate) else []
    return [fact(store, graph, base, subject, predicate, value) for value in values]


def fact(
    store: ox.Store,
    graph: Graph,
    base: str,
    subject: ox.NamedNode,
    predicate: ox.NamedNode | None = None,
    value: Term | None = None,
) -> Fact:
    """The fact that a node, or a triple, of a stated graph is."""
    assertions = asserting(store, graph, subject, predicate, value) if predicate and value else ()
    pieces = {piece for node in assertions or (subject,) for piece in nodes(store, graph, node, EVIDENCE)}
    passages = tuple(sorted((_passage(store, graph, p) for p in pieces), key=lambda p: (p.begin, p.end)))
    shown = one_line(written(value, base) if value else label(store, graph, subject))
    return Fact(key_of(subject, predicate, base), graph, subject, predicate, value, assertions, passages, shown)


def asserting(
    store: ox.Store, graph: Graph, subject: ox.NamedNode, predicate: ox.NamedNode, value: Term
) -> tuple[ox.NamedNode, ...]:
    """The assertions of a triple, sorted."""
    about = {q.subject for q in store.quads_for_pattern(None, SUBJECT, subject, graph)}
    return tuple(
        sorted(
            (
                node
                for node in about
                if isinstance(node, ox.NamedNode)
                and ox.Quad(node, PREDICATE, predicate, graph) in store
                and ox.Quad(node, OBJECT, value, graph) in store
            ),
            key=str,
        )
    )


def _passage(store: ox.Store, graph: Graph, piece: ox.NamedNode) -> Passage:
    begin, end, quote = (text(store, graph, piece, name) for name in (_BEGIN, _END, _QUOTE))
    return Passage(int(begin or 0), int(end or 0), quote, piece)


def objects(store: ox.Store, graph: Graph | None, subject: Term, predicate: ox.NamedNode) -> list[Term]:
    """The values of a property, each once, sorted."""
    if not isinstance(subject, ox.NamedNode):
        return []
    found = {quad.object for quad in store.quads_for_pattern(subject, predicate, None, graph)}
    return sorted((term for term in found if isinstance(term, ox.NamedNode | ox.Literal)), key=str)


def nodes(store: ox.Store, graph: Graph | None, subject: Term, predicate: ox.NamedNode) -> list[ox.NamedNode]:
    """The values of a property that are nodes."""
    return [term for term in objects(store, graph, subject, predicate) if isinstance(term, ox.NamedNode)]


def text(store: ox.Store, graph: Graph | None, subject: Term, predicate: ox.NamedNode, language: str = "") -> str:
    """A property's first literal, in the language where one is given; nothing where there is none."""
    found = (term for term in objects(store, graph, subject, predicate) if isinstance(term, ox.Literal))
    return next((term.value for term in found if not language or term.language == language), "")


def label(store: ox.Store, graph: Graph | None, node: ox.NamedNode) -> str:
    """What a node is called: its Chinese label, any label, else its words."""
    ways = ((LABEL, "zh"), (LABEL, ""), (ox.NamedNode(f"{DU}restoration"), ""), (ox.NamedNode(f"{DU}valueText"), ""))
    return next((found for way, language in ways if (found := text(store, graph, node, way, language))), "")


def one_line(words: str) -> str:
    """Words without line breaks and without what cannot be printed, as values are written and compared."""
    return "".join(sign for sign in " ".join(words.split()) if sign.isprintable())
