"""`/search`: a phrase in labels, in quoted sentences and in the documents' texts; `/search.json` and by Accept as JSON."""

import asyncio
import re
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from pipeline.errors import UsageError, Wording
from pipeline.search.find import SearchTimeoutError, asked
from pipeline.search.index import KINDS
from pipeline.search.phrase import Phrase
from service.context import Data, Given, ThisPage
from service.formats import HTML, choose
from service.negotiation import Offer
from service.pages import Page
from service.problems import BadRequestError, DeadlinePassedError
from service.search_view import PER_PAGE, Counts, Found, Result, Wish, pieces, place, quoted_only, search, stretches

router = APIRouter(tags=["Search"])
LONGEST = 100
JSON = Offer("application/json", "json")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
EXAMPLE = {
    "version": "0123456789abcdef",
    "query": "黑臭水體",
    "words": ["黑臭水体"],
    "kind": "quote",
    "region": "450300",
    "counts": {"label": 0, "quote": 21, "text": 1},
    "page": 1,
    "per_page": PER_PAGE,
    "next": "/search.json?q=%E9%BB%91%E8%87%AD%E6%B0%B4%E9%AB%94&kind=quote&region=450300&page=2",
    "results": [
        {
            "kind": "quote",
            "iri": "https://w3id.org/ducha/document/0011223344556677#char=812,830",
            "text": "2025年底前全面消除城市黑臭水体",
            "marks": [[13, 17]],
            "document": "https://w3id.org/ducha/document/0011223344556677",
            "title": "桂林市整改方案",
            "facts": [
                {
                    "iri": "https://w3id.org/ducha/plan/450300-202310/goal/2",
                    "type": "https://w3id.org/ducha/ontology#Goal",
                    "label": "消除城市黑臭水体",
                }
            ],
            "fact_count": 1,
            "occurrences": 1,
            "passages": [],
        }
    ],
}


@dataclass(frozen=True)
class Asked:
    """The parameters."""

    q: Annotated[
        str, Query(max_length=LONGEST, description="a phrase, or words that must all occur, blanks between")
    ] = ""
    kind: Annotated[
        Literal["label", "quote", "text"] | None, Query(description="labels, quoted sentences or texts alone")
    ] = None
    region: Annotated[str, Query(max_length=LONGEST, description="a code or a name, with all that lies in it")] = ""
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1

    @property
    def text(self) -> str:
        """What to look for, without the signs that no keyboard writes."""
        return " ".join(_CONTROLS.sub(" ", self.q).split())

    def address(self, path: str, **changed: object) -> str:
        """This search, changed, as an address; what is empty is left out."""
        given = {"q": self.text, "kind": self.kind, "region": self.region.strip(), **changed}
        return f"{path}?{urlencode({name: value for name, value in given.items() if value})}"


Wanted = Annotated[Asked, Depends()]


@router.get(
    "/search",
    summary="Search a phrase in labels, quotes and texts",
    response_model=None,
    responses={200: {"model": Found, "content": {"application/json": {"example": EXAMPLE}, "text/html": {}}}},
)
async def search_page(request: Request, wanted: Wanted, dataset: Data, page: ThisPage, settings: Given) -> Response:
    """What holds the phrase, as a page or, by Accept or `format=json`, as JSON. Without `kind` the page shows the first
    few of each kind."""
    if choose(request.query_params.get("format"), request.headers.get("accept"), (HTML, JSON)) is JSON:
        return await search_json(wanted, dataset, page, settings)
    counts: Counts | None = None
    results: list[Result] = []
    if wanted.text:
        counts, results = await _search(wanted, page, settings.timeout, sections=wanted.kind is None)
    hidden = quoted_only(dataset.snapshot)
    return page.render(
        "search.html",
        wanted=wanted,
        counts=counts,
        sections=[(kind, [one for one in results if one.kind == kind]) for kind in KINDS],
        longest=LONGEST,
        per_page=PER_PAGE,
        pieces=pieces,
        stretches=stretches,
        place=lambda result, stretch: place(result, stretch, page.addresses.href, result.document in hidden),
    )


@router.get(
    "/search.json",
    summary="The same as JSON",
    response_model=Found,
    responses={200: {"content": {"application/json": {"example": EXAMPLE}}}},
)
async def search_json(wanted: Wanted, dataset: Data, page: ThisPage, settings: Given) -> Response:
    """What holds all the words: labels, then quotes, then texts, of each the shortest first; twenty a page."""
    words = _words(wanted).words
    counts, results = await _search(wanted, page, settings.timeout, sections=False)
    total = getattr(counts, wanted.kind) if wanted.kind else counts.label + counts.quote + counts.text
    more = wanted.page * PER_PAGE < total
    found = Found(
        version=dataset.version,
        query=wanted.text,
        words=list(words),
        kind=wanted.kind,
        region=wanted.region.strip() or None,
        counts=counts,
        page=wanted.page,
        per_page=PER_PAGE,
        next=wanted.address("/search.json", page=wanted.page + 1) if more else None,
        results=results,
    )
    return Response(found.model_dump_json(), media_type=JSON.media_type)


def _words(wanted: Asked) -> Phrase:
    """Raises BadRequestError when there are none or too many."""
    try:
        return asked(wanted.text)
    except UsageError as error:
        raise BadRequestError("q", error.problem, error.remedy) from None


async def _search(wanted: Asked, page: Page, seconds: float, *, sections: bool) -> tuple[Counts, list[Result]]:
    """The counts and results, found in a thread: SQLite blocks. Raises SnapshotError, BadRequestError and
    DeadlinePassedError."""
    wish = Wish(_words(wanted), wanted.kind or "", wanted.region.strip(), wanted.page, seconds)
    try:
        return await asyncio.to_thread(search, page.dataset.snapshot, wish, page.language, sections=sections)
    except UsageError as error:
        raise BadRequestError(error.subject, error.problem, error.remedy) from None
    except SearchTimeoutError:
        problem = Wording("took longer than it may, {seconds:g} s", seconds=seconds)
        raise DeadlinePassedError("search", problem, "give a longer phrase", limit=f"timeout={seconds:g}") from None
