"""`/.well-known/void`, `/dcat`, `/catalog` and `/dataset` describe the dataset and its versions; `/dumps/…` are its files."""

import asyncio
import json
from pathlib import Path

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from pipeline.description.statements import NAMESPACES
from pipeline.errors import Wording
from service.catalog import catalogue, kept_version, kept_versions
from service.context import Data, ThisPage
from service.dataset import Dataset
from service.description import write
from service.formats import HTML, RDF_OFFERS, SUFFIXES, choose, content_type, linked_headers
from service.pages import Page
from service.problems import MissingError
from service.routes.resources import offer_of, resource

N_QUADS = "application/n-quads"

router = APIRouter(tags=["Dataset"])


# Which versions are kept changes without a new version, so that none of these answers may be.
_FRESH = {"Cache-Control": "no-store"}


@router.get("/.well-known/void", summary="VoID and DCAT description")
async def description(request: Request, dataset: Data) -> Response:
    """What the dataset is, how large, under which rights; its classes and properties, versions, dumps, endpoint, examples."""
    return await _description(request, dataset, statistics=True)


@router.get("/dcat", summary="DCAT catalogue")
@router.get("/dcat.{suffix}", summary="DCAT catalogue", include_in_schema=False)
async def dcat(request: Request, dataset: Data, suffix: str = "") -> Response:
    """Catalogue, dataset, versions that are kept, dumps and endpoint."""
    return await _description(request, dataset, suffix, statistics=False)


async def _description(request: Request, dataset: Dataset, suffix: str = "", *, statistics: bool) -> Response:
    offer = choose(suffix or request.query_params.get("format"), request.headers.get("accept"), RDF_OFFERS)
    triples = await asyncio.to_thread(catalogue, dataset, statistics=statistics)
    body = await write(dataset, triples, offer.format, NAMESPACES)
    return Response(body, headers={"Content-Type": content_type(offer.media_type), **_FRESH})


@router.get("/catalog", summary="The catalogue of the dataset", response_model=None)
@router.get("/dataset", summary="The dataset", response_model=None)
async def dataset_page(request: Request, dataset: Data, page: ThisPage) -> Response:
    """A page of the versions that are kept, or RDF."""
    return await _node(request, dataset, page, request.url.path[1:])


@router.get("/catalog.{suffix}", include_in_schema=False, response_model=None)
async def catalogue_file(suffix: str, request: Request, dataset: Data, page: ThisPage) -> Response:
    return await _node(request, dataset, page, "catalog", suffix)


@router.get("/dataset.{suffix}", include_in_schema=False, response_model=None)
async def dataset_file(suffix: str, request: Request, dataset: Data, page: ThisPage) -> Response:
    return await _node(request, dataset, page, "dataset", suffix)


@router.get("/dataset/{name:path}", summary="A version of the dataset", response_model=None)
async def dataset_part(name: str, request: Request, dataset: Data, page: ThisPage) -> Response:
    """A version that is kept, as page or RDF; the parts that the description speaks of are nodes like others."""
    stem, _, suffix = name.rpartition(".") if name.rpartition(".")[2] in SUFFIXES else (name, "", "")
    version = stem.partition("/")[0]
    if stem == dataset.version or (version != dataset.version and kept_version(dataset, version)):
        return await _node(request, dataset, page, f"dataset/{stem}", suffix)
    return await resource(f"dataset/{name}", request, page)


async def _node(request: Request, dataset: Dataset, page: Page, name: str, suffix: str = "") -> Response:
    offer = offer_of(request, suffix)
    iri = f"{dataset.base}{name}"
    if offer is HTML:
        version = name.partition("/")[2]
        versions = await asyncio.to_thread(kept_versions, dataset)
        if "/" in version or (version and version not in {one.name for one in versions}):
            return await resource(name, request, page)
        shown = [one for one in versions if one.name == (version or dataset.version)]
        response = page.render("dataset.html", iri=iri, versions=versions, shown=shown[0], one=bool(version))
        response.headers.update(_FRESH)
        return response
    triples = await asyncio.to_thread(catalogue, dataset, statistics=False)
    own = [one for one in triples if one.subject == ox.NamedNode(iri)]
    if not own:
        raise MissingError(request.url.path, "is not known here", Wording("see {address}", address="/dataset"))
    named = {one.object for one in own} if name != "catalog" else set()
    own += [one for one in triples if one.subject in named and one.subject != ox.NamedNode(iri)]
    body = await write(dataset, list(dict.fromkeys(own)), offer.format, NAMESPACES)
    return Response(body, headers={**linked_headers(iri, f"/{name}", offer), **_FRESH})


@router.get("/dumps/", summary="The files of the dataset")
async def dumps(dataset: Data, page: ThisPage) -> Response:
    """A page with the files, their sizes and media types."""
    files = [(name, path.stat().st_size, media) for name, (path, media) in _files(dataset).items()]
    return page.render("dumps.html", files=files)


@router.get("/dumps/{name}", summary="One file of the dataset")
async def dump(name: str, dataset: Data) -> Response:
    """`<version>.nq` (sorted N-Quads) of every version that is kept; of the one in force also `manifest.json`, `validation.ttl`, `validation.json`,
    `validation-summary.json`, `void.ttl`."""
    files = _files(dataset)
    wanted = f"{dataset.version}.nq" if name == "dump.nq" else name
    if wanted not in files and (older := kept_version(dataset, name.removesuffix(".nq"))):
        files[f"{older.version}.nq"] = (older.dump_path, N_QUADS)
    if wanted not in files:
        remedy = Wording("use one of {names}", names=", ".join(files))
        raise MissingError(f"/dumps/{name}", "is no file of a version that is kept", remedy)
    path, media_type = files[wanted]
    etag = json.dumps(wanted if path.name == "dump.nq" else f"{dataset.version}-{wanted}")
    return FileResponse(path, media_type=media_type, headers={"ETag": etag, "Cache-Control": "no-cache"})


def _files(dataset: Dataset) -> dict[str, tuple[Path, str]]:
    """Name → path and media type of what may be downloaded."""
    snapshot = dataset.snapshot
    return {
        f"{snapshot.version}.nq": (snapshot.dump_path, N_QUADS),
        "manifest.json": (snapshot.path / "manifest.json", "application/json"),
        "validation.ttl": (snapshot.report_path, "text/turtle"),
        "validation.json": (snapshot.report_json_path, "application/json"),
        "validation-summary.json": (snapshot.summary_path, "application/json"),
        "void.ttl": (snapshot.void_path, "text/turtle"),
    }
