"""RDF terms as SPARQL JSON (https://www.w3.org/TR/sparql11-results-json/), the form in which they cross a pipe."""

import json
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox


@dataclass(frozen=True)
class Term:
    """A term of an answer. `kind` is uri, literal, bnode or triple; a literal has a datatype or a language."""

    kind: str
    value: str
    language: str = ""
    datatype: str = ""

    @property
    def is_iri(self) -> bool:
        return self.kind == "uri"


Row = dict[str, Term]


def encode(term: ox.NamedNode | ox.Literal | ox.BlankNode) -> str:
    """JSON text of a term to bind. Raises TypeError for anything that is no IRI and no literal."""
    if isinstance(term, ox.NamedNode):
        return json.dumps({"type": "uri", "value": term.value})
    if not isinstance(term, ox.Literal):
        raise TypeError(f"cannot bind {term}")
    fields = {"type": "literal", "value": term.value}
    if term.language:
        return json.dumps({**fields, "xml:lang": term.language})
    return json.dumps({**fields, "datatype": term.datatype.value})


def decode(text: str) -> ox.NamedNode | ox.Literal:
    """The term again."""
    fields = json.loads(text)
    if fields["type"] == "uri":
        return ox.NamedNode(fields["value"])
    if "xml:lang" in fields:
        return ox.Literal(fields["value"], language=fields["xml:lang"])
    return ox.Literal(fields["value"], datatype=ox.NamedNode(fields["datatype"]))


def rows(answer: bytes) -> list[Row]:
    """The rows of a SELECT's JSON answer; an unbound variable is absent from its row."""
    bindings: list[dict[str, Any]] = json.loads(answer)["results"]["bindings"]
    return [{name: _term(value) for name, value in binding.items()} for binding in bindings]


def _term(value: dict[str, Any]) -> Term:
    if value["type"] == "triple":
        return Term("triple", json.dumps(value["value"], ensure_ascii=False))
    return Term(value["type"], value["value"], value.get("xml:lang", ""), value.get("datatype", ""))
