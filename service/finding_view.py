"""Findings as the pages show them: links that carry the filter, quotes that lead to their place, the overview."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from pipeline.validation.browse import opened
from pipeline.validation.facets import Facets, Filter, Listed
from pipeline.validation.finding_table import EXAMPLES
from pipeline.validation.report import Rule
from pipeline.validation.trend import compared
from service.pages import Page

LEFT_OUT = 100


@dataclass(frozen=True)
class Passage:
    """A quote of a finding; `href` leads to it in its document with all the finding's evidence marked, and is empty
    where the document is not published."""

    text: str
    begin: str
    end: str
    file: str
    href: str


@dataclass(frozen=True)
class Shown:
    """A finding in the reader's language."""

    listed: Listed
    message: str
    rule: str
    focus: str
    regions: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Overview:
    """What `/validation` shows without a filter: counts, examples of each rule by its id, the findings of documents left
    out, and what changed by rule since the previous snapshot (None without one)."""

    facets: Facets
    examples: Mapping[str, list[Listed]]
    left_out: list[Listed]
    trend: Mapping[str, Counter[str]] | None
    rules: Mapping[str, Rule]

    @property
    def moved(self) -> list[tuple[str, Counter[str]]]:
        """The rules with anything new, gone or changed, those with most of it first."""
        some = [(name, counts) for name, counts in (self.trend or {}).items() if counts.total() > counts["unchanged"]]
        return sorted(some, key=lambda pair: (pair[1]["unchanged"] - pair[1].total(), pair[0]))


def overview(path: Path, other: Path | None) -> Overview:
    """Reads a findings.db, and compares it with another where one is given."""
    with opened(path) as findings:
        facets = findings.facets(Filter())
        examples = {
            tally.about.id: findings.page(Filter(rule=tally.about.id), limit=EXAMPLES) for tally in facets.rules
        }
        left_out = findings.page(Filter(state="left-out", severity="violation"), limit=LEFT_OUT)
        rules = findings.rules
    if other is None:
        return Overview(facets, examples, left_out, None, rules)
    with compared(path, other) as trend:
        return Overview(facets, examples, left_out, trend.by_rule(Filter()), trend.rules)


def links(given: Mapping[str, object]) -> Callable[..., str]:
    """A function that gives the address of the list with some parameters changed; an empty one is left out. `form` is
    the suffix of the table."""

    def to(form: str = "", **changes: object) -> str:
        wanted = {name: value for name, value in {**given, **changes}.items() if value not in ("", None)}
        if wanted.get("sort") == "severity":
            del wanted["sort"]
        return f"/validation{form}{'?' if wanted else ''}{urlencode(wanted)}"

    return to


def shown(page: Page, listed: Listed, present: bool = True) -> Shown:
    """A finding for a page; without `present` it is one of another snapshot, and nothing leads to its document."""
    finding, zh = listed.finding, page.language == "zh"
    base = page.dataset.base
    sources = {source.iri: source for source in listed.documents}
    passages = []
    for piece in finding.evidence:
        document, _, place = piece.iri.partition("#char=")
        begin, _, end = place.partition(",")
        source = sources.get(document)
        known = present and source is not None and not source.left_out
        href = f"/document/{document.rpartition('/')[2]}?finding={listed.key}#c{begin}" if known else ""
        passages.append(Passage(piece.quote, begin, end, source.file if source else "", href))
    return Shown(
        listed,
        finding.message_zh if zh else finding.message_en,
        listed.rule.label_zh if zh else listed.rule.label_en,
        finding.focus.removeprefix(base) or finding.focus,
        tuple((place.name, place.zh if zh else place.en) for place in listed.regions),
        tuple(passages),
    )
