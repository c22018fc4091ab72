"""Nodes of the graph as the pages read them: properties gathered, evidence beside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.vocabulary import PREFIXES
from service.labels import best
from service.messages import Language
from service.terms import Row, Term


@dataclass(frozen=True)
class Quote:
    """A sentence of a document; offsets are code points, half-open."""

    document: str
    begin: int
    end: int
    text: str

    @property
    def anchor(self) -> str:
        """The IRI of this evidence."""
        return f"{self.document}#char={self.begin},{self.end}"


@dataclass
class Node:
    """A subject and what is said of it; property names are written `du:value`."""

    iri: str
    properties: dict[str, list[Term]] = field(default_factory=dict)
    quotes: list[Quote] = field(default_factory=list)

    def all(self, name: str) -> list[Term]:
        return self.properties.get(expand(name), [])

    def one(self, name: str) -> Term | None:
        return next(iter(self.all(name)), None)

    def text(self, name: str, language: Language = "zh") -> str:
        """The value best fit for the language; empty where there is none."""
        term = best(self.all(name), language)
        return term.value if term else ""

    def types(self) -> set[str]:
        return {term.value for term in self.all("rdf:type")}


def expand(name: str) -> str:
    """The IRI of a prefixed name."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def gather(triples: Iterable[Row], quotes: Iterable[Row] = ()) -> dict[str, Node]:
    """Nodes by IRI from rows ?s ?p ?o, in their order, and from rows ?s ?document ?begin ?end ?quote."""
    nodes: dict[str, Node] = {}
    for row in triples:
        node = nodes.setdefault(row["s"].value, Node(row["s"].value))
        node.properties.setdefault(row["p"].value, []).append(row["o"])
    for row in quotes:
        if (found := nodes.get(row["s"].value)) is not None:
            found.quotes.append(quote_of(row))
    return nodes


def quote_of(row: Row) -> Quote:
    """The evidence in a row with ?document ?begin ?end ?quote."""
    return Quote(row["document"].value, int(row["begin"].value), int(row["end"].value), row["quote"].value)


def number_of(node: Node) -> tuple[float, str]:
    """Sorts elements by their printed number, those without one last."""
    text = node.text("du:number")
    return (float(text), node.iri) if text.replace(".", "", 1).isdigit() else (float("inf"), node.iri)


def labels_of(rows: Iterable[Row], language: Language) -> Mapping[str, str]:
    """IRI → label from rows ?o ?label."""
    found: dict[str, list[Term]] = {}
    for row in rows:
        found.setdefault(row["o"].value, []).append(row["label"])
    return {iri: best(terms, language).value for iri, terms in found.items()}  # type: ignore[union-attr]
