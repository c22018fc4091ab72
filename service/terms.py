"""RDF terms as SPARQL JSON (https://www.w3.org/TR/sparql11-results-json/), the form in which they cross a pipe."""

import json
from dataclasses import dataclass
from typing import Any


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


def rows(answer: bytes) -> list[Row]:
    """The rows of a SELECT's JSON answer; an unbound variable is absent from its row."""
    bindings: list[dict[str, Any]] = json.loads(answer)["results"]["bindings"]
    return [{name: _term(value) for name, value in binding.items()} for binding in bindings]


def _term(value: dict[str, Any]) -> Term:
    if value["type"] == "triple":
        return Term("triple", json.dumps(value["value"], ensure_ascii=False))
    return Term(value["type"], value["value"], value.get("xml:lang", ""), value.get("datatype", ""))
