"""OWL 2 DL reasoning with HermiT: is the ontology consistent, does a document contradict it, what follows from it?

HermiT cannot take every triple. The reasoning projection leaves out the named graphs, texts with a language, literals of
datatypes that HermiT stops at (dates, months, durations, anyURI), and the reification terms rdf:subject, rdf:predicate
and rdf:object. SKOS concepts are declared pairwise different; regions and documents differ by their functional codes.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from pipeline.assets import asset_path
from pipeline.reasoning.hermit import SECONDS, ReasoningError, ask, consistent
from pipeline.vocabulary import DU, DUC, PREFIXES

_RDF, _RDFS, _OWL, _XSD = PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["owl"], PREFIXES["xsd"]
_TYPE = ox.NamedNode(f"{_RDF}type")
_REMEDY = "see which statements break a rule of the ontology, and mend what wrote them"
# Reserved vocabulary that OWL 2 DL has no reading for.
_REIFICATION = frozenset(f"{_RDF}{name}" for name in ("subject", "predicate", "object", "Statement"))
_DATATYPES = frozenset(f"{_XSD}{name}" for name in ("string", "boolean", "integer", "decimal", "double", "dateTime"))

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Statements = Iterable[ox.Quad] | Iterable[ox.Triple]


@dataclass(frozen=True)
class Reasoning:
    """HermiT's verdict on `subject`. `unsatisfiable` are the ontology's classes that nothing can be; of an inconsistent
    ontology none is listed, since everything follows from it."""

    subject: str
    consistent: bool
    unsatisfiable: tuple[str, ...]
    seconds: float

    def __str__(self) -> str:
        if not self.consistent:
            return f"{self.subject}: contradicts the ontology"
        if self.unsatisfiable:
            return f"{self.subject}: classes that nothing can be: {', '.join(self.unsatisfiable)}"
        return f"{self.subject}: consistent"


def check_ontology(draft: Statements = ()) -> Reasoning:
    """The ontology with its alignments and concepts, and terms that are drafted. Raises ReasoningError."""
    started = time.monotonic()
    known = [*axioms("ducha", "alignments"), *projection(_read("concepts"))]
    answer = ask("ontology", [*known, *readable(draft)])
    nothing = ox.NamedNode(f"{_OWL}Nothing")
    empty = {t.subject.value for t in answer or () if t.object == nothing and isinstance(t.subject, ox.NamedNode)}
    return Reasoning("ontology", answer is not None, tuple(sorted(empty)), time.monotonic() - started)


def check_slice(statements: Statements, subject: str = "graph", seconds: float = SECONDS) -> Reasoning:
    """The ontology and alignments with a document's triples; the caller adds the regions.

    Raises ReasoningError; when HermiT takes longer than `seconds`, its kind NoAnswerError, which is no verdict.
    """
    started = time.monotonic()
    verdict = consistent(subject, [*axioms("ducha", "alignments"), *projection(statements)], seconds=seconds)
    return Reasoning(subject, verdict, (), time.monotonic() - started)


@dataclass(frozen=True)
class Inferred:
    """What holds, stated or inferred: `types` are (individual, class), `relations` (subject, property, object)."""

    types: frozenset[tuple[str, str]]
    relations: frozenset[tuple[str, str, str]]


def inferred(statements: Statements, properties: Iterable[str], subject: str = "graph") -> Inferred:
    """Every class of the ontology that an individual is in, and every pair of the object properties given as IRIs.

    HermiT names the most specific class of an individual and property of a pair only, so its answer is closed under
    sub-classes, sub-properties and inverses. Raises ReasoningError, also when the statements contradict the ontology:
    then everything would follow.
    """
    triples = [*axioms("ducha"), *projection(statements)]
    answer = ask(subject, triples, relations=True)
    if answer is None:
        raise ReasoningError(subject, "contradicts the ontology, so that everything would follow from it", _REMEDY)
    known = [*triples, *answer]
    wanted = frozenset(properties)
    return Inferred(_types(known), frozenset(pair for pair in _relations(known) if pair[1] in wanted))


def _types(known: Iterable[ox.Triple]) -> frozenset[tuple[str, str]]:
    parents = _edges(known, f"{_RDFS}subClassOf")
    return frozenset(
        (t.subject.value, kind)
        for t in known
        if t.predicate == _TYPE and isinstance(t.subject, ox.NamedNode) and not t.subject.value.startswith(DU)
        for kind in _upwards(t.object, parents)
        if kind.startswith(DU)
    )


def _relations(known: Iterable[ox.Triple]) -> set[tuple[str, str, str]]:
    parents, inverses = _edges(known, f"{_RDFS}subPropertyOf"), _edges(known, f"{_OWL}inverseOf")
    for one, others in list(inverses.items()):
        for other in others:
            inverses.setdefault(other, set()).add(one)
    pairs: set[tuple[str, str, str]] = set()
    for t in known:
        if not (isinstance(t.subject, ox.NamedNode) and isinstance(t.object, ox.NamedNode)):
            continue
        for name in _upwards(t.predicate, parents):
            pairs.add((t.subject.value, name, t.object.value))
            pairs |= {(t.object.value, inverse, t.subject.value) for inverse in inverses.get(name, ())}
    return pairs


def projection(statements: Statements) -> list[ox.Triple]:
    """The triples that HermiT can take, with the concepts among them declared pairwise different."""
    kept = readable(statements)
    return [*kept, *_all_different(sorted(concepts(kept), key=str))]


def readable(statements: Statements) -> list[ox.Triple]:
    """The triples that HermiT can take, as they are."""
    triples = (ox.Triple(s.subject, s.predicate, s.object) for s in statements)
    return [t for t in triples if not _reserved(t) and _takes(t.object)]


def concepts(triples: Iterable[ox.Triple]) -> set[Term]:
    """The SKOS concepts that some triples mention; the projection declares them pairwise different."""
    return {term for t in triples for term in (t.subject, t.object) if _is_concept(term)}


@cache
def _read(name: str) -> tuple[ox.Triple, ...]:
    return tuple(quad.triple for quad in ox.parse(path=str(asset_path("ontology", f"{name}.ttl"))))


def axioms(*names: str) -> list[ox.Triple]:
    """The triples of files of `ontology/` (`ducha`, `alignments`) that OWL 2 DL has a reading for."""
    return [t for name in names for t in _read(name) if not _reserved(t)]


def _reserved(triple: ox.Triple) -> bool:
    return any(
        isinstance(term, ox.NamedNode) and term.value in _REIFICATION for term in (triple.predicate, triple.object)
    )


def _takes(term: Term) -> bool:
    return not isinstance(term, ox.Literal) or (term.language is None and term.datatype.value in _DATATYPES)


def _is_concept(term: Term) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith(DUC) and not term.value.startswith(f"{DUC}scheme-")


def _all_different(members: list[Term]) -> list[ox.Triple]:
    if len(members) < 2:
        return []
    head, cells = ox.BlankNode("different"), [ox.BlankNode(f"different{i}") for i in range(len(members))]
    tails: list[Term] = [*cells[1:], ox.NamedNode(f"{_RDF}nil")]
    out = [
        ox.Triple(head, _TYPE, ox.NamedNode(f"{_OWL}AllDifferent")),
        ox.Triple(head, ox.NamedNode(f"{_OWL}distinctMembers"), cells[0]),
    ]
    for cell, member, tail in zip(cells, members, tails, strict=True):
        out.append(ox.Triple(cell, ox.NamedNode(f"{_RDF}first"), member))
        out.append(ox.Triple(cell, ox.NamedNode(f"{_RDF}rest"), tail))
    return out


def _edges(triples: Iterable[ox.Triple], predicate: str) -> dict[str, set[str]]:
    edges: dict[str, set[str]] = {}
    for t in triples:
        if (
            t.predicate.value == predicate
            and isinstance(t.subject, ox.NamedNode)
            and isinstance(t.object, ox.NamedNode)
        ):
            edges.setdefault(t.subject.value, set()).add(t.object.value)
    return edges


def _upwards(term: Term, parents: dict[str, set[str]]) -> set[str]:
    """The IRI of `term` and of everything above it; nothing for a blank node."""
    reached: set[str] = set()
    todo = [term.value] if isinstance(term, ox.NamedNode) else []
    while todo:
        here = todo.pop()
        if here not in reached:
            reached.add(here)
            todo.extend(parents.get(here, ()))
    return reached
