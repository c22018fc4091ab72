"""`/.well-known/void` and `/dcat` describe the dataset; `/dumps/…` are its files."""

import json
from pathlib import Path

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from service.context import Data, ThisPage
from service.dataset import Dataset
from service.formats import RDF_OFFERS, content_type
from service.problems import MissingError
from service.routes.sparql import choose

router = APIRouter(tags=["Dataset"])


@router.get("/.well-known/void", summary="VoID and DCAT description")
@router.get("/dcat", summary="VoID and DCAT description", include_in_schema=False)
async def description(request: Request, dataset: Data) -> Response:
    """What the dataset is, how large, under which rights, and where its dump and its endpoint are."""
    offer = choose(request.query_params.get("format"), request.headers.get("accept"), RDF_OFFERS)
    turtle = dataset.snapshot.void_path.read_bytes()
    if offer.format == "ttl":
        body = turtle
    else:
        triples = (quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE))
        formats = {"nt": ox.RdfFormat.N_TRIPLES, "rdf": ox.RdfFormat.RDF_XML, "jsonld": ox.RdfFormat.JSON_LD}
        body = ox.serialize(triples, format=formats.get(offer.format, ox.RdfFormat.N_TRIPLES)) or b""
    return Response(body, headers={"Content-Type": content_type(offer.media_type)})


@router.get("/dumps/", summary="The files of the dataset")
async def dumps(dataset: Data, page: ThisPage) -> Response:
    """A page with the files, their sizes and media types."""
    files = [(name, path.stat().st_size, media) for name, (path, media) in _files(dataset).items()]
    return page.render("dumps.html", files=files)


@router.get("/dumps/{name}", summary="One file of the dataset")
async def dump(name: str, dataset: Data) -> Response:
    """`<version>.nq` (sorted N-Quads), `manifest.json`, `validation.ttl`, `validation.json`,
    `validation-summary.json`, `void.ttl`."""
    files = _files(dataset)
    wanted = f"{dataset.version}.nq" if name == "dump.nq" else name
    if wanted not in files:
        raise MissingError(f"/dumps/{name}", "is no file of the version in force", f"take one of {', '.join(files)}")
    path, media_type = files[wanted]
    etag = json.dumps(f"{dataset.version}-{wanted}")
    return FileResponse(path, media_type=media_type, headers={"ETag": etag, "Cache-Control": "no-cache"})


def _files(dataset: Dataset) -> dict[str, tuple[Path, str]]:
    """Name → path and media type of what may be downloaded."""
    snapshot = dataset.snapshot
    return {
        f"{snapshot.version}.nq": (snapshot.dump_path, "application/n-quads"),
        "manifest.json": (snapshot.path / "manifest.json", "application/json"),
        "validation.ttl": (snapshot.report_path, "text/turtle"),
        "validation.json": (snapshot.report_json_path, "application/json"),
        "validation-summary.json": (snapshot.summary_path, "application/json"),
        "void.ttl": (snapshot.void_path, "text/turtle"),
    }
