"""`/query/` and `/query/{name}`: the named queries as typed addresses, answered as page, CSV, JSON, XML or Turtle."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pipeline.errors import DuchaError, QueryError, Wording
from pipeline.query import THEMES, NamedQuery, load_queries
from service import paging, query_view, result_set
from service.answers import answer
from service.choices import choices
from service.context import Counters, Data, Given, ThisPage
from service.dataset import Dataset
from service.empty import Explanation, explain
from service.english import english
from service.evaluation import complete
from service.formats import HTML, RESULT_OFFERS, choose
from service.frames import Job
from service.negotiation import Offer
from service.pages import Page
from service.problems import BadRequestError, ProblemError
from service.query_digest import PAGE_ROWS, Digest, digests, keep_digests, kept_digest, read_digest
from service.query_docs import operation
from service.terms import rows

PAGES = 10
"""How many pages of an answer are kept when one is asked for."""
TURTLE = Offer("text/turtle", result_set.FORMAT)
OFFERS = (HTML, *RESULT_OFFERS, TURTLE)
_INPUTS = {"integer": "number", "decimal": "number", "date": "date"}
_OURS = frozenset({"lang", "theme", "format", "page", "explain"}) | paging.NAMES


def named_query_routes() -> APIRouter:
    """A router with one typed address per query of `queries/`. Raises QueryError for a faulty file."""
    router = APIRouter(tags=["Named queries"])
    queries = load_queries()

    @router.get("/query/", summary="List the named queries", name="queries")
    async def all_queries(page: ThisPage) -> Response:
        themes = {theme: [one for one in queries.values() if one.theme == theme] for theme in (*THEMES, "")}
        return page.render("queries.html", groups={theme: found for theme, found in themes.items() if found})

    for query in queries.values():
        for suffix, wish in (("", None), (".csv", "csv"), (".json", "json"), (".ttl", "ttl")):
            router.add_api_route(
                f"/query/{query.name}{suffix}",
                _endpoint(query, wish),
                summary=query.title_en,
                description=f"{query.title_zh}\n\n{query.description_en}\n\n{query.description_zh}",
                openapi_extra=operation(query),
                include_in_schema=not suffix,
                methods=["GET"],
            )
    return router


def _endpoint(query: NamedQuery, wish: str | None) -> Callable[..., Awaitable[Response]]:
    async def endpoint(request: Request, dataset: Data, page: ThisPage, settings: Given, metrics: Counters) -> Response:
        form = wish or request.query_params.get("format")
        offer = TURTLE if form in {"ttl", "turtle"} else choose(form, request.headers.get("accept"), OFFERS)
        if offer is HTML:
            return await _page(page, query, settings.timeout)
        given = _single(request)
        raw = {name: value for name, value in given.items() if name not in _OURS}
        part = paging.read_part(given)
        extra = {"Content-Disposition": f'attachment; filename="{query.name}.{wish}"'} if wish == "csv" else {}
        timeout = settings.timeout
        try:
            text = query.part(raw, part.limit, part.offset) if part else query.bound(raw)
            if part:
                found = rows(await _asked(dataset, query.count(raw), timeout))
                extra |= part.links(request.url.path, given, int(found[0]["total"].value))
        except QueryError as error:
            raise _refused(error) from None
        job, held = Job(text, offer.format), settings.held_bytes
        return await answer(
            request, dataset, job, offer.media_type, timeout=timeout, held=held, metrics=metrics, extra=extra
        )

    endpoint.__name__ = f"query_{query.name.replace('-', '_')}"
    return endpoint


def _single(request: Request) -> dict[str, str]:
    """The parameters of the address. Raises BadRequestError where one is repeated."""
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in given:
            subject = Wording("parameter {name}", name=name[:60])
            raise BadRequestError(subject, "is given more than once", "give it once")
        given[name] = value
    return given


def _refused(error: QueryError) -> BadRequestError:
    return BadRequestError(error.subject, error.problem, error.remedy)


async def _asked(dataset: Dataset, text: str, timeout: float) -> bytes:
    """The whole answer to a client's question as JSON, kept as the service keeps answers. Raises ProblemError."""
    job = Job(text, "json")
    key = (dataset.version, job, RESULT_OFFERS[0].media_type)
    kept = dataset.cache.get(key)
    if kept is None:
        kept = await complete(dataset.public, job, timeout)
        dataset.cache.put(key, kept, len(job.encoded))
    return kept.body


async def _digest(dataset: Dataset, query: NamedQuery, text: str, number: int, timeout: float) -> Digest:
    """What the page shows of an answer, kept for the next reader with the pages that come next. Raises ProblemError."""
    if found := kept_digest(dataset.digests, dataset.version, text, number):
        return found
    answer = await _asked(dataset, text, timeout)
    pages = await asyncio.to_thread(digests, query, answer, number, PAGES)
    keep_digests(dataset.digests, dataset.version, text, pages)
    (_, shared), (_, page), *_ = pages
    return read_digest(shared, page)


async def _page(page: Page, query: NamedQuery, timeout: float) -> Response:
    """The form, and the answer as chart and table; a wrong value is said above the form."""
    found = Digest([], 0, [], [], {}, False, [])
    given: Mapping[str, str] = dict(page.request.query_params)
    raw = {name: value for name, value in given.items() if name not in _OURS}
    fault: DuchaError | None = None
    status, number, text = 200, 1, query.text
    why: Explanation | None = None
    try:
        _single(page.request)
        number, text = paging.read_page(given), query.bound(raw)
        found = await _digest(page.dataset, query, text, number, timeout)
        if not found.total and given.get("explain") == "empty":
            why = await explain(page.dataset, text, timeout)
    except (QueryError, ProblemError) as error:
        fault, status = error, error.status if isinstance(error, ProblemError) else 400
    filled = {name: value for name, value in raw.items() if value}
    labels = await english([*found.rows, *found.drawn], page)
    return page.render(
        "query.html",
        status,
        query=query,
        values={parameter.name: raw.get(parameter.name, parameter.default) for parameter in query.parameters},
        inputs=_INPUTS,
        choices=await choices(page, query),
        rows=found.rows,
        english=labels,
        total=found.total,
        number=number,
        pages=max(1, -(-found.total // PAGE_ROWS)),
        fault=fault,
        why=why,
        chart=query_view.chart(query, found.drawn, page, labels),
        mixed=found.mixed,
        denominators=query_view.named(query, found.denominators, page),
        numeric=found.numeric,
        wide=found.wide,
        address=_addresses(query, filled),
        text=text,
        editor="/sparql#" + urlencode({"query": text}),
    )


def _addresses(query: NamedQuery, kept: Mapping[str, str]) -> Callable[..., str]:
    def address(suffix: str = "", **more: object) -> str:
        """This query's address with the same parameters."""
        words = urlencode({**kept, **more})
        return f"/query/{query.name}{suffix}{'?' + words if words else ''}"

    return address
