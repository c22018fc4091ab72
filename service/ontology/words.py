"""OWL in readable words: class expressions, characteristics and chains as sentences with links."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from pipeline.vocabulary import DU, DUC, PREFIXES
from service.labels import Labels
from service.messages import Language, message
from service.nodes import Node
from service.ontology.model import Ontology
from service.terms import Term

# Vocabularies that the alignments point to, beside those the whole project writes.
OUTSIDE = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "schema": "https://schema.org/",
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "unit": "http://qudt.org/vocab/unit/",
    "vann": "http://purl.org/vocab/vann/",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
}
ALIGNMENTS = (
    "owl:equivalentClass",
    "owl:equivalentProperty",
    "rdfs:subClassOf",
    "rdfs:subPropertyOf",
    "skos:exactMatch",
    "skos:closeMatch",
    "skos:broadMatch",
    "skos:narrowMatch",
    "skos:relatedMatch",
)
CHARACTERISTICS = (
    "FunctionalProperty",
    "InverseFunctionalProperty",
    "TransitiveProperty",
    "SymmetricProperty",
    "AsymmetricProperty",
    "ReflexiveProperty",
    "IrreflexiveProperty",
)
_RESTRICTIONS = (
    "someValuesFrom",
    "allValuesFrom",
    "hasValue",
    "minCardinality",
    "maxCardinality",
    "cardinality",
    "minQualifiedCardinality",
    "maxQualifiedCardinality",
    "qualifiedCardinality",
)
_DEPTH = 8  # expressions within expressions; deeper ones are shown as …


def ours(iri: str) -> bool:
    """Whether the IRI is a term of this ontology or its concepts."""
    return iri.startswith((DU, DUC))


def anchor(iri: str) -> str:
    """The place of a term in the page."""
    return iri.removeprefix(DU).removeprefix(DUC)


def short(iri: str) -> str:
    """`prov:Plan` for a term of a known vocabulary, otherwise the whole IRI."""
    for prefix, namespace in (*PREFIXES.items(), *OUTSIDE.items()):
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


@dataclass(frozen=True)
class Words:
    """One ontology in one language; `href` says where an IRI leads."""

    ontology: Ontology
    labels: Labels
    language: Language
    href: Callable[[str], str | None]

    def link(self, iri: str) -> Markup:
        """The term's label, or the prefixed name of an outside one, as a link."""
        known = ours(iri) or message(f"term.{short(iri)}", self.language, "")
        text = self.labels.name(iri, self.language) if known else short(iri)
        to = self.href(iri)
        return Markup('<a href="{}">{}</a>').format(to, text) if to else Markup("<span>{}</span>").format(text)

    def links(self, iris: Iterable[str]) -> Markup:
        return self._join([self.link(iri) for iri in iris], "comma")

    def codes(self, iris: Iterable[str]) -> Markup:
        """Prefixed names as links."""
        pattern = Markup('<a href="{}">{}</a>')
        return self._join([pattern.format(self.href(iri) or "", short(iri)) for iri in iris], "comma")

    def say(self, term: Term, depth: int = 0) -> Markup:
        """A class, a property or a class expression; `…` for one that is not understood."""
        node = self.ontology.nodes.get(term.value)
        if not term.is_iri and term.kind != "bnode":
            return escape(term.value)
        if node is None or ours(term.value) or depth > _DEPTH:
            return self.link(term.value) if term.is_iri else Markup("…")
        for name, joint in (("unionOf", "or"), ("intersectionOf", "and"), ("oneOf", "or")):
            if (start := node.one(f"owl:{name}")) is not None:
                parts = [self.say(item, depth + 1) for item in self.ontology.items(start)]
                return self._bracket(self._join(parts, joint), depth > 0 and len(parts) > 1)
        if (other := node.one("owl:complementOf")) is not None:
            return self._fill("not", c=self.say(other, depth + 1))
        if node.one("owl:onProperty") is not None:
            return self._restriction(node, depth)
        return self.link(term.value) if term.is_iri else Markup("…")

    def _restriction(self, node: Node, depth: int) -> Markup:
        prop = node.all("owl:onProperty")[0]
        inverse = self.ontology.nodes.get(prop.value, Node("")).one("owl:inverseOf") if not ours(prop.value) else None
        for name in _RESTRICTIONS:
            if (value := node.one(f"owl:{name}")) is not None:
                counted = "ardinality" in name
                filler = node.one("owl:onClass") or node.one("owl:onDataRange") if counted else value
                return self._fill(
                    f"{name.replace('Qualified', '').replace('qualifiedC', 'c')}{'.inverse' if inverse else ''}",
                    p=self.say(inverse or prop, depth + 1),
                    c=self.say(filler, depth + 1) if filler else escape(message("owl.thing", self.language)),
                    n=value.value,
                )
        return Markup("…")

    def chains(self, prop: Node) -> list[Markup]:
        """Each property chain: `in plan, then region`."""
        joint = escape(message("owl.then", self.language))
        return [
            joint.join(self.say(step) for step in self.ontology.items(chain))
            for chain in prop.all("owl:propertyChainAxiom")
        ]

    def characteristics(self, prop: Node) -> list[str]:
        """What OWL says of the property: functional, transitive, …"""
        kinds = {iri.rpartition("#")[2] for iri in prop.types()}
        return [message(f"owl.{name}", self.language) for name in CHARACTERISTICS if name in kinds]

    def inverses(self, prop: Node) -> list[str]:
        """Properties declared inverse to it, in either direction."""
        found = {term.value for term in prop.all("owl:inverseOf")}
        for node in self.ontology.properties:
            if any(term.value == prop.iri for term in node.all("owl:inverseOf")):
                found.add(node.iri)
        return sorted(found)

    def disjoint(self, node: Node) -> list[str]:
        """Classes that share no member with it, by pairs or by a list."""
        return sorted(self.ontology.disjoint.get(node.iri, set()) - {node.iri})

    def keys(self, node: Node) -> list[Markup]:
        return [self.links(term.value for term in self.ontology.items(key)) for key in node.all("owl:hasKey")]

    def definitions(self, node: Node) -> list[Markup]:
        """The conditions that make a thing a member, and those that every member meets."""
        same = [self.say(term) for term in node.all("owl:equivalentClass") if self._expression(term)]
        every = [self.say(term) for term in node.all("rdfs:subClassOf") if self._expression(term)]
        told = [self._fill("exactly", c=part) for part in same] + [self._fill("every", c=part) for part in every]
        return [*dict.fromkeys(told)]

    def alignments(self, node: Node) -> dict[str, list[str]]:
        """Relation → the outside terms."""
        found = {
            name: [term.value for term in node.all(name) if not ours(term.value) and not self._expression(term)]
            for name in ALIGNMENTS
        }
        return {name: iris for name, iris in found.items() if iris}

    def _expression(self, term: Term) -> bool:
        node = self.ontology.nodes.get(term.value)
        names = ("unionOf", "intersectionOf", "oneOf", "complementOf", "onProperty")
        return node is not None and not ours(term.value) and any(node.all(f"owl:{name}") for name in names)

    def _fill(self, key: str, **values: Markup | str) -> Markup:
        return escape(message(f"owl.{key}", self.language)).format(**values)

    def _join(self, parts: Sequence[Markup], joint: str) -> Markup:
        """`a, b or c`: the last joint has words of its own."""
        if len(parts) < 2:
            return Markup("").join(parts)
        comma = escape(message("owl.comma" if joint != "and" else "owl.and", self.language))
        last = escape(message(f"owl.{joint}", self.language))
        return comma.join(parts[:-1]) + last + parts[-1]

    def _bracket(self, text: Markup, wanted: bool) -> Markup:
        return escape(message("owl.brackets", self.language)).format(text) if wanted else text
