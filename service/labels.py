"""What terms are called, in Chinese and in English: read once per snapshot from its ontology and concepts."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from pipeline.vocabulary import PREFIXES
from service.messages import Language, message
from service.terms import Term, rows

LABELS = """
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?term ?label WHERE {
  VALUES ?kind { owl:Class rdfs:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty rdf:Property
                 skos:Concept skos:ConceptScheme }
  ?term a ?kind .
  VALUES ?says { rdfs:label skos:prefLabel }
  ?term ?says ?label .
} ORDER BY ?term ?label
"""
_LAST = re.compile(r"[^/#]+(?=[/#]?$)")


@dataclass(frozen=True)
class Labels:
    """IRI → language → label."""

    names: Mapping[str, Mapping[str, str]]

    def name(self, iri: str, language: Language) -> str:
        """The term's label in the language, else in any, else its prefixed name or the end of its IRI."""
        short = curie(iri)
        known = message(f"term.{short}", language, "")
        if known:
            return known
        labels = self.names.get(iri, {})
        return labels.get(language) or next(iter(labels.values()), "") or short

    def has(self, iri: str) -> bool:
        return iri in self.names


async def load_labels(ask: Callable[[str], Awaitable[bytes]]) -> Labels:
    """The labels that the snapshot's classes, properties and concepts carry."""
    names: dict[str, dict[str, str]] = {}
    for row in rows(await ask(LABELS)):
        names.setdefault(row["term"].value, {}).setdefault(row["label"].language, row["label"].value)
    return Labels(names)


def curie(iri: str) -> str:
    """`du:Issue` for a term of a known namespace, otherwise the last part of the IRI, or all of it."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and re.fullmatch(r"[\w-]+", local):
            return f"{prefix}:{local}"
    match = _LAST.search(iri)
    return match.group() if match else iri


def best(terms: list[Term], language: Language) -> Term | None:
    """Of several literals the one in the language, else the first of one without a language, else the first."""
    order = {language: 0, "": 1}
    return min(terms, key=lambda term: (order.get(term.language, 2), term.value), default=None)
