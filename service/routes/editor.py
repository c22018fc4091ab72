"""`/editor/…`: what the query editor loads, at addresses that change with their content, so that browsers keep it."""

import hashlib
import json

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pipeline.query import THEMES, load_queries
from service.completion import terms_json
from service.context import Data, ThisPage
from service.editor import SCRIPTS, STYLES, installed
from service.messages import keys
from service.pages import Page
from service.snippets import editor_queries_json, snippets

router = APIRouter(tags=["SPARQL"])
_WORDS = ("editor.", "why.", "query.")


@router.get("/editor/terms.json", summary="Terms and places by all their names")
async def terms(request: Request, dataset: Data) -> Response:
    """Classes, properties, concepts, prefixes, and the places in use, with labels in Chinese and English."""
    return _kept(request, await terms_json(dataset))


@router.get("/editor/queries.json", summary="The texts of named queries and templates")
async def queries(request: Request, dataset: Data, page: ThisPage) -> Response:
    """Each named query as it runs without parameters, and each template in the pieces the editor puts together."""
    return _kept(request, await editor_queries_json(dataset, page.language))


async def editor_page(page: Page) -> Response:
    """The page of `/sparql` for browsers. Raises ProblemError."""
    bodies = {
        "terms": await terms_json(page.dataset),
        "queries": await editor_queries_json(page.dataset, page.language),
    }
    addresses = {name: f"/editor/{name}.json?lang={page.language}&v={_digest(body)}" for name, body in bodies.items()}
    filled = json.loads(bodies["queries"])["templates"]
    named = load_queries().values()
    themes = {theme: [query for query in named if query.theme == theme] for theme in (*THEMES, "")}
    return page.render(
        "editor.html",
        installed=installed(),
        scripts=SCRIPTS,
        styles=STYLES,
        words={key: page.t(key) for key in keys() if key.startswith(_WORDS)},
        addresses=addresses,
        groups={theme: found for theme, found in themes.items() if found},
        templates=[one for one in snippets() if one.name in filled],
        first="".join(piece if isinstance(piece, str) else piece["text"] for piece in next(iter(filled.values()), [])),
    )


def _kept(request: Request, body: bytes) -> Response:
    """For ever where the address names this content, else until asked again."""
    asked = request.query_params.get("v") == _digest(body)
    control = "public, max-age=31536000, immutable" if asked else "no-cache"
    return Response(body, headers={"Content-Type": "application/json", "Cache-Control": control})


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]
