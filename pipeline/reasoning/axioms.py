"""What the ontology's axioms say about classes and properties, as far as it can be read off without a reasoner.

Reads triples of the ontology and its alignments. Knows classes above classes, disjoint classes, properties above and
inverse to properties, domains, ranges and functional properties; of class expressions only named classes, unions in
domains and ranges, and intersections in definitions. Whatever else they say is HermiT's to find.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations, product

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

_XSD = "http://www.w3.org/2001/XMLSchema#"
_LITERAL = str(RDFS.Literal)

Classes = frozenset[str]  # a node is in one of them


class Axioms:
    """The axioms of some triples, by IRI."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        """Every method asks these triples only."""
        self._graph = Graph()
        self._graph.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt11")
        self._disjoint = frozenset(self._pairs())
        self.inherited = cache(self._inherited)
        self.properties = cache(self._properties)
        self.apart = cache(self._apart)

    def _pairs(self) -> Iterator[frozenset[str]]:
        for one, other in self._graph.subject_objects(OWL.disjointWith):
            yield frozenset((str(one), str(other)))
        for members in self._graph.objects(None, OWL.members):
            yield from (frozenset(map(str, pair)) for pair in combinations(Collection(self._graph, members), 2))

    def _inherited(self, iri: str) -> frozenset[str]:
        """The class and all above it."""
        above = {iri}
        for node in self._graph.objects(URIRef(iri), RDFS.subClassOf):
            if isinstance(node, URIRef):
                above |= self.inherited(str(node))
        for definition in self._graph.objects(URIRef(iri), OWL.equivalentClass):
            for member in self._members(definition, OWL.intersectionOf):
                above |= self.inherited(member)
        return frozenset(above)

    def _properties(self, iri: str) -> frozenset[tuple[str, bool]]:
        """What holds where the property does: (property, whether the other way round)."""
        reached: set[tuple[str, bool]] = set()
        waiting = [(iri, False)]
        while waiting:
            name, turned = here = waiting.pop()
            if here in reached:
                continue
            reached.add(here)
            node = URIRef(name)
            waiting += [(str(above), turned) for above in self._graph.objects(node, RDFS.subPropertyOf)]
            inverse = {*self._graph.objects(node, OWL.inverseOf), *self._graph.subjects(OWL.inverseOf, node)}
            waiting += [(str(other), not turned) for other in inverse if isinstance(other, URIRef)]
        return frozenset(reached)

    def _apart(self, one: Classes, other: Classes) -> bool:
        """Whether nothing can be in one of the first and one of the second classes."""
        return all(self._clash(left, right) for left, right in product(one, other))

    def _clash(self, left: str, right: str) -> bool:
        above = product(self.inherited(left), self.inherited(right))
        return any(frozenset(pair) in self._disjoint for pair in above)

    def domains(self, name: str) -> list[Classes]:
        """The classes of whatever has the property, one set an axiom."""
        return [classes for node in self._graph.objects(URIRef(name), RDFS.domain) if (classes := self._union(node))]

    def ranges(self, name: str) -> list[Classes]:
        """The classes of the property's values, one set an axiom; none for a datatype property."""
        if (URIRef(name), RDF.type, OWL.ObjectProperty) not in self._graph:
            return []
        return [classes for node in self._graph.objects(URIRef(name), RDFS.range) if (classes := self._union(node))]

    def datatypes(self, name: str) -> list[str]:
        """The datatypes that a datatype property's values must have."""
        if (URIRef(name), RDF.type, OWL.DatatypeProperty) not in self._graph:
            return []
        return [str(node) for node in self._graph.objects(URIRef(name), RDFS.range) if str(node) != _LITERAL]

    def functional(self, name: str) -> bool:
        """Whether a node has one value of the property at most."""
        return (URIRef(name), RDF.type, OWL.FunctionalProperty) in self._graph

    def _union(self, node: Node) -> Classes:
        if isinstance(node, BNode):
            return frozenset(self._members(node, OWL.unionOf))
        return frozenset((str(node),))

    def _members(self, node: Node, connective: URIRef) -> list[str]:
        """The named classes in a class expression; all of a union, or none."""
        found = [
            member
            for collection in self._graph.objects(node, connective)
            for member in Collection(self._graph, collection)
        ]
        named = [str(member) for member in found if isinstance(member, URIRef)]
        return named if connective == OWL.intersectionOf or len(named) == len(found) else []


def fits(datatype: str, wanted: str) -> bool:
    """Whether a literal of one datatype is one of another: every integer is a decimal."""
    return datatype == wanted or (datatype, wanted) == (f"{_XSD}integer", f"{_XSD}decimal")
