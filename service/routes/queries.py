"""`/query/` and `/query/{name}`: the named queries as typed addresses, answered as page, CSV or JSON."""

import math
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pipeline.errors import QueryError
from pipeline.query import NamedQuery, Parameter, load_queries
from service.answers import answer
from service.charts import Point, bars, lines
from service.context import Counters, Data, Given, ThisPage
from service.dataset import run
from service.formats import HTML, RESULT_OFFERS
from service.frames import Job
from service.pages import Page
from service.problems import ProblemError
from service.routes.sparql import choose
from service.terms import Row, Term, rows

PAGE_ROWS = 500
_SCHEMAS: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "string": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "iri": {"type": "string", "format": "iri"},
    "region": {"type": "string"},
}
_INPUTS = {"integer": "number", "date": "date"}


def named_query_routes() -> APIRouter:
    """A router with one typed address per query of `queries/`. Raises QueryError for a faulty file."""
    router = APIRouter(tags=["Named queries"])
    queries = load_queries()

    @router.get("/query/", summary="List the named queries", name="queries")
    async def all_queries(page: ThisPage) -> Response:
        return page.render("queries.html", queries=list(queries.values()))

    for query in queries.values():
        for suffix, wish in (("", None), (".csv", "csv"), (".json", "json")):
            router.add_api_route(
                f"/query/{query.name}{suffix}",
                _endpoint(query, wish),
                summary=query.title_en,
                description=f"{query.title_zh}\n\n{query.description_en}\n\n{query.description_zh}",
                openapi_extra={"parameters": [_documented(parameter) for parameter in query.parameters]},
                include_in_schema=not suffix,
                methods=["GET"],
            )
    return router


def _documented(parameter: Parameter) -> dict[str, Any]:
    schema = dict(_SCHEMAS[parameter.kind])
    if parameter.default:
        schema["default"] = parameter.default
    text = f"{parameter.label_en} / {parameter.label_zh}"
    return {"name": parameter.name, "in": "query", "required": False, "description": text, "schema": schema}


def _endpoint(query: NamedQuery, wish: str | None) -> Callable[..., Awaitable[Response]]:
    async def endpoint(request: Request, dataset: Data, page: ThisPage, settings: Given, metrics: Counters) -> Response:
        raw = {name: value for name, value in request.query_params.items() if name not in {"lang", "format"}}
        form = wish or request.query_params.get("format")
        offer = choose(form, request.headers.get("accept"), (HTML, *RESULT_OFFERS))
        if offer is HTML:
            return await _page(page, query, raw, settings.timeout)
        job = Job(query.bound(raw), offer.format)
        extra = {"Content-Disposition": f'attachment; filename="{query.name}.{wish}"'} if wish == "csv" else {}
        timeout, held = settings.timeout, settings.held_bytes
        media_type = offer.media_type
        return await answer(request, dataset, job, media_type, timeout=timeout, held=held, metrics=metrics, extra=extra)

    endpoint.__name__ = f"query_{query.name.replace('-', '_')}"
    return endpoint


async def _page(page: Page, query: NamedQuery, raw: dict[str, str], timeout: float) -> Response:
    """The form, and the answer as chart and table; a wrong value is said above the form."""
    found: list[Row] = []
    fault, status = "", 200
    try:
        found = rows(await run(page.dataset.public, Job(query.bound(raw), "json"), timeout))
    except QueryError as error:
        fault, status = f"{error.problem}; {error.remedy}", 400
    except ProblemError as error:
        fault, status = str(error), error.status
    values = {parameter.name: raw.get(parameter.name, parameter.default) for parameter in query.parameters}
    return page.render(
        "query.html",
        status,
        query=query,
        values=values,
        inputs=_INPUTS,
        rows=found[:PAGE_ROWS],
        total=len(found),
        limit=PAGE_ROWS,
        fault=fault,
        chart=_chart(query, found, page),
        search=page.request.url.query,
        numeric=_numeric_columns(query, found),
        wide=_wide_columns(query, found),
    )


def _numeric_columns(query: NamedQuery, found: list[Row]) -> set[str]:
    return {
        name
        for name in query.columns
        if any(name in row for row in found) and all(_number(row[name]) is not None for row in found if name in row)
    }


def _wide_columns(query: NamedQuery, found: list[Row]) -> set[str]:
    """Columns with texts that need room: sentences, titles."""
    return {
        name
        for name in query.columns
        if any(len(row[name].value) > 14 and not row[name].is_iri for row in found if name in row)
    }


def _number(term: Term) -> float | None:
    numeric = term.datatype.rpartition("#")[2] in {"integer", "decimal", "double", "float"}
    value = float(term.value) if numeric else math.nan
    return value if math.isfinite(value) else None


def _chart(query: NamedQuery, found: list[Row], page: Page) -> str:
    """The chart as SVG, empty where the query declares none or the answer has no numbers."""
    chart = query.chart
    if chart is None:
        return ""
    points = [
        Point(page.show(row[chart.x]), value, page.show(row[chart.series]) if chart.series in row else "")
        for row in found
        if chart.x in row and chart.y in row and (value := _number(row[chart.y])) is not None
    ]
    labels = query.columns.get(chart.y, (chart.y, chart.y))
    title = labels[0] if page.language == "zh" else labels[1]
    return bars(points, title) if chart.kind == "bar" else lines(points, title)
