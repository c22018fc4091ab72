"""`/validation`: what the checks found: documents left out first, then counts, charts and lists, each finding with its
sentence; `/validation.csv` and `.json`: exactly what a filter leaves; `/finding/{key}`: one finding, and how to judge it.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from pipeline.errors import UsageError
from pipeline.snapshot import VERSION, Snapshot, open_snapshot, previous_snapshot
from pipeline.validation.browse import SORTS, Findings, opened
from pipeline.validation.facets import Facets, Filter, Listed
from pipeline.validation.finding_table import csv_text, json_text
from pipeline.validation.suggestions import suggestions
from pipeline.validation.trend import compared
from pipeline.vocabulary import DUC
from service.charts import Point, bars, shade
from service.context import Data, ThisPage
from service.dataset import Dataset
from service.finding_view import Overview, links, overview, shown
from service.pages import Page
from service.problems import BadRequestError
from service.routes.resources import linked_data, rdf_wish

router = APIRouter(tags=["Pages"])
PER_PAGE, BARS = 50, 15
BLOCK = 64 * 1024
Sort = Literal["severity", "rule", "document"]
Wish = Annotated[str, Query(max_length=200)]
_FIELDS = tuple(one.name for one in fields(Filter))


@router.get("/validation", summary="Findings of the validation")
async def validation(
    request: Request,
    dataset: Data,
    page: ThisPage,
    sort: Sort = "severity",
    number: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
    against: Wish = "",
) -> Response:
    """The findings of the snapshot. Without a filter an overview; with one, or with `page`, a list."""
    wish, other = _asked(request, dataset, against)
    listing = bool(wish.given) or "page" in request.query_params
    work = _list if listing else _overview
    values = await _in_thread(work, dataset.snapshot, wish, other, sort, number)
    manifest = dataset.snapshot.manifest
    return page.render(
        "validation.html",
        listing=listing,
        sort=sort,
        sorts=tuple(SORTS),
        number=number,
        per_page=PER_PAGE,
        against=against,
        other=other.version if other else "",
        failures=manifest.get("failures", []),
        quarantined=manifest.get("quarantined", []),
        reasoned=manifest.get("reasoned", False),
        to=links({**values["wish"].given, "sort": sort, "against": against}),
        shown=lambda listed: shown(page, listed, wish.change != "gone"),
        shade=shade,
        duc=DUC,
        chart="" if listing else _chart(page, values["facets"]),
        **values,
    )


@router.get("/validation.csv", summary="The findings that a filter leaves, as CSV")
@router.get("/validation.json", summary="The findings that a filter leaves, as JSON")
async def table(
    request: Request, dataset: Data, page: ThisPage, sort: Sort = "severity", against: Wish = ""
) -> Response:
    """What `/validation` lists under the same parameters, all of it, in the same order."""
    wish, other = _asked(request, dataset, against)
    csv = request.url.path.endswith(".csv")
    await _in_thread(_count, dataset.snapshot, wish, other)

    def blocks() -> Iterator[bytes]:
        with _chosen(dataset.snapshot, wish, other) as (findings, there):
            listed = findings.every(there, sort) if there else iter(())
            pieces = csv_text(listed, page.language) if csv else json_text(listed)
            block = bytearray()
            for piece in pieces:
                block += piece.encode()
                if len(block) >= BLOCK:
                    yield bytes(block)
                    block.clear()
            yield bytes(block)

    name = "csv" if csv else "json"
    headers = {"Content-Disposition": f'attachment; filename="findings-{dataset.version}.{name}"'}
    media_type = "text/csv; charset=utf-8; header=present" if csv else "application/json"
    return StreamingResponse(blocks(), media_type=media_type, headers={**headers, "Cache-Control": "no-cache"})


@router.get("/finding/{name}", summary="A finding", response_model=None)
async def finding(name: str, request: Request, dataset: Data, page: ThisPage) -> Response:
    """The page of a finding, of a document left out too, or its RDF; `name` is its key, with a suffix where RDF is wanted."""
    key, _, suffix = name.partition(".")
    iri = f"{dataset.base}finding/{key}"
    if rdf_wish(request, suffix):
        return await linked_data(request, page, (iri,), suffix)
    previous = previous_snapshot(dataset.snapshot)
    listed, change = await _in_thread(_one, dataset.snapshot, previous, key)
    if listed is None:
        return await linked_data(request, page, (iri,), suffix)
    return page.render(
        "finding.html",
        iri=iri,
        listed=listed,
        one=shown(page, listed, change != "gone"),
        duc=DUC,
        change=change,
        other=previous.version if previous else "",
        suggestions=suggestions(listed, dataset.base) if change != "gone" else (),
    )


def _chart(page: Page, facets: Facets) -> str:
    """The rules with most findings, a bar each."""
    most = sorted(facets.rules, key=lambda tally: -tally.total)[:BARS]
    points = [
        Point(
            tally.about.label_zh if page.language == "zh" else tally.about.label_en,
            tally.total,
            page.name(f"{DUC}severity-{tally.about.severity}"),
        )
        for tally in most
    ]
    return bars(points, page.t("validation.chart"))


def _asked(request: Request, dataset: Dataset, against: str) -> tuple[Filter, Snapshot | None]:
    """The filter of a request, and the snapshot to compare with: the one named, else the previous one where it is kept.
    Raises BadRequestError."""
    wish = Filter(**{name: request.query_params.get(name, "").strip()[:200] for name in _FIELDS})
    if not against:
        other = previous_snapshot(dataset.snapshot)
    else:
        path = dataset.snapshot.path.parent / against
        if not VERSION.fullmatch(against) or not path.is_dir():
            raise BadRequestError(
                f"against={against}", "is no version that is kept", "take one of the folder snapshots/"
            )
        other = open_snapshot(path)
    if other is not None and not other.findings_path.is_file():
        other = None
    if wish.change and other is None:
        raise BadRequestError("change", "needs an earlier snapshot, and none is kept", "leave it out")
    return wish, other


async def _in_thread(work: Any, *arguments: Any) -> Any:
    """What `work` gives, in a thread: SQLite blocks. Raises BadRequestError for a filter that means nothing."""
    try:
        return await asyncio.to_thread(work, *arguments)
    except UsageError as error:
        raise BadRequestError(error.subject, error.problem, error.remedy) from None


@contextmanager
def _chosen(snapshot: Snapshot, wish: Filter, other: Snapshot | None) -> Iterator[tuple[Findings, Filter | None]]:
    """Where the findings of a filter stand, and how to ask for them there."""
    if wish.change and other is not None:
        with compared(snapshot.findings_path, other.findings_path) as trend:
            yield trend.side(trend.resolved(wish))
    else:
        with opened(snapshot.findings_path) as findings:
            yield findings, findings.resolved(wish)


def _count(snapshot: Snapshot, wish: Filter, other: Snapshot | None) -> int:
    with _chosen(snapshot, wish, other) as (findings, there):
        return findings.count(there) if there else 0


def _list(snapshot: Snapshot, wish: Filter, other: Snapshot | None, sort: str, number: int) -> dict[str, Any]:
    nothing = Facets(0, {}, {}, (), (), ())
    with _chosen(snapshot, wish, other) as (findings, there):
        facets = findings.facets(there, places=False) if there else nothing
        found = findings.page(there, sort, (number - 1) * PER_PAGE, PER_PAGE) if there else []
        resolved = Filter(**{**(there.given if there else wish.given), "change": wish.change})
    choices = _choices(snapshot.findings_path)
    return {"wish": resolved, "facets": facets, "choices": choices, "found": found, "view": None}


@lru_cache(maxsize=2)
def _choices(path: Path) -> Facets:
    """What a filter may ask for; a snapshot never changes."""
    with opened(path) as findings:
        return findings.facets(Filter())


def _overview(snapshot: Snapshot, wish: Filter, other: Snapshot | None, sort: str, number: int) -> dict[str, Any]:
    path: Path | None = other.findings_path if other else None
    view: Overview = overview(snapshot.findings_path, path)
    return {"wish": wish, "facets": view.facets, "choices": view.facets, "found": [], "view": view}


def _one(snapshot: Snapshot, previous: Snapshot | None, key: str) -> tuple[Listed | None, str]:
    """A finding and how it stands to the previous snapshot (nothing where there is none)."""
    with opened(snapshot.findings_path) as findings:
        listed = findings.one(key)
    if previous is None or not previous.findings_path.is_file():
        return listed, ""
    with opened(previous.findings_path) as findings:
        before = findings.one(key)
    if listed is None:
        return before, "gone"
    if before is None:
        return listed, "new"
    return listed, "unchanged" if before.finding.numbers == listed.finding.numbers else "changed"
