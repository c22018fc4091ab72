"""Short ways to write the triples of a description."""

import hashlib
import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from pipeline.vocabulary import PREFIXES, short

NAMESPACES = {
    **PREFIXES,
    "void": "http://rdfs.org/ns/void#",
    "void-ext": "http://ldf.fi/void-ext#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "schema": "https://schema.org/",
}
VOID, DCAT = NAMESPACES["void"], NAMESPACES["dcat"]
Value = ox.NamedNode | ox.Literal | str | int
Said = Iterable[tuple[str, Value]]


def iri(name: str) -> ox.NamedNode:
    """The node of a prefixed name: `dcat:Dataset`."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(NAMESPACES[prefix] + local)


def say(subject: str, statements: Said) -> Iterator[ox.Triple]:
    """Triples about a subject. A text that begins with `http` is a node; write a literal that does as one."""
    for name, value in statements:
        if isinstance(value, str):
            known = value.startswith(("http://", "https://"))
            term: ox.NamedNode | ox.Literal = ox.NamedNode(value) if known else ox.Literal(value)
        else:
            term = ox.Literal(value) if isinstance(value, int) else value
        yield ox.Triple(ox.NamedNode(subject), iri(name), term)


def both(name: str, zh: str, en: str) -> Said:
    """A property in Chinese and in English."""
    return [(name, ox.Literal(zh, language="zh")), (name, ox.Literal(en, language="en"))]


def typed(value: str | int, name: str) -> ox.Literal:
    """A literal of a datatype: `typed("2024-01-02", "xsd:date")`."""
    return ox.Literal(str(value), datatype=iri(name))


def key(name: str) -> str:
    """A term as part of an address: `du:Issue` for a known namespace, else twelve hex digits of its SHA-256."""
    found = short(name)
    return found if re.fullmatch(r"\w+:[\w.-]+", found, re.ASCII) else hashlib.sha256(name.encode()).hexdigest()[:12]
