"""What OpenAPI says of a named query: its parameters with examples, its columns as a schema, an answer in each format.

`service.openapi` adds what holds for every address.
"""

from typing import Any

from pipeline.query import NamedQuery, Parameter
from service.paging import MOST

_SCHEMAS: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "string": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "iri": {"type": "string", "format": "iri"},
    "region": {"type": "string"},
}
_EXAMPLES: dict[str, Any] = {
    "integer": 2025,
    "decimal": 32.5,
    "string": "公里",
    "date": "2025-12-31",
    "region": "450300",
}
_IRIS = {
    "indicator": "duc:indicator-pm25-concentration",
    "basis": "duc:basis-repaired",
    "severity": "duc:severity-warning",
    "class": "du:Target",
}
# An RDF term as SPARQL 1.1 Query Results JSON has it; what is not bound is absent from its row.
_TERM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {
        "type": {"type": "string", "enum": ["uri", "literal", "bnode"]},
        "value": {"type": "string"},
        "datatype": {"type": "string", "format": "uri"},
        "xml:lang": {"type": "string"},
    },
}


def operation(query: NamedQuery) -> dict[str, Any]:
    """The operation's members beside summary and description."""
    return {
        "parameters": [*map(_parameter, query.parameters), *_COMMON],
        "responses": {
            "200": {
                "description": f"A row per answer. {query.description_en}",
                "headers": {
                    "Ducha-Version": _header("the version of the data"),
                    "Ducha-Rows": _header("rows of this answer, where it is not streamed", "integer"),
                    "Ducha-Total": _header("rows in all, where limit or offset is given", "integer"),
                    "Link": _header("the first, previous, next and last part, where limit or offset is given"),
                },
                "content": _content(query),
            },
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = dict(_SCHEMAS[parameter.kind])
    example = _IRIS.get(parameter.name) if parameter.kind == "iri" else _EXAMPLES[parameter.kind]
    if parameter.default:
        schema["default"] = example = _typed(parameter)
    told: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": f"{parameter.label_en} / {parameter.label_zh}",
        "schema": schema,
    }
    return told | ({"example": example} if example is not None else {})


def _typed(parameter: Parameter) -> Any:
    """The default as JSON has it."""
    casts: dict[str, Any] = {"integer": int, "decimal": float}
    return casts.get(parameter.kind, str)(parameter.default)


def _common(name: str, text: str, schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema, "example": example}


_COMMON = [
    _common("limit", "rows of one part", {"type": "integer", "minimum": 1, "maximum": MOST}, 100),
    _common("offset", "rows before the part", {"type": "integer", "minimum": 0}, 0),
    _common(
        "format", "overrides Accept", {"type": "string", "enum": ["csv", "json", "tsv", "xml", "ttl", "html"]}, "csv"
    ),
]


def _content(query: NamedQuery) -> dict[str, Any]:
    columns = list(query.columns)
    described = {name: {**_TERM, "description": f"{en} / {zh}"} for name, (zh, en) in query.columns.items()}
    results = {
        "type": "object",
        "required": ["head", "results"],
        "properties": {
            "head": {
                "type": "object",
                "properties": {"vars": {"type": "array", "items": {"type": "string", "enum": columns}}},
            },
            "results": {
                "type": "object",
                "properties": {
                    "bindings": {"type": "array", "items": {"type": "object", "properties": described}},
                },
            },
        },
    }
    return {
        "application/sparql-results+json": {"schema": results},
        "text/csv": {"schema": {"type": "string"}, "example": ",".join(columns) + "\r\n"},
        "text/tab-separated-values": {"schema": {"type": "string"}},
        "application/sparql-results+xml": {"schema": {"type": "string"}},
        "text/turtle": {"schema": {"type": "string", "description": "the W3C result-set vocabulary"}},
        "text/html": {"schema": {"type": "string"}},
    }


def _header(text: str, kind: str = "string") -> dict[str, Any]:
    return {"description": text, "schema": {"type": kind}}
