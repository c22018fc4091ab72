"""`/plan/`: every plan, those of the latest visit first, of one province where it is asked for."""

import re

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.responses import Response

from service.context import ThisPage
from service.problems import BadRequestError
from service.reading import part
from service.routes.home import PROVINCES
from service.tiles import tiles
from service.views.plans import all_plans, plan_rows, plans_below

router = APIRouter(tags=["Pages"])


@router.get("/plan/", summary="All plans, by place")
async def plans(page: ThisPage, province: str = "") -> Response:
    """Fifty plans a page; `province` is a code of GB/T 2260. 400 for what is no such code."""
    if province and not re.fullmatch(r"[0-9]{6}", province):
        raise BadRequestError(f"province={province[:20]}", "is no code", "give six digits of GB/T 2260, such as 450000")
    rows = await page.dataset.select(PROVINCES)
    counts = {row["province"].value.rpartition("/")[2]: int(row["plans"].value) for row in rows}
    chosen = ox.NamedNode(f"{page.dataset.base}region/{province}")
    shown = part(page, await plans_below(page, chosen)) if province else part(page, await all_plans(page), rows=0)
    provinces = {
        tile.adcode: (tile.name if page.language == "zh" else tile.english, counts[tile.adcode])
        for tile in sorted(tiles(), key=lambda tile: tile.adcode)
        if tile.adcode in counts
    }
    return page.render(
        "plans.html", shown=shown, rows=await plan_rows(page, shown.keys), provinces=provinces, province=province
    )
