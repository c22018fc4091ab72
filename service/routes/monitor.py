"""`/healthz` and `/metrics` for operators, `/docs` for programmers."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from service.context import Data, ThisPage
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


@router.get("/metrics", summary="Counters for Prometheus", response_class=PlainTextResponse)
async def metrics(request: Request, dataset: Data) -> Response:
    """Requests, queries, durations, workers and cache."""
    datasets = request.app.state.datasets
    gauges: dict[str, float] = {
        "workers_busy": dataset.public.busy,
        "workers": len(dataset.public.pids),
        "queries_waiting": dataset.public.waiting,
        "cache_bytes": datasets.cache.size,
        "cache_hits": datasets.cache.hits,
        "cache_misses": datasets.cache.misses,
    }
    text = "\n".join(datasets.metrics.lines(gauges, dataset.version)) + "\n"
    return PlainTextResponse(text, 200, NOT_KEPT, "text/plain; version=0.0.4")


@router.get("/docs", include_in_schema=False)
async def documentation(page: ThisPage) -> Response:
    """The addresses and their parameters, from `/openapi.json`."""
    return page.render("docs.html", installed=installed())
