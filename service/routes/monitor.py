"""`/healthz` and `/metrics` for operators, `/docs` for programmers."""

from fastapi import APIRouter
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from service.context import Data, Given, ThisPage
from service.dataset import run
from service.editor import installed
from service.frames import Job
from service.problems import ProblemError

router = APIRouter(tags=["Operation"])
NOT_KEPT = {"Cache-Control": "no-store"}
HEALTH_SECONDS = 5.0


@router.get("/healthz", summary="Whether the service answers")
async def health(dataset: Data) -> Response:
    """200 when a worker answers a query now, 503 otherwise."""
    about = {"version": dataset.version, **({"endpoint": dataset.endpoint} if dataset.endpoint else {})}
    try:
        await run(dataset.pages, Job("ASK { }", "json"), HEALTH_SECONDS)
    except ProblemError as error:
        return JSONResponse({"status": "failing", **about, "why": str(error)}, 503, NOT_KEPT)
    return JSONResponse({"status": "ok", **about}, 200, NOT_KEPT)


@router.get("/readyz", summary="Whether the service can take more queries")
async def ready(dataset: Data, settings: Given) -> Response:
    """200 when a worker answers a query now and the queue has room, 503 otherwise: for who distributes load."""
    if dataset.public.waiting >= settings.waiting:
        about = {"status": "busy", "version": dataset.version, "waiting": dataset.public.waiting}
        return JSONResponse(about, 503, {**NOT_KEPT, "Retry-After": "2"})
    return await health(dataset)


@router.get("/metrics", summary="Counters for Prometheus", response_class=PlainTextResponse)
async def metrics(request: Request, dataset: Data) -> Response:
    """Requests, queries, durations, workers and cache."""
    pool = dataset.public
    moment = {"workers": len(pool.pids), "workers_busy": pool.busy, "queries_waiting": pool.waiting}
    text = request.app.state.datasets.metrics.text(dataset.version, moment)
    return PlainTextResponse(text, 200, NOT_KEPT, CONTENT_TYPE_PLAIN_0_0_4)


@router.get("/docs", include_in_schema=False)
async def documentation(page: ThisPage) -> Response:
    """The addresses and their parameters, from `/openapi.json`."""
    return page.render("docs.html", installed=installed())
