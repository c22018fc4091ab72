"""What every page of a node shows: its statements, each with its basis and sentences, and what refers to it."""

from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from pipeline.curation.values import decidable
from pipeline.vocabulary import DU
from service.labels import best, curie
from service.nodes import Quote, expand, quote_of
from service.pages import Page
from service.reading import labels, part
from service.sparql_text import ASSERTION_QUOTES, ASSERTIONS, INCOMING, OWN_QUOTES
from service.terms import Row, Term

SUFFIXES = ("ttl", "nt", "jsonld", "rdf")
_REFERRING, _SAID = 1000, 5000  # the LIMIT of INCOMING, of ABOUT
_HIDDEN = frozenset({f"{DU}evidence"})


@dataclass(frozen=True)
class Subject:
    """The node of a page: its IRI, title, classes, and rows ?g ?p ?o ?label about it."""

    iri: str
    title: str
    types: list[str]
    about: list[Row]

    @property
    def node(self) -> ox.NamedNode:
        return ox.NamedNode(self.iri)

    def all(self, name: str) -> list[Term]:
        """The values of a property written `du:value`, each once."""
        return list(dict.fromkeys(row["o"] for row in self.about if row["p"].value == expand(name)))

    def one(self, name: str) -> str:
        """The first value of a property; empty where there is none."""
        return next((term.value for term in self.all(name)), "")


@dataclass
class Support:
    """Why a triple is in the graph: an assertion's basis, reason and quotes."""

    basis: str = ""
    reasons: list[Term] = field(default_factory=list)
    written: str = ""
    quotes: list[Quote] = field(default_factory=list)


@dataclass
class Value:
    """One object of a property, its label where it is a node, its support, and whether it only follows by rule."""

    term: Term
    label: str
    support: list[Support]
    derived: bool


def subject(page: Page, iri: str, about: list[Row]) -> Subject:
    """The node from rows ?g ?p ?o ?label."""

    def said(name: str) -> Term | None:
        return best([row["o"] for row in about if row["p"].value == expand(name)], page.language)

    title = said("dcterms:title") or said("rdfs:label") or said("skos:prefLabel")
    types = list(dict.fromkeys(row["o"].value for row in about if row["p"].value == expand("rdf:type")))
    # What the catalogue calls it too is among the statements.
    types = [one for one in types if one.startswith(DU)] or types
    return Subject(iri, title.value if title else page.name(iri), types, about)


async def statements(page: Page, subject: Subject) -> dict[str, Any]:
    """The values of `resource.html` that every page has."""
    select = page.dataset.select
    supports = _supports(await select(ASSERTIONS, s=subject.node), await select(ASSERTION_QUOTES, s=subject.node))
    return {
        "iri": subject.iri,
        "key": key(page, subject),
        "decided_apart": not {f"{DU}Assertion", f"{DU}Correction", f"{DU}Finding"} & set(subject.types),
        "title": subject.title,
        "types": subject.types,
        "properties": _properties(page, subject.about, supports),
        "quotes": [quote_of(row) for row in await select(OWN_QUOTES, s=subject.node)],
        "cut": len(subject.about) >= _SAID,
        "suffixes": SUFFIXES,
    }


def key(page: Page, subject: Subject) -> str:
    """The key by which a correction names the node, of an assertion the triple that it is about; empty for a correction."""
    base = page.dataset.base
    if f"{DU}Correction" in subject.types:
        return ""
    if f"{DU}Assertion" in subject.types:
        predicate = subject.one("rdf:predicate")
        known = predicate and decidable(ox.NamedNode(predicate))
        return f"{subject.one('rdf:subject').removeprefix(base)} {curie(predicate)}" if known else ""
    return subject.iri.removeprefix(base)


async def incoming(page: Page, subject: Subject) -> dict[str, Any]:
    """What refers to the node: property → subject → label, a page at a time."""
    rows = await page.dataset.select(INCOMING, o=subject.node)
    pairs = sorted(f"{row['p'].value} {row['s'].value}" for row in rows)
    shown = part(page, pairs, "referring", 100, most=_REFERRING)
    names = await labels(page, (pair.partition(" ")[2] for pair in shown.keys))
    found: dict[str, dict[str, str]] = {}
    for pair in shown.keys:
        predicate, _, one = pair.partition(" ")
        found.setdefault(predicate, {})[one] = names.get(one) or page.name(one)
    return {"incoming": found, "referring": shown}


def _supports(triples: list[Row], quotes: list[Row]) -> dict[tuple[str, Term], list[Support]]:
    """(property, object) → its assertions, from rows ?assertion ?key ?value and ?assertion ?document …"""
    found: dict[str, Support] = {}
    about: dict[str, dict[str, Term]] = {}
    for row in triples:
        name, key, value = row["assertion"].value, row["key"].value, row["value"]
        support = found.setdefault(name, Support())
        about.setdefault(name, {}).setdefault(key, value)
        if key == f"{DU}reason":
            support.reasons.append(value)
        elif key == f"{DU}basis":
            support.basis = value.value
        elif key == f"{DU}asWritten":
            support.written = value.value
    for row in quotes:
        if row["assertion"].value in found:  # the assertions are cut at a limit of their own
            found[row["assertion"].value].quotes.append(quote_of(row))
    result: dict[tuple[str, Term], list[Support]] = {}
    for name, support in found.items():
        predicate, thing = about[name].get(expand("rdf:predicate")), about[name].get(expand("rdf:object"))
        if predicate and thing:
            result.setdefault((predicate.value, thing), []).append(support)
    return result


def _properties(
    page: Page, about: list[Row], supports: dict[tuple[str, Term], list[Support]]
) -> dict[str, list[Value]]:
    """Property → its values in the order of the rows, each once; labels in the reader's language."""
    known: dict[Term, list[Term]] = {}
    order: dict[tuple[str, Term], bool] = {}
    for row in about:
        if row["p"].value not in _HIDDEN:
            key = (row["p"].value, row["o"])
            order[key] = order.get(key, True) and row["g"].value.endswith("/derived")
            if "label" in row:
                known.setdefault(row["o"], []).append(row["label"])
    properties: dict[str, list[Value]] = {}
    for (predicate, thing), derived in order.items():
        label = best(known.get(thing, []), page.language)
        value = Value(thing, label.value if label else page.show(thing), supports.get((predicate, thing), []), derived)
        properties.setdefault(predicate, []).append(value)
    return properties
