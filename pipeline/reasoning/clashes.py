"""Contradictions that show without a reasoner: a few triples and the one axiom that they break.

Takes a document's triples as HermiT is given them. Finds a node in two disjoint classes (stated, or by a property's
domain or range), two values of a functional property, and a literal outside a property's datatype. Each is sound in
OWL 2; `justify.py` asks HermiT all the same, and searches where nothing shows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import combinations, product

import pyoxigraph as ox

from pipeline.reasoning.axioms import Axioms, Classes, fits
from pipeline.vocabulary import PREFIXES, short

_TYPE = f"{PREFIXES['rdf']}type"
_NUMBERS = frozenset(f"{PREFIXES['xsd']}{name}" for name in ("integer", "decimal"))

Value = tuple[str, object]


class Kind(StrEnum):
    """The kind of axiom that is broken."""

    DISJOINT = "disjoint-classes"
    DOMAIN = "domain"
    RANGE = "range"
    FUNCTIONAL = "functional-property"
    DATATYPE = "datatype"


@dataclass(frozen=True, slots=True)
class Clash:
    """Triples that contradict the ontology, sorted, and the axiom as a phrase."""

    kind: Kind
    axiom: str
    triples: tuple[ox.Triple, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """That a node is in one of the classes, since a triple says or implies so."""

    classes: Classes
    triple: ox.Triple
    kind: Kind
    by: str = ""  # the property whose domain or range it is

    def phrase(self) -> str:
        classes = " or ".join(sorted(short(name) for name in self.classes))
        return f"the {self.kind} of {short(self.by)} is {classes}" if self.by else classes


@dataclass(slots=True)
class _Read:
    """What the triples tell of each node, and the values of its functional properties."""

    told: dict[str, list[_Told]] = field(default_factory=lambda: defaultdict(list))
    values: dict[str, dict[str, dict[Value, ox.Triple]]] = field(default_factory=lambda: defaultdict(dict))

    def tell(self, node: str, told: _Told) -> None:
        """Keeps the first triple for each set of classes."""
        if all(known.classes != told.classes for known in self.told[node]):
            self.told[node].append(told)


def clashes(triples: Iterable[ox.Triple], axioms: Axioms, different: frozenset[str]) -> list[Clash]:
    """The clashes among the triples: those of fewest triples first, of these those whose triples come first.

    `different` are the nodes that are pairwise different by declaration.
    """
    given = list(triples)
    read = _read(given, axioms)
    turn = {triple: place for place, triple in enumerate(given)}
    found = [*_datatypes(given, axioms), *_classes(read, axioms), *_functional(read, axioms, different)]
    distinct = {(clash.kind, clash.triples): clash for clash in found}
    return sorted(
        distinct.values(), key=lambda clash: (len(clash.triples), [turn[t] for t in clash.triples], clash.axiom)
    )


def _read(triples: list[ox.Triple], axioms: Axioms) -> _Read:
    read = _Read()
    for t in triples:
        if not isinstance(t.subject, ox.NamedNode):
            continue
        if t.predicate.value == _TYPE:
            if isinstance(t.object, ox.NamedNode):
                read.tell(t.subject.value, _Told(frozenset((t.object.value,)), t, Kind.DISJOINT))
            continue
        for name, turned in sorted(axioms.properties(t.predicate.value)):
            _follow(read, axioms, t, name, turned)
    return read


def _follow(read: _Read, axioms: Axioms, t: ox.Triple, name: str, turned: bool) -> None:
    """What one triple tells through a property at or above its own, or an inverse of one."""
    subject, value = (t.object, t.subject) if turned else (t.subject, t.object)
    if not isinstance(subject, ox.NamedNode):
        return
    for classes in axioms.domains(name):
        read.tell(subject.value, _Told(classes, t, Kind.DOMAIN, name))
    if isinstance(value, ox.NamedNode):
        for classes in axioms.ranges(name):
            read.tell(value.value, _Told(classes, t, Kind.RANGE, name))
    if axioms.functional(name) and isinstance(value, ox.NamedNode | ox.Literal):
        read.values[subject.value].setdefault(name, {}).setdefault(_value(value), t)


def _value(term: ox.NamedNode | ox.Literal) -> Value:
    """What a term stands for, a node without a datatype: 85.0 and 85.00 are one value, and so are 3 and 3.0."""
    if isinstance(term, ox.NamedNode):
        return "", term.value
    if term.datatype.value in _NUMBERS:
        with suppress(InvalidOperation):
            return "number", Decimal(term.value)
    return term.datatype.value, term.value


def _datatypes(triples: list[ox.Triple], axioms: Axioms) -> Iterator[Clash]:
    for t in triples:
        if isinstance(t.object, ox.Literal):
            for name, _ in sorted(axioms.properties(t.predicate.value)):
                for wanted in axioms.datatypes(name):
                    if not fits(t.object.datatype.value, wanted):
                        yield Clash(Kind.DATATYPE, f"the values of {short(name)} are of {short(wanted)}", (t,))


def _classes(read: _Read, axioms: Axioms) -> Iterator[Clash]:
    for node in read.told:
        for one, other in _apart(read, axioms, node, node):
            yield Clash(_kind(one, other), _phrase(one, other), _union(one.triple, other.triple))


def _apart(read: _Read, axioms: Axioms, left: str, right: str) -> Iterator[tuple[_Told, _Told]]:
    """What is told of two nodes, or of one, and cannot hold of one thing."""
    one, other = read.told.get(left, []), read.told.get(right, [])
    told = combinations(one, 2) if left == right else product(one, other)
    return ((a, b) for a, b in told if axioms.apart(a.classes, b.classes))


def _kind(one: _Told, other: _Told) -> Kind:
    return next((told.kind for told in (one, other) if told.by), Kind.DISJOINT)


def _phrase(one: _Told, other: _Told) -> str:
    first, second = sorted((one, other), key=lambda told: (not told.by, told.phrase()))
    if not first.by:
        return f"{first.phrase()} and {second.phrase()} are disjoint classes"
    if not second.by:
        return f"{first.phrase()}, which is disjoint with {second.phrase()}"
    return f"{first.phrase()}, and {second.phrase()}, and these classes are disjoint"


def _functional(read: _Read, axioms: Axioms, different: frozenset[str]) -> Iterator[Clash]:
    for by_property in read.values.values():
        for name, known in by_property.items():
            for (one, first), (other, second) in combinations(known.items(), 2):
                for why in _different(one, other, read, axioms, different):
                    axiom = f"{short(name)} is functional, so that a node has one value of it"
                    yield Clash(Kind.FUNCTIONAL, axiom, _union(first, second, *why))


def _different(
    one: Value, other: Value, read: _Read, axioms: Axioms, different: frozenset[str]
) -> Iterator[tuple[ox.Triple, ...]]:
    """What makes two values of one property different, each time a few triples; no triples where they are by themselves."""
    if bool(one[0]) != bool(other[0]):
        return
    left, right = str(one[1]), str(other[1])
    if one[0] or {left, right} <= different:
        yield ()
        return
    yield from ((a.triple, b.triple) for a, b in _apart(read, axioms, left, right))
    for name, codes in read.values.get(left, {}).items():
        for (code, first), (key, second) in product(codes.items(), read.values.get(right, {}).get(name, {}).items()):
            if code[0] and key[0] and code != key:
                yield first, second


def _union(*triples: ox.Triple) -> tuple[ox.Triple, ...]:
    return tuple(sorted(set(triples), key=str))
