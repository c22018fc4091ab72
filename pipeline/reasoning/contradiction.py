"""A document's contradiction of the ontology as a curator reads it: which triples clash, and the sentences behind them.

Takes a document's quads: stated, derived, and those of the regions they mention. HermiT says whether they contradict
the ontology, `justify.py` which few of them do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from pipeline.vocabulary import DU, PREFIXES, short

_SUBJECT, _PREDICATE, _OBJECT = (
    ox.NamedNode(f"{PREFIXES['rdf']}{name}") for name in ("subject", "predicate", "object")
)
_EVIDENCE, _QUOTE = (ox.NamedNode(f"{DU}{name}") for name in ("evidence", "quote"))
_DEFAULT = ox.DefaultGraph()
_TURN = ("stated", "regions", "derived")  # what a reader should see first
_LONG = 60  # characters of a sentence in one line


@dataclass(frozen=True, slots=True)
class Clashing:
    """One triple and the sentences it rests on. `object` is an IRI, or the value of a literal of the `datatype`.

    `graph` is where it stands: `stated`, `derived` (it follows by a rule from what is stated) or `regions` (it is ours,
    and has no sentence).
    """

    subject: str
    predicate: str
    object: str
    datatype: str
    graph: str
    quotes: tuple[str, ...]

    def told(self, base: str) -> str:
        """In words, IRIs shortened, with the first sentence."""
        value = f"“{self.object}”^^{short(self.datatype)}" if self.datatype else short(self.object, base)
        where = f" ({self.graph})" if self.graph != _TURN[0] else ""
        said = f", from the sentence “{_cut(self.quotes[0])}”" if self.quotes else ""
        return f"{short(self.subject, base)} {short(self.predicate)} {value}{where}{said}"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Why a document contradicts the ontology. There may be others beside it.

    `kind` and `axiom` name what is broken, where that shows (`pipeline.reasoning.clashes.Kind`). `statements` is empty when no
    few were found in time; where `minimal`, none of them can be left out.
    """

    kind: str
    axiom: str
    statements: tuple[Clashing, ...]
    minimal: bool

    def told(self, base: str) -> str:
        """In one line."""
        problem = "its facts contradict the ontology (HermiT)"
        if not self.statements:
            return f"{problem}; which of them was not found in time"
        if not self.minimal:
            problem += ", perhaps not all of these, since the search ran out of time"
        because = f": {self.axiom}" if self.axiom else ""
        return f"{problem}{because}: {' and '.join(statement.told(base) for statement in self.statements)}"

    @property
    def nodes(self) -> frozenset[str]:
        """The IRIs of the nodes that clash."""
        return frozenset(
            iri for one in self.statements for iri in (one.subject, "" if one.datatype else one.object) if iri
        )


def contradiction(quads: Sequence[ox.Quad]) -> Contradiction | None:
    """Why one document's quads contradict the ontology; None when they agree with it.

    Raises ReasoningError when HermiT cannot say; its kind NoAnswerError is a time-out and no contradiction.
    """
    from pipeline.reasoning.justify import justify  # noqa: PLC0415 - rdflib takes a moment to import
    from pipeline.reasoning.reason import check_slice  # noqa: PLC0415

    if check_slice(quads).consistent:
        return None
    graphs: dict[ox.Triple, str] = {}
    for quad in sorted(quads, key=lambda quad: (_TURN.index(_graph(quad)), str(quad))):
        graphs.setdefault(quad.triple, _graph(quad))
    found = justify(graphs)
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object, _DEFAULT) for t in graphs)
    return Contradiction(
        kind=found.clash.kind.value if found.clash else "",
        axiom=found.clash.axiom if found.clash else "",
        statements=tuple(_clashing(triple, graphs[triple], store) for triple in found.triples),
        minimal=found.minimal,
    )


def _graph(quad: ox.Quad) -> str:
    name = str(quad.graph_name.value).rpartition("/")[2] if isinstance(quad.graph_name, ox.NamedNode) else ""
    return name if name in _TURN else _TURN[0]


def _clashing(triple: ox.Triple, graph: str, store: ox.Store) -> Clashing:
    value, subject = triple.object, triple.subject
    datatype = value.datatype.value if isinstance(value, ox.Literal) else ""
    quotes = tuple(sorted(_quotes(triple, store)))
    return Clashing(_name(subject), triple.predicate.value, _name(value), datatype, graph, quotes)


def _name(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _quotes(triple: ox.Triple, store: ox.Store) -> set[str]:
    """The sentences of the assertion about a triple, else of its subject; the passage itself where that is one."""
    asserting = {
        quad.subject
        for quad in store.quads_for_pattern(None, _SUBJECT, triple.subject)
        if ox.Quad(quad.subject, _PREDICATE, triple.predicate) in store
        and ox.Quad(quad.subject, _OBJECT, triple.object) in store
    }
    for nodes in (asserting, {triple.subject}):
        passages = {q.object for node in nodes for q in store.quads_for_pattern(node, _EVIDENCE, None)} | nodes
        told = (
            q for one in passages if isinstance(one, ox.NamedNode) for q in store.quads_for_pattern(one, _QUOTE, None)
        )
        if quotes := {_name(quad.object) for quad in told}:
            return quotes
    return set()


def _cut(quote: str) -> str:
    flat = " ".join(quote.split())
    return flat if len(flat) <= _LONG else f"{flat[: _LONG - 1]}…"
