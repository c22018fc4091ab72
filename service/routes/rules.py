"""`/docs/rules`: every rule of the shapes in a line; `#id` is where a shape's rdfs:seeAlso leads."""

from fastapi import APIRouter
from starlette.responses import Response

from pipeline.validation.report import Severity
from pipeline.validation.shapes import rules
from pipeline.vocabulary import DUC
from service.context import ThisPage

router = APIRouter(tags=["Pages"])


@router.get("/docs/rules", summary="The rules that findings come from")
async def all_rules(page: ThisPage) -> Response:
    """The rules by severity, each with its name in both languages, its shape, and the findings it has."""
    known = sorted(rules().values(), key=lambda rule: rule.id)
    return page.render(
        "rules.html", duc=DUC, groups={one: [rule for rule in known if rule.severity is one] for one in Severity}
    )
