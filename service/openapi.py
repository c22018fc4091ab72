"""`/openapi.json`: the routes as FastAPI lists them, completed by what they answer (https://spec.openapis.org/oas/v3.1.0).

Media types, statuses, headers, the problem document, the ways to send a query, and an example of each parameter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from pipeline.validation.facets import CHANGES, JUDGED, OPEN, STATES
from pipeline.validation.report import Judgement, Severity
from service.formats import HTML, LINKED, RDF_FORMATS, RDF_OFFERS, RESULT_FORMATS, RESULT_OFFERS
from service.messages import LANGUAGES
from service.negotiation import Offer
from service.openapi_schemas import HEADERS, SCHEMAS, STRING, Schema
from service.protocol import DIRECT, FORM
from service.routes.ontology import OFFERS as TERMS

JSON, CSV = Offer("application/json", "json"), Offer("text/csv", "csv")
RESULTS_TYPE, PROBLEM_TYPE = "application/sparql-results+json", "application/problem+json"
QUERY = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?plan ?title WHERE { ?plan a <https://w3id.org/ducha/ontology#Plan> ; rdfs:label ?title }"""


@dataclass(frozen=True)
class Kind:
    """What the addresses of one kind answer: the forms of a 200, the statuses of its own, and how `format=` is written."""

    offers: tuple[Offer, ...]
    statuses: tuple[int, ...] = ()
    formats: tuple[str, ...] = ()
    schema: str = ""

    @property
    def is_page(self) -> bool:
        return HTML in self.offers


_PAGE = Kind((HTML,))
_NODE = Kind(LINKED, (404, 406), tuple(dict.fromkeys(offer.format for offer in LINKED)))
_ANSWER = (HTML, *RESULT_OFFERS, *RDF_OFFERS)
_NAMED = Kind((HTML, *RESULT_OFFERS), (400, 406, 504))  # the rest is said by service.query_docs
_ANY_FORM = (*RESULT_FORMATS, *RDF_FORMATS)
CITED = (
    Offer("application/x-bibtex", "bib"),
    Offer("application/vnd.citationstyles.csl+json", "csl.json"),
    Offer("application/sparql-query", "rq"),
)
KINDS: dict[str, Kind] = {
    "get /sparql": Kind((HTML, *RESULT_OFFERS, *RDF_OFFERS), (400, 406, 504), _ANY_FORM, "Results"),
    "post /sparql": Kind((*RESULT_OFFERS, *RDF_OFFERS), (400, 406, 413, 415, 504), _ANY_FORM, "Results"),
    "get /sparql/why": Kind((JSON, HTML), (400, 406, 504), ("json", "html")),
    "post /sparql/why": Kind((JSON, HTML), (400, 406, 413, 415, 504), ("json", "html")),
    "get /query/": _PAGE,
    "get /editor/terms.json": Kind((JSON,)),
    "get /editor/queries.json": Kind((JSON,)),
    "get /search": Kind((HTML, JSON), (400, 406, 504), ("html", "json")),
    "get /search.json": Kind((JSON,), (400, 504)),
    "get /validation": Kind((HTML,), (400,)),
    "get /validation.csv": Kind((CSV,), (400,)),
    "get /validation.json": Kind((JSON,), (400,), schema="Findings"),
    "get /ontology": Kind(TERMS, (406,), ("html", *RDF_FORMATS)),
    "get /ontology/{version}": Kind(TERMS, (404, 406), ("html", *RDF_FORMATS)),
    "get /ontology.{suffix}": Kind(RDF_OFFERS, (404,)),
    "get /ontology/context.jsonld": Kind((Offer("application/ld+json", "jsonld"),)),
    "get /ontology/diagram.svg": Kind((Offer("image/svg+xml", "svg"),)),
    "get /.well-known/void": Kind(RDF_OFFERS, (406,), tuple(RDF_FORMATS)),
    "get /dcat": Kind(RDF_OFFERS, (406,), tuple(RDF_FORMATS)),
    "get /dumps/": _PAGE,
    "get /q/": _PAGE,
    "post /q/": Kind((), (400, 413, 415, 429, 504, 507)),
    "get /q/{place}": Kind((*_ANSWER, *CITED), (400, 404, 406, 410, 504), _ANY_FORM),
    "get /dumps/{name}": Kind((Offer("application/n-quads", "nq"), JSON, Offer("text/turtle", "ttl")), (404,)),
    "get /healthz": Kind((JSON,), schema="Health"),
    "get /readyz": Kind((JSON,), schema="Health"),
    "get /metrics": Kind((Offer("text/plain", "text"),)),
    "get /about": _PAGE,
    "get /docs/rules": _PAGE,
    "get /plan/": Kind((HTML,), (400,)),
    "get /report": Kind((HTML,), (400, 404)),
    "get /report.toml": Kind((Offer("application/toml", "toml"),), (400, 404)),
    **{
        f"get /{path}": _NODE
        for path in ("document/{name}", "finding/{name}", "catalog", "dataset", "dataset/{name}", "{path}")
    },
}
COMMON = (500, 502, 503)
EXAMPLES: Mapping[str, Any] = {
    "query": QUERY,
    "q": "污水",
    "suffix": "ttl",
    "/dumps/{name}": "manifest.json",
    "/document/{name}": "c907527abfc4942f",
    "/finding/{name}": "0123456789abcdef",
    "fact": "supervision/450300-202310 du:startDate",
    "path": "ontology",
    "version": "0.1.0",
    "region": "450300",
}
_LED: Schema = {"description": "the address of the answer", "headers": {"Location": {"schema": STRING}}}
_GRAPHS: Schema = {"type": "array", "items": {"type": "string", "format": "iri"}}
_TEXTS = {
    "query": "a SPARQL 1.1 query",
    "default-graph-uri": "a graph of the default graph (repeatable)",
    "named-graph-uri": "a named graph (repeatable)",
    "timeout": "seconds after which to give up; at most the service's own limit",
    "format": "a short name, or a media type; goes before Accept",
    "lang": "the language of the page; remembered in a cookie",
    "q": "a phrase",
    "sort": "the order of the list",
    "page": "of the list, from 1",
    "against": "the version to compare with, where it is kept; the previous one",
}
_FIELDS: dict[str, Schema] = {
    "query": {"type": "string", "examples": [QUERY]},
    "default-graph-uri": _GRAPHS,
    "named-graph-uri": _GRAPHS,
    "timeout": {"type": "number", "exclusiveMinimum": 0, "examples": [5]},
}
_FILTERS: dict[str, tuple[str, Schema]] = {
    "severity": ("how grave", {**STRING, "enum": [severity.value for severity in Severity]}),
    "rule": ("a rule's id", {**STRING, "maxLength": 200}),
    "region": ("a code or a name, with all that lies in it; none: not known", {**STRING, "maxLength": 200}),
    "document": ("an id or a file name", {**STRING, "maxLength": 200}),
    "judgement": ("what curators said", {**STRING, "enum": [OPEN, JUDGED, *(one.value for one in Judgement)]}),
    "state": ("of the documents", {**STRING, "enum": list(STATES)}),
    "change": ("against an earlier snapshot, where one is kept", {**STRING, "enum": list(CHANGES)}),
}


