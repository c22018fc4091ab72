"""`/about`: what is served, how to cite it, under which licence, and every limit a client may meet."""

from dataclasses import Field, fields

from fastapi import APIRouter
from starlette.responses import Response

from service.context import Data, Given, ThisPage
from service.settings import MIB, Settings

router = APIRouter(tags=["Pages"])
_OWN = {"out", "endpoint", "poll"}  # the operator's, and no limit
_SECONDS = {"timeout", "request_seconds", "stall_seconds"}


@router.get("/about", summary="What is served, how to cite it, and the limits")
async def about(dataset: Data, settings: Given, page: ThisPage) -> Response:
    """Versions, citation, licence and limits."""
    manifest = dataset.snapshot.manifest
    return page.render(
        "about.html",
        limits=[(one.name, written(one, settings)) for one in fields(Settings) if one.name not in _OWN],
        manifest=manifest,
        documents=len(manifest.get("documents", [])),
    )


def written(one: Field[object], settings: Settings) -> str:
    """A setting with its unit: `30 s`, `2 MiB`, `20,000`."""
    value = getattr(settings, one.name)
    if one.name in _SECONDS:
        return f"{value:g} s"
    if one.name.endswith("_bytes") or one.name in {"memory", "stack"}:
        return f"{value / MIB:g} MiB" if value >= MIB else f"{value / 1024:g} KiB"
    return f"{value:,}"
