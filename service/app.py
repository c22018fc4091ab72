"""The application: routers, error answers, static files, and the front layer around them."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from pipeline import __version__
from pipeline.errors import DuchaError
from service.answers import ClientGoneError
from service.citations.kept import Kept
from service.citations.register import Register
from service.completion import terms_json
from service.dataset import Dataset, Datasets
from service.exceptions import problem_of
from service.front import Front
from service.messages import LANGUAGES
from service.ontology.model import kept_ontology
from service.openapi import document
from service.pages import STATIC, Page, environment
from service.problems import problem_response, wants_page
from service.routes import ROUTERS
from service.routes.queries import named_query_routes
from service.routes.sparql import DIRECT
from service.settings import Settings
from service.snippets import editor_queries_json


class Service(FastAPI):
    """FastAPI inside the front layer, which sees requests before any of the framework's own parts."""

    front: Front

    def openapi(self) -> dict[str, Any]:
        self.openapi_schema = self.openapi_schema or document(self.title, self.version, self.description, self.routes)
        return self.openapi_schema

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
        elif not scope.get("ducha.inside"):
            scope["ducha.inside"] = True
            await self.front(scope, receive, send)
        elif scope["path"] == "/sparql" and scope["method"] in DIRECT:
            scope["app"] = self
            await _direct(DIRECT[scope["method"]], Request(scope, receive), send)
        else:
            await super().__call__(scope, receive, send)


def create_app(settings: Settings) -> FastAPI:
    """The service over the snapshot in `settings.out`, which must exist when the application starts."""
    datasets = Datasets(settings, _read_ahead)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await datasets.open()
        gc.collect()
        gc.freeze()  # what is loaded now stays, and need not be looked at again and again
        gc.set_threshold(10_000, 20, 20)  # a request leaves hardly a cycle behind
        watch = asyncio.create_task(datasets.watch())
        try:
            yield
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
            await app.state.kept.close()
            await datasets.close()

    app = Service(
        title="ducha 督察",
        version=__version__,
        description="Rectification plans of China's environmental supervision as a graph, each fact with its sentence.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.front = Front(app, datasets)
    app.state.settings, app.state.datasets, app.state.environment = settings, datasets, environment()
    app.state.register, app.state.kept = Register(settings), Kept(settings, datasets.metrics)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in (named_query_routes(), *ROUTERS):
        app.include_router(router)
    for kind in (DuchaError, HTTPException, RequestValidationError, ClientGoneError, ClientDisconnect, Exception):
        app.add_exception_handler(kind, _failure)
    return app


async def _read_ahead(dataset: Dataset) -> None:
    """What pages keep for the whole version and takes long to read: the ontology, and what the editor loads."""
    await kept_ontology(dataset)
    await terms_json(dataset)
    for language in LANGUAGES:
        await editor_queries_json(dataset, language)


async def _direct(endpoint: Callable[[Request], Awaitable[Response]], request: Request, send: Send) -> None:
    try:
        response = await endpoint(request)
    except Exception as error:
        response = await _failure(request, error)
    await response(request.scope, request.receive, send)


async def _failure(request: Request, error: Exception) -> Response:
    """The answer to a request that raised: a page for browsers, else a problem document."""
    if isinstance(error, (ClientGoneError, ClientDisconnect)):
        return Response(status_code=499)
    problem = problem_of(error, request.url.path)
    if not wants_page(request.headers.get("accept")):
        return problem_response(request.scope, problem)
    page = Page(request, request.state.dataset)
    response = page.render("error.html", problem.status, problem=problem)
    response.headers.update(problem.headers)
    return response
