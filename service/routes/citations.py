"""`/q/`: a query's answer as something to cite. `/q/<hash>@<version>` gives the same bytes as long as the version is kept."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.errors import DuchaError, SnapshotError, Wording
from pipeline.snapshot import Snapshot, open_snapshot
from service.answers import unless_gone
from service.citations.answers import (
    Answer,
    checked,
    difference,
    evaluate,
    offers,
    ordered,
    plain_form,
    record_of,
    table,
)
from service.citations.kept import Kept
from service.citations.register import Record, Register, query_hash
from service.citations.written import Citation
from service.clients import CLIENT
from service.context import Data, Given, ThisPage
from service.dataset import Dataset
from service.formats import HTML, choose, content_type
from service.guard import Checked
from service.negotiation import Offer
from service.pages import Page
from service.problems import BadRequestError, MissingError, ProblemError
from service.protocol import read_operation
from service.settings import Settings
from service.terms import Row

router = APIRouter(tags=["Citations"])
PLACE = re.compile(r"(?P<hash>[0-9a-f]{20})@(?P<version>[0-9a-f]{16})(?:\.(?P<suffix>[a-z.]{2,8}))?")
SHOWN, CHANGED = 200, 50  # rows of the page: of the answer, of what came or went
EXAMPLES = "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT DISTINCT ?text { ?example a sh:SPARQLExecutable ; sh:select ?text }"
_BIBTEX, _CSL, _TEXT = "application/x-bibtex", "application/vnd.citationstyles.csl+json", "application/sparql-query"


class GoneError(ProblemError):
    status, kind = 410, "gone"


@dataclass(frozen=True)
class Newer:
    """The version in force beside a cited one: whether it is the newer of the two, the rows that went and that came, or
    why they are not known."""

    version: str
    newer: bool
    removed: list[Row]
    added: list[Row]
    fault: DuchaError | None = None


@router.get("/q/", summary="Cite the answer to a query")
async def form(page: ThisPage) -> Response:
    """A form for a query that is to be cited."""
    return page.render("cite_form.html")


@router.post("/q/", summary="Cite the answer to a query", status_code=303, response_model=None)
async def cite(request: Request, dataset: Data, settings: Given) -> Response:
    """Keeps the query of a form or of a body of application/sparql-query, and leads to the address of its answer.

    303 with `Location: /q/<hash>@<version>`; the query must have a whole answer in the version in force.
    """
    operation = await read_operation(request, settings.query_bytes)
    if operation.graphs or operation.named_graphs:
        raise BadRequestError("citation", "takes no graphs beside the query", "write FROM into the query")
    text = (operation.query or "").replace("\r\n", "\n").strip() + "\n"
    if not text.strip():
        raise BadRequestError("query", "is missing", "send it as `query`")
    query = await checked(text, dataset, settings)
    answer = await unless_gone(request.receive, evaluate(dataset, query.text, plain_form(query), settings))
    register: Register = request.app.state.register
    name = await asyncio.to_thread(register.add, CLIENT.get(), query.text, dataset.version, record_of(answer))
    return RedirectResponse(f"/q/{name}@{dataset.version}", 303)


@router.get("/q/{place}", summary="A cited answer", response_model=None)
async def cited(place: str, request: Request, dataset: Data, page: ThisPage, settings: Given) -> Response:
    """The answer by Accept, `format=` or a suffix; `.bib` and `.csl.json` are the citation, `.rq` the query's text.

    404 where query or version are not known, 410 where the version was cited and is not kept any more.
    """
    match = PLACE.fullmatch(place)
    if match is None:
        raise MissingError(f"/q/{place[:60]}", "is no citation", "write /q/<hash>@<version>, or cite a query at /q/")
    name, version, suffix = match["hash"], match["version"], match["suffix"] or ""
    register: Register = request.app.state.register
    record = register.record(name, version)
    snapshot = _kept_snapshot(settings, dataset, name, version, record)
    async with _opened(request, snapshot, dataset) as here:
        text = await _text(register, here, name)
        citation = Citation(name, version, f"{dataset.base}q/{name}@{version}", register.title(name))
        if written := _written(citation, text, suffix):
            return written
        query = await checked(text, here, settings)
        offer = _offer(request, suffix, (HTML, *offers(query)))
        form = plain_form(query) if offer is HTML else offer.format
        answer = await unless_gone(request.receive, evaluate(here, query.text, form, settings))
    if offer is not HTML:
        return _answer(request, citation, snapshot, offer, answer)
    newer = None if version == dataset.version else await _newer(request, dataset, snapshot, query, answer)
    return _page(page, citation, query, answer, record, newer)


def _kept_snapshot(settings: Settings, dataset: Dataset, name: str, version: str, record: Record | None) -> Snapshot:
    """The snapshot of the version. Raises MissingError, or GoneError."""
    if version == dataset.version:
        return dataset.snapshot
    try:
        return open_snapshot(settings.out / "snapshots" / version)
    except SnapshotError:
        subject = Wording("version {version}", version=version)
        if record is None:
            remedy = Wording("the version in force is {version}", version=dataset.version)
            raise MissingError(subject, "is not kept here, nor was this query cited at it here", remedy) from None
        problem = Wording(
            "is not kept here any more (its answer had {rows} rows and the SHA-256 {digest})",
            rows=record.rows,
            digest=record.sha256,
        )
        address = f"/q/{name}@{dataset.version}"
        remedy = Wording("build it again from the same documents and code, or see {address}", address=address)
        raise GoneError(subject, problem, remedy) from None


@asynccontextmanager
async def _opened(request: Request, snapshot: Snapshot, current: Dataset) -> AsyncIterator[Dataset]:
    if snapshot.version == current.version:
        yield current
        return
    kept: Kept = request.app.state.kept
    async with kept.dataset(snapshot, current) as dataset:
        yield dataset


async def _text(register: Register, dataset: Dataset, name: str) -> str:
    """The query's text: cited before, a named query of now, or of the version's own time. Raises MissingError."""
    if text := register.text(name):
        return text
    for row in await dataset.select(EXAMPLES):
        if query_hash(row["text"].value) == name:
            return row["text"].value
    raise MissingError(Wording("query {name}", name=name), "is not known here", "cite it at /q/")


def _offer(request: Request, suffix: str, known: tuple[Offer, ...]) -> Offer:
    if not suffix:
        return choose(request.query_params.get("format"), request.headers.get("accept"), known)
    found = next((offer for offer in known if offer.format == suffix), None)
    if found is None:
        forms = [*dict.fromkeys(offer.format for offer in known), "bib", "csl.json", "rq"]
        remedy = Wording("use one of {names}", names=", ".join(forms))
        raise MissingError(request.url.path, "is no form of this answer", remedy)
    return found


def _written(citation: Citation, text: str, suffix: str) -> Response | None:
    bodies = {"bib": (citation.bibtex().encode(), _BIBTEX), "csl.json": (citation.csl(), _CSL)}
    bodies["rq"] = (text.encode(), _TEXT)
    if suffix not in bodies:
        return None
    body, media_type = bodies[suffix]
    return Response(body, headers={"Content-Type": f"{media_type}; charset=utf-8"})


def _answer(request: Request, citation: Citation, snapshot: Snapshot, offer: Offer, answer: Answer) -> Response:
    # The front layer names this version in the headers and in the entity tag, not the one in force.
    request.scope["state"]["dataset"] = _Named(snapshot.version)
    place = f"/q/{citation.name}@{citation.version}"
    headers = {
        "Content-Type": content_type(offer.media_type),
        "Content-Location": f"{place}.{offer.format}",
        "Link": f'<{citation.address}>; rel="canonical", <{place}.bib>; rel="describedby"; type="{_BIBTEX}"',
        "Content-Disposition": f'inline; filename="{citation.name}-{citation.version}.{offer.format}"',
    }
    if answer.rows is not None:
        headers["Ducha-Rows"] = str(answer.rows)
    return Response(answer.body, headers=headers)


@dataclass(frozen=True)
class _Named:
    version: str


async def _newer(request: Request, current: Dataset, snapshot: Snapshot, query: Checked, answer: Answer) -> Newer:
    """What the version in force answers otherwise."""
    manifests = (current.snapshot.path / "manifest.json", snapshot.path / "manifest.json")
    now, then = (path.stat().st_mtime_ns for path in manifests)
    settings: Settings = request.app.state.settings
    try:
        await checked(query.text, current, settings)
        work = evaluate(current, query.text, plain_form(query), settings)
        other = await unless_gone(request.receive, work)
    except DuchaError as error:
        return Newer(current.version, now >= then, [], [], error)
    before, after = table(query, answer.body)[1], table(query, other.body)[1]
    return Newer(current.version, now >= then, *await asyncio.to_thread(difference, before, after))


def _page(
    page: Page, citation: Citation, query: Checked, answer: Answer, record: Record | None, newer: Newer | None
) -> Response:
    columns, found = table(query, answer.body)
    now = record_of(answer)
    return page.render(
        "citation.html",
        citation=citation,
        place=f"/q/{citation.name}@{citation.version}",
        text=query.text,
        columns=columns,
        rows=found[:SHOWN],
        total=len(found),
        shown=SHOWN,
        changed=CHANGED,
        forms=dict.fromkeys(offer.format for offer in offers(query)),
        sha256=now.sha256,
        differs=record is not None and record != now,
        recorded=record is not None,
        ordered=ordered(query.text) or query.answers_graph,
        newer=newer,
    )