def document(title: str, version: str, description: str, routes: Iterable[BaseRoute]) -> Schema:
    """The OpenAPI document. Raises KeyError for a route that is not in KINDS."""
    made = get_openapi(title=title, version=version, description=description, routes=list(routes))
    for path, item in made["paths"].items():
        for method, operation in item.items():
            named = path.startswith("/query/") and path != "/query/"
            _complete(operation, _NAMED if named else KINDS[f"{method} {path}"], path, method)
    own = {name: schema for name, schema in made["components"]["schemas"].items() if "ValidationError" not in name}
    made["components"] = {"schemas": own | SCHEMAS, "headers": HEADERS}
    return made


def _complete(operation: Schema, kind: Kind, path: str, method: str) -> None:
    operation["parameters"] = _parameters(operation.get("parameters", []), kind, path, method)
    if method == "post":
        fields = {**_FIELDS, "format": _format(kind)}
        form = {"type": "object", "required": ["query"], "properties": fields}
        content = {FORM: {"schema": form}, DIRECT: {"schema": _FIELDS["query"]}}
        operation["requestBody"] = {"required": True, "content": content}
    if "303" in operation["responses"]:
        operation["responses"] = {"303": _LED} | {str(status): _problem(status) for status in (*kind.statuses, *COMMON)}
        return
    declared = operation["responses"]["200"]
    told = declared if kind is _NAMED else _answer(kind)
    for media_type, content in declared.get("content", {}).items():
        if media_type in told["content"] and "example" in content:  # a route that says more of its JSON
            told["content"][media_type] = content
    operation["responses"] = {"200": told, "304": {"description": "the client has it already"}}
    for status in sorted({*kind.statuses, *COMMON}):
        operation["responses"][str(status)] = _problem(status)
    if path in {"/healthz", "/readyz"}:
        content = {"application/json": {"schema": _ref("Health")}, **_problem(503)["content"]}
        operation["responses"]["503"] = {**_problem(503), "content": content}


def _parameters(declared: list[Schema], kind: Kind, path: str, method: str) -> list[Schema]:
    found = [_with_example(parameter, path) for parameter in declared]
    if path == "/sparql":
        found += [
            _query_parameter(name, schema) for name, schema in _FIELDS.items() if (name, method) != ("query", "post")
        ]
    if path.startswith("/validation"):
        found += [_query_parameter(name, schema, text) for name, (text, schema) in _FILTERS.items()]
    if kind.formats:
        found.append(_query_parameter("format", _format(kind)))
    if kind.is_page:
        found.append(_query_parameter("lang", {**STRING, "enum": list(LANGUAGES)}))
    return found


def _with_example(parameter: Schema, path: str) -> Schema:
    example = parameter["schema"].get("default") or EXAMPLES.get(parameter["name"]) or EXAMPLES.get(path)
    text = parameter.get("description") or _TEXTS.get(parameter["name"], "part of the address")
    return {**parameter, "description": text} | ({} if example is None else {"example": example})


def _query_parameter(name: str, schema: Schema, text: str = "") -> Schema:
    return {"name": name, "in": "query", "required": False, "description": text or _TEXTS[name], "schema": schema}


def _format(kind: Kind) -> Schema:
    return {**STRING, "enum": list(kind.formats)}


def _answer(kind: Kind) -> Schema:
    content: Schema = {offer.media_type: {"schema": STRING} for offer in kind.offers}
    for offer in kind.offers:
        if offer.media_type.endswith("json"):
            content[offer.media_type] = {"schema": {}}
    if kind.schema:
        content["application/json" if kind.offers == (JSON,) else RESULTS_TYPE] = {"schema": _ref(kind.schema)}
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in ("Ducha-Version", "ETag")}
    if kind.schema == "Results":
        headers["Ducha-Rows"] = {"$ref": "#/components/headers/Ducha-Rows"}
    return {"description": "the answer", "headers": headers, "content": content}


def _problem(status: int) -> Schema:
    names = ["Content-Language", "Ducha-Version", "Ducha-Limit", *(["Retry-After"] if status == 503 else [])]
    return {
        "description": HTTPStatus(status).phrase,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {
            PROBLEM_TYPE: {"schema": _ref("Problem")},
            "text/html": {"schema": STRING},
            "text/plain": {"schema": STRING},
        },
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
