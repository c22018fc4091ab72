"""The ontology of a snapshot with what the snapshot does with it: uses, one example of each class, the rules."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from pipeline.vocabulary import DU, DUC, PREFIXES
from service.dataset import Dataset
from service.nodes import Node, Quote, gather, quote_of
from service.ontology import queries
from service.terms import Row, Term

ONTOLOGY = DU.removesuffix("#")
OWL = PREFIXES["owl"]
PROPERTY_KINDS = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_MOST = 2  # versions: the one in force, and the one that still answers
_KEPT: dict[str, "Ontology"] = {}
_NAMED = re.compile(r"\bdu:(\w+)")


@dataclass(frozen=True)
class Example:
    """A node of the graph that belongs to a class, by a subclass where `type` differs from it."""

    iri: str
    type: str
    labels: tuple[Term, ...]
    quote: Quote | None


@dataclass(frozen=True)
class Rule:
    """A SHACL rule, its severity as a concept, and how many findings it has in the snapshot."""

    node: Node
    severity: str
    findings: int


@dataclass(frozen=True)
class Ontology:
    """Terms by IRI. Blank nodes of class expressions are nodes like others, under the name they have in the answer."""

    nodes: Mapping[str, Node]
    uses: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, Example] = field(default_factory=dict)
    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)

    @property
    def header(self) -> Node:
        """The node of the ontology itself; empty where the snapshot holds none."""
        return self.nodes.get(ONTOLOGY, Node(ONTOLOGY))

    @property
    def version(self) -> str:
        return self.header.text("owl:versionInfo")

    @cached_property
    def classes(self) -> tuple[Node, ...]:
        return self._ours("Class")

    @cached_property
    def properties(self) -> tuple[Node, ...]:
        return tuple(sorted((n for kind in PROPERTY_KINDS for n in self._ours(kind)), key=lambda node: node.iri))

    @cached_property
    def schemes(self) -> dict[str, tuple[Node, ...]]:
        """Scheme → its concepts."""
        skos = PREFIXES["skos"]
        concepts = [n for n in self.nodes.values() if n.iri.startswith(DUC) and f"{skos}Concept" in n.types()]
        found: dict[str, tuple[Node, ...]] = {}
        for concept in concepts:
            for scheme in concept.all("skos:inScheme"):
                found[scheme.value] = (*found.get(scheme.value, ()), concept)
        return dict(sorted(found.items()))

    def _ours(self, kind: str) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes.values() if node.iri.startswith(DU) and OWL + kind in node.types())

    def items(self, start: Term) -> list[Term]:
        """The members of an RDF list."""
        found: list[Term] = []
        seen: set[str] = set()
        at: Term | None = start
        while at is not None and at.value in self.nodes and at.value not in seen:
            seen.add(at.value)
            found += self.nodes[at.value].all("rdf:first")
            at = self.nodes[at.value].one("rdf:rest")
        return found

    def named(self, terms: Iterable[Term]) -> list[str]:
        """The classes that expressions name, a union taken apart: `Issue or Measure` is Issue, Measure."""
        found: list[str] = []
        seen: set[str] = set()
        waiting = [*terms]
        while waiting:
            term = waiting.pop(0)
            union = self.nodes.get(term.value, Node("")).one("owl:unionOf")
            if term.value not in seen:
                seen.add(term.value)
                waiting = [*(self.items(union) if union else []), *waiting]
                found += [] if union else [term.value]
        return found

    @cached_property
    def _ends(self) -> dict[str, tuple[list[str], list[str]]]:
        return {
            prop.iri: (self.named(prop.all("rdfs:domain")), self.named(prop.all("rdfs:range")))
            for prop in self.properties
        }

    def domain(self, prop: Node) -> list[str]:
        """The classes that the property's domain names."""
        return self._ends[prop.iri][0]

    def range(self, prop: Node) -> list[str]:
        """The classes or datatypes that the property's range names."""
        return self._ends[prop.iri][1]

    @cached_property
    def parents(self) -> dict[str, list[str]]:
        """Class → the classes of ours right above it, those of an intersection that defines it included."""
        found: dict[str, list[str]] = {}
        for node in self.classes:
            above = node.all("rdfs:subClassOf")
            for same in node.all("owl:equivalentClass"):
                parts = self.nodes.get(same.value, Node("")).one("owl:intersectionOf")
                above = [*above, *(self.items(parts) if parts else [])]
            found[node.iri] = [*dict.fromkeys(term.value for term in above if term.value.startswith(DU))]
        return found

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """Class → the classes of ours right below it."""
        found: dict[str, list[str]] = {}
        for low, parents in self.parents.items():
            for parent in parents:
                found.setdefault(parent, []).append(low)
        return found

    @cached_property
    def subproperties(self) -> dict[str, list[str]]:
        """Property → those right below it."""
        found: dict[str, list[str]] = {}
        for prop in self.properties:
            for term in prop.all("rdfs:subPropertyOf"):
                found.setdefault(term.value, []).append(prop.iri)
        return found

    @cached_property
    def disjoint(self) -> dict[str, set[str]]:
        """Class → those that share no member with it, by pairs or by a list."""
        found: dict[str, set[str]] = {}
        for node in self.nodes.values():
            groups = [{node.iri, term.value} for term in node.all("owl:disjointWith")]
            groups += [{term.value for term in self.items(members)} for members in node.all("owl:members")]
            for group in groups:
                for iri in group:
                    found.setdefault(iri, set()).update(group)
        return found

    def having(self, iri: str) -> list[str]:
        """The properties whose domain names the class."""
        return [prop.iri for prop in self.properties if iri in self.domain(prop)]

    def leading(self, iri: str) -> list[str]:
        """The properties whose range names the class."""
        return [prop.iri for prop in self.properties if iri in self.range(prop)]

    def above(self, iri: str) -> list[str]:
        """Every superclass of ours, the nearest first."""
        return _reach(iri, self.parents)

    def below(self, iri: str) -> list[str]:
        """Every subclass, the nearest first."""
        return _reach(iri, self.children)


