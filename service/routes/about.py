"""`/about`: what is served, how to cite it, under which licence, and every limit a client may meet."""

from dataclasses import Field

from fastapi import APIRouter
from starlette.responses import Response

from service.context import Data, Given, ThisPage
from service.settings import MIB, Settings, limit_fields

router = APIRouter(tags=["Pages"])
_SECONDS = {"timeout", "request_seconds", "stall_seconds", "grace_seconds"}


@router.get("/about", summary="What is served, how to cite it, and the limits")
async def about(dataset: Data, settings: Given, page: ThisPage) -> Response:
    """Versions, citation, licence and limits."""
    manifest = dataset.snapshot.manifest
    return page.render(
        "about.html",
        limits=[(one.name, written(one, settings)) for one in limit_fields()],
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
