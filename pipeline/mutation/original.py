"""A document's facts before mutation (原图), and the edits of which mutants are made.

An edit names the triples that go and those that come, so that a mutant says by itself what it changes. Where a fact
has an assertion, the assertion is rewritten with it: a misread date is asserted as misread.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from pipeline.validation.findings import Term, store_of
from pipeline.validation.validate import facts
from pipeline.vocabulary import DU, DUC, PREFIXES

Node = ox.NamedNode | ox.BlankNode
QUDT = "http://qudt.org/vocab/unit/"
_HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in {**PREFIXES, "unit": QUDT}.items())


def du(name: str) -> ox.NamedNode:
    """A term of the ontology."""
    return ox.NamedNode(DU + name)


def duc(name: str) -> ox.NamedNode:
    """A concept."""
    return ox.NamedNode(DUC + name)


def rdf(name: str) -> ox.NamedNode:
    """A term of RDF."""
    return ox.NamedNode(PREFIXES["rdf"] + name)


LABEL = ox.NamedNode(PREFIXES["rdfs"] + "label")
ISSUED = ox.NamedNode(PREFIXES["dcterms"] + "issued")
SUBJECT, PREDICATE, OBJECT = rdf("subject"), rdf("predicate"), rdf("object")


def like(old: Term, lexical: object) -> ox.Literal:
    """A literal of the same datatype and language with another lexical form."""
    if not isinstance(old, ox.Literal):
        raise TypeError(f"{old} is no literal")
    if old.language:
        return ox.Literal(str(lexical), language=old.language)
    return ox.Literal(str(lexical), datatype=old.datatype)


def date(lexical: str) -> ox.Literal:
    """An `xsd:date`, also one that no calendar has."""
    return ox.Literal(lexical, datatype=ox.NamedNode(PREFIXES["xsd"] + "date"))


def words(term: Term | None) -> str:
    """The characters of an IRI or literal."""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a graph: the node where it is, the triples that go and those that come."""

    place: str
    removed: frozenset[ox.Triple]
    added: frozenset[ox.Triple]

    def __or__(self, other: "Mutant") -> "Mutant":
        """Both changes, at the place of the first."""
        return Mutant(self.place, self.removed | other.removed, self.added | other.added)

    def of(self, triples: Iterable[ox.Triple]) -> list[ox.Triple]:
        """The triples after the change."""
        return list(dict.fromkeys([*(triple for triple in triples if triple not in self.removed), *self.added]))


