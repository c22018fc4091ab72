"""What the template of the ontology reads, the same for the service and for the static site."""

from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup

from pipeline.vocabulary import DU, DUC
from service.labels import best
from service.messages import message
from service.nodes import Node
from service.ontology.drawing import drawn, svg
from service.ontology.model import PROPERTY_KINDS, Example, Ontology
from service.ontology.words import Words, anchor, ours, short
from service.terms import Term

FILES = {"Turtle": "ttl", "RDF/XML": "rdf", "JSON-LD": "jsonld", "N-Triples": "nt"}


def view(words: Words, base: str) -> dict[str, Any]:
    """The values of `ontology.html` that follow from the ontology and the language alone."""
    ontology = words.ontology
    layout, omitted = drawn(words)
    return {
        "ontology": ontology,
        "words": words,
        "du": DU,
        "picture": svg(layout, words, message("ontology.diagram", words.language)),
        "omitted": omitted,
        "anchor": anchor,
        "short": short,
        "deprecated": deprecated,
        "retired": [node.iri for node in _terms(ontology) if deprecated(node)],
        "changes": _changes(words),
        "iris": _iris,
        "say": lambda node, name: [words.say(term) for term in node.all(name)],
        "kind": _kind(words),
        "search": search_text,
        "has_notation": lambda concepts: any(node.all("skos:notation") for node in concepts),
        "example_label": lambda one: _example_label(words, one, base),
    }


def picture_alone(words: Words, style: str) -> Markup:
    """The diagram as a file of its own, with its style inside."""
    layout, _ = drawn(words)
    return svg(layout, words, message("ontology.diagram", words.language), style)


def deprecated(node: Node) -> bool:
    return any(term.value in {"true", "1"} for term in node.all("owl:deprecated"))


def search_text(node: Node) -> str:
    """What the filter looks through: names and definitions in both languages."""
    names = ("rdfs:label", "skos:prefLabel", "skos:altLabel", "skos:definition")
    return " ".join([short(node.iri), *(term.value for name in names for term in node.all(name))]).lower()


def _terms(ontology: Ontology) -> Iterable[Node]:
    yield from ontology.classes
    yield from ontology.properties
    for concepts in ontology.schemes.values():
        yield from concepts


def _changes(words: Words) -> list[tuple[str, str]]:
    """(term, or empty for the whole ontology; text) of each `skos:changeNote`, the newest version first."""
    found = []
    for node in (words.ontology.header, *_terms(words.ontology)):
        for term in node.all("skos:changeNote"):
            if term.language in (words.language, ""):
                found.append((node.iri if ours(node.iri) else "", term.value))
    return sorted(found, key=lambda one: (_version_of(one[1]), one[0] == "", one[1]), reverse=True)


def _version_of(note: str) -> list[int]:
    digits = note.partition(" ")[0].rstrip(":：").split(".")
    return [int(part) if part.isdecimal() else 0 for part in digits]


def _iris(terms: Iterable[Term], ours: bool = False) -> list[str]:
    return [term.value for term in terms if term.is_iri and (not ours or term.value.startswith((DU, DUC)))]


def _kind(words: Words) -> Callable[[Node], str]:
    def kind(node: Node) -> str:
        names = {iri.rpartition("#")[2] for iri in node.types()}
        return message(f"owl.{next(name for name in PROPERTY_KINDS if name in names)}", words.language)

    return kind


def _example_label(words: Words, example: Example, base: str) -> str:
    """The node's label, else the end of its IRI."""
    label = best(list(example.labels), words.language)
    return label.value if label else example.iri.removeprefix(base)
