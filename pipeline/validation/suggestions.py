"""What a curator may write about a finding, ready to copy: the one place that words it (docs/corrections.md)."""

from dataclasses import dataclass

from pipeline.curation.decide import Draft, judgement_fields
from pipeline.curation.keys import one_line
from pipeline.validation.facets import Listed
from pipeline.validation.report import Judgement

ACTIONS = {
    Judgement.ACCEPTED_IN_SOURCE: "accept",
    Judgement.EXTRACTION_ERROR: "reject",
    Judgement.FIXED: "fixed",
}


@dataclass(frozen=True)
class Suggestion:
    """A decision begun: the judgement it gives (None: it corrects the fact), a command, and an entry of a file."""

    judgement: Judgement | None
    command: str
    block: str


def suggestions(listed: Listed, base: str) -> tuple[Suggestion, ...]:
    """The three judgements of a finding. Of a document left out it is the fact that must be mended: its rejection."""
    if listed.left_out:
        focus = listed.finding.focus
        return (_suggestion(listed, focus.removeprefix(base), "reject", None),) if focus.startswith(base) else ()
    return tuple(_suggestion(listed, f"finding/{listed.key}", action, kind) for kind, action in ACTIONS.items())


def _suggestion(listed: Listed, key: str, action: str, judgement: Judgement | None) -> Suggestion:
    said = listed.finding.said if judgement else ""
    fields = {**judgement_fields(key, listed.finding.sentence, said), "action": action}
    block = Draft("", (one_line(listed.finding.message_zh),), fields, {}).block()
    return Suggestion(judgement, f"ducha review '{key}' --{action} --by NAME --why TEXT" if judgement else "", block)
