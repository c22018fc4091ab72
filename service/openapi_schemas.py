"""The schemas and headers that `/openapi.json` refers to (https://spec.openapis.org/oas/v3.1.0)."""

from typing import Any

Schema = dict[str, Any]
STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
_TERM = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {
        "type": {"enum": ["uri", "literal", "bnode", "triple"]},
        "xml:lang": STRING,
        "datatype": STRING,
    },
}
SCHEMAS: dict[str, Schema] = {
    "Problem": {
        "description": "RFC 9457",
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"const": "about:blank"},
            "title": STRING,
            "status": INTEGER,
            "detail": {**STRING, "description": "what happened to what, in one line"},
            "kind": {**STRING, "description": "the cause in one word"},
            "hint": {**STRING, "description": "what to do"},
            "line": {"type": "integer", "minimum": 1},
            "column": {"type": "integer", "minimum": 1, "description": "in code points"},
            "token": STRING,
            "limit": {**STRING, "description": "the setting that was hit", "examples": ["timeout=30"]},
        },
    },
    "Results": {
        "description": "SPARQL 1.1 Query Results JSON Format",
        "type": "object",
        "required": ["head"],
        "properties": {
            "head": {"type": "object", "properties": {"vars": {"type": "array", "items": STRING}}},
            "boolean": {"type": "boolean"},
            "results": {
                "type": "object",
                "required": ["bindings"],
                "properties": {
                    "bindings": {"type": "array", "items": {"type": "object", "additionalProperties": _TERM}}
                },
            },
        },
        "oneOf": [{"required": ["boolean"]}, {"required": ["results"]}],
    },
    "Findings": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["id", "rule", "severity", "files", "regions", "state"],
            "properties": {
                "id": STRING,
                "rule": STRING,
                "severity": {"enum": ["violation", "warning", "info"]},
                "files": {"type": "array", "items": STRING},
                "regions": {"type": "array", "items": {"type": "object"}},
                "state": {"enum": ["published", "left-out"]},
            },
        },
    },
    "Health": {
        "type": "object",
        "required": ["status", "version"],
        "properties": {
            "status": {"enum": ["ok", "failing", "busy"]},
            "version": STRING,
            "endpoint": STRING,
            "why": STRING,
            "waiting": INTEGER,
        },
    },
}
HEADERS: dict[str, Schema] = {
    "Content-Language": {"description": "the language of title, detail and hint", "schema": {"enum": ["zh-CN", "en"]}},
    "Ducha-Version": {
        "description": "the version of the data",
        "required": True,
        "schema": {**STRING, "pattern": "^[0-9a-f]{16}$"},
    },
    "Ducha-Rows": {"description": "rows or triples of a complete answer", "schema": {**STRING, "pattern": "^[0-9]+$"}},
    "Ducha-Limit": {"description": "the limit that ended the request", "schema": STRING},
    "ETag": {"description": "strong; also for If-None-Match", "schema": STRING},
    "Retry-After": {"description": "seconds", "schema": {**STRING, "pattern": "^[0-9]+$"}},
}