@dataclass(frozen=True)
class Original:
    """One document's facts by layer: stated, derived, and the regions around. `document` is its node.

    Places are looked for in all of them, together with what the concepts say of each indicator; edits are made in
    `edited`, the layer that an operator breaks.
    """

    document: ox.NamedNode
    text: str
    stated: Sequence[ox.Triple]
    derived: Sequence[ox.Triple]
    around: Sequence[ox.Triple]
    edited: Sequence[ox.Triple]

    @cached_property
    def _store(self) -> ox.Store:
        triples = (*self.stated, *self.derived, *self.around)
        return store_of(facts(ox.Quad(t.subject, t.predicate, t.object) for t in triples))

    @cached_property
    def _mentions(self) -> Mapping[Term, list[ox.Triple]]:
        """Each term with the triples that it is subject or object of."""
        found: dict[Term, list[ox.Triple]] = {}
        for triple in self.edited:
            for term in {triple.subject, triple.object}:
                found.setdefault(term, []).append(triple)
        return found

    def rows(self, names: str, pattern: str) -> list[tuple[Term, ...]]:
        """The solutions of a SPARQL pattern, each once and sorted; unbound variables give no row."""
        found = self._store.query(f"{_HEAD}SELECT DISTINCT {names} WHERE {{ {pattern} }}")
        if not isinstance(found, ox.QuerySolutions):
            raise TypeError("a SELECT answers with solutions")
        rows = [tuple(term for term in row if term is not None) for row in found]
        return sorted((row for row in rows if len(row) == len(found.variables)), key=str)

    def about(self, node: Term) -> list[ox.Triple]:
        """The triples whose subject a node is."""
        return [triple for triple in self._mentions.get(node, ()) if triple.subject == node]

    def knows(self, node: Term) -> bool:
        """Whether anything is said of a node."""
        return bool(self.about(node))

    def changed(self, node: Term, predicate: ox.NamedNode, old: Term, new: Term | None) -> Mutant:
        """One value becomes another, or goes where `new` is None; its assertions follow."""
        removed, added = {_triple(node, predicate, old)}, set()
        if new is not None:
            added.add(_triple(node, predicate, new))
        for assertion in self._asserting(node, predicate, old):
            if new is None:
                removed |= set(self.about(assertion))
            else:
                removed.add(_triple(assertion, OBJECT, old))
                added.add(_triple(assertion, OBJECT, new))
        return Mutant(words(node), frozenset(removed), frozenset(added))

    def bare(self, node: Term, predicate: ox.NamedNode, old: Term, new: Term | None) -> Mutant:
        """As `changed`, but no assertion follows."""
        added = () if new is None else (_triple(node, predicate, new),)
        return Mutant(words(node), frozenset({_triple(node, predicate, old)}), frozenset(added))

    def plus(self, node: Term, predicate: ox.NamedNode, value: Term) -> Mutant:
        """One value more."""
        return Mutant(words(node), frozenset(), frozenset({_triple(node, predicate, value)}))

    def without(self, node: Term) -> Mutant:
        """A node with its parts (IRIs below its own) and whatever points to them is gone: it was never read."""
        gone = {term for term in self._mentions if term == node or words(term).startswith(f"{words(node)}/")}
        gone |= {t.subject for term in gone for t in self._mentions[term] if t.predicate in (SUBJECT, OBJECT)}
        return Mutant(words(node), frozenset(triple for term in gone for triple in self._mentions[term]), frozenset())

    def detached(self, node: Term, links: Set[ox.NamedNode]) -> Mutant:
        """A node without some properties, whether it is their subject or their object."""
        gone = (triple for triple in self._mentions.get(node, ()) if triple.predicate in links)
        return Mutant(words(node), frozenset(gone), frozenset())

    def emptied(self, node: Term) -> Mutant:
        """All that is said of a node is gone; what points to it stays."""
        return Mutant(words(node), frozenset(self.about(node)), frozenset())

    def copied(self, node: Term, changes: Mapping[ox.NamedNode, Term]) -> Mutant:
        """A second node that says the same, but for one value of each property named."""
        second = ox.NamedNode(f"{words(node)}0")
        said = (_triple(second, t.predicate, changes.get(t.predicate, t.object)) for t in self.about(node))
        return Mutant(words(second), frozenset(), frozenset(said))

    def renamed(self, names: Mapping[Term, Term]) -> Mutant:
        """Terms become others wherever they are subject or object; the place is the first of them."""
        old = {triple for name in names for triple in self._mentions.get(name, ())}
        new = (_triple(names.get(t.subject, t.subject), t.predicate, names.get(t.object, t.object)) for t in old)
        return Mutant(words(next(iter(names))), frozenset(old), frozenset(new))

    def parts(self, node: Term, new: str) -> dict[Term, Term]:
        """What `renamed` takes to give a node, and its parts with it, another IRI; the node first."""
        old = words(node)
        names = sorted(name for name in map(words, self._mentions) if name.startswith(f"{old}/"))
        return {ox.NamedNode(name): ox.NamedNode(new + name.removeprefix(old)) for name in (old, *names)}

    def _asserting(self, node: Term, predicate: ox.NamedNode, value: Term) -> Iterator[Term]:
        for triple in self._mentions.get(node, ()):
            if triple.predicate == SUBJECT:
                said = {(one.predicate, one.object) for one in self.about(triple.subject)}
                if {(PREDICATE, predicate), (OBJECT, value)} <= said:
                    yield triple.subject


def edits(
    original: Original, pattern: str, predicate: ox.NamedNode, new: Callable[[Term], Term | None]
) -> Iterator[Mutant]:
    """For each `?node ?value` of a pattern, the value of a property changed; none where `new` gives the old one."""
    for node, value in original.rows("?node ?value", pattern):
        if (other := new(value)) != value:
            yield original.changed(node, predicate, value, other)


def _triple(subject: Term, predicate: ox.NamedNode, value: Term) -> ox.Triple:
    if not isinstance(subject, ox.NamedNode | ox.BlankNode):
        raise TypeError(f"{subject} is no subject")
    return ox.Triple(subject, predicate, value)
