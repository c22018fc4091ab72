"""Targets, baselines and duties of a whole text, told apart by where they stand: an issue reports, a plan commits."""

from pipeline.facts.baselines import read_baselines
from pipeline.facts.clauses import clauses
from pipeline.facts.lists import Zone
from pipeline.facts.page import Page
from pipeline.facts.schedules import with_schedule
from pipeline.facts.targets import read_duties, read_targets
from pipeline.model import Count, Element, Issue


def read_commitments(
    page: Page, zones: list[Zone], issues: list[Issue], counts: tuple[Count, ...], reporting: bool
) -> list[Element]:
    """Every quantity and duty of the zones. In a report (`reporting`) only what follows 下一步 commits."""
    found: list[Element] = []
    next_steps = page.folded.find("下一步") if reporting else 0
    for zone in zones:
        for clause in clauses(page, zone.begin, zone.end):
            committing = zone.kind != "Issue" and clause.begin >= (next_steps if next_steps >= 0 else len(page.folded))
            if committing:
                found += read_targets(page, zone, clause, issues)
                found += read_duties(page, zone, clause, issues)
            elif zone.kind == "Issue" or reporting:
                found += read_baselines(page, zone, clause)
    return _distinct(with_schedule(page, found, counts))


def _distinct(found: list[Element]) -> list[Element]:
    kept: dict[str, Element] = {}
    for made in found:
        kept.setdefault(made.path, made)
    return list(kept.values())
