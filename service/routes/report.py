"""`/report?fact=KEY`: a wrong fact, as the entry of a file of corrections that mends it (`docs/corrections.md`)."""

import re

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pipeline.curation.decide import Draft
from service.context import Data, ThisPage
from service.corrections import drafts_of
from service.problems import BadRequestError

router = APIRouter(tags=["Pages"])
ACTIONS = ("reject", "change", "accept")
_LONGEST = 500


@router.get("/report", summary="The prefilled correction of a fact", response_model=None)
async def report(dataset: Data, page: ThisPage, fact: str = "") -> Response:
    """A page with the fact's key, its sentence, and an entry for each action. 400 for a key about nothing."""
    if fact.startswith("finding/"):
        return RedirectResponse(f"/{fact.partition(' ')[0]}#judge")
    entries = await drafts_of(dataset, _key(fact))
    return page.render(
        "report.html",
        fact=fact,
        node=dataset.base + fact.partition(" ")[0],
        property_name=fact.partition(" ")[2],
        entries=[(draft, {action: written(draft, action) for action in actions(draft)}) for draft in entries],
    )


@router.get("/report.toml", summary="The prefilled correction of a fact, as a file", response_model=None)
async def report_file(dataset: Data, fact: str, action: str = "reject", number: int = 1) -> Response:
    """The file, ready for the folder of corrections once `by`, `on` and `why` are filled in; `number` chooses among the
    entries of a fact that several documents or values have. 400 for another action or number."""
    entries = await drafts_of(dataset, _key(fact))
    if not 1 <= number <= len(entries) or action not in actions(entries[number - 1]):
        raise BadRequestError(
            f"action={action[:20]}, number={number}", "is no entry of this fact", "take a link of its page"
        )
    name = re.sub(r"[^0-9A-Za-z]+", "-", fact).strip("-")[:80]
    body = written(entries[number - 1], action)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{action}.toml"'}
    return Response(body, headers=headers, media_type="application/toml; charset=utf-8")


def actions(draft: Draft) -> tuple[str, ...]:
    """What can be done: a fact that is there is rejected, changed or accepted, a missing one added."""
    if draft.fields["action"] == "add":
        return ("add",)
    return ACTIONS if " " in draft.fields["key"] else ("reject", "accept")


def written(draft: Draft, action: str) -> str:
    """The entry with its action; a change has a line for the new value."""
    fields = {"action": action} if action != "change" else {"action": action, "to": ""}
    ordered = {}
    for name, value in draft.fields.items():
        ordered[name] = fields.get(name, value)
        if name == "action" and "to" in fields:
            ordered["to"] = ""
    return Draft(draft.document, draft.comments[:2], ordered, draft.properties).block()


def _key(fact: str) -> str:
    if not fact or len(fact) > _LONGEST or not fact.isprintable():
        raise BadRequestError("fact", "is missing or no key", "follow a link from the page of a fact")
    return fact