def _reach(start: str, steps: Mapping[str, list[str]]) -> list[str]:
    found = [start]
    for one in found:
        found += [near for near in steps.get(one, []) if near not in found]
    return found[1:]


async def kept_ontology(dataset: Dataset) -> Ontology:
    """The ontology with its uses, read once for each version: counting what it does takes as long as the graph is large.
    Raises ProblemError."""
    if dataset.version not in _KEPT:
        _KEPT[dataset.version] = await read_ontology(dataset)
        while len(_KEPT) > _MOST:
            del _KEPT[next(iter(_KEPT))]
    return _KEPT[dataset.version]


async def read_ontology(dataset: Dataset) -> Ontology:
    """Asks the snapshot's worker. Raises ProblemError."""
    bare = Ontology(gather(_ordered(await dataset.select(queries.TERMS))))
    uses = {row["term"].value: int(row["n"].value) for row in await dataset.select(queries.INSTANCES)}
    for query in (queries.INSTANCES_BELOW, queries.TRIPLES, queries.CONCEPT_USES):
        uses |= {
            row["term"].value: max(int(row["n"].value), uses.get(row["term"].value, 0))
            for row in await dataset.select(query)
        }
    findings = {row["term"].value: int(row["n"].value) for row in await dataset.select(queries.FINDINGS)}
    rules = _rules(gather(_ordered(await dataset.select(queries.RULES))), findings)
    return Ontology(bare.nodes, uses, await _examples(dataset, bare), rules)


def _ordered(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: [(row[name].value, row[name].language) for name in ("s", "p", "o")])


async def _examples(dataset: Dataset, bare: Ontology) -> dict[str, Example]:
    """Class → its first instance, a cited one if there is any; a class of which there is none is absent."""
    first: dict[str, str] = {}
    for query in (queries.CITED_INSTANCE, queries.ANY_INSTANCE):
        for row in await dataset.select(query):
            first.setdefault(row["term"].value, row["node"].value)
    found: dict[str, Example] = {}
    for node in bare.classes:
        for kind in (node.iri, *bare.below(node.iri)):
            if kind in first:
                found[node.iri] = await _example(dataset, first[kind], kind)
                break
    return found


async def _example(dataset: Dataset, iri: str, kind: str) -> Example:
    node = ox.NamedNode(iri)
    labels = tuple(row["label"] for row in await dataset.select(queries.NODE_LABELS, s=node))
    quotes = await dataset.select(queries.NODE_QUOTES, s=node)
    return Example(iri, kind, labels, quote_of(quotes[0]) if quotes else None)


def _rules(shapes: Mapping[str, Node], findings: Mapping[str, int]) -> dict[str, tuple[Rule, ...]]:
    """Term → the rules that check it: a class by their target, a property by their path or the text of their query.

    A node shape that only holds property shapes is no rule of its own; its target is that of its parts.
    """
    found: dict[str, dict[str, Rule]] = {}
    for shape in shapes.values():
        parts = [shapes[term.value] for term in shape.all("sh:property") if term.value in shapes]
        own = [shape] if shape.all("sh:select") or not parts else []
        for part in (*parts, *own):
            severity = part.text("sh:severity").rpartition("#")[2].lower() or "violation"
            rule = Rule(part, f"{DUC}severity-{severity}", findings.get(part.iri, 0))
            terms = {term.value for term in (*shape.all("sh:targetClass"), *part.all("sh:targetClass"))}
            terms |= {term.value for term in part.all("sh:path")}
            terms |= {DU + name for term in part.all("sh:select") for name in _NAMED.findall(term.value)}
            if part.all("rdfs:label"):
                for term in terms:
                    found.setdefault(term, {})[part.iri] = rule
    return {term: tuple(rules[iri] for iri in sorted(rules)) for term, rules in found.items()}
