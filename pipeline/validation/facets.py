"""What is asked of the findings of a snapshot, and in what form the answers come: filters, lists, counts."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from pipeline.validation.index import Place, Source
from pipeline.validation.report import Finding, Rule, Severity

OPEN, JUDGED = "open", "judged"
STATES = ("published", "left-out")
CHANGES = ("new", "gone", "changed", "unchanged")


@dataclass(frozen=True)
class Filter:
    """What to show; an empty field leaves all. `rule` is a rule's id, `region` a code or name, `document` an id or file
    name, `judgement` open, judged or one of `Judgement`, `state` published or left-out, `change` one of CHANGES."""

    severity: str = ""
    rule: str = ""
    region: str = ""
    document: str = ""
    judgement: str = ""
    state: str = ""
    change: str = ""

    @property
    def given(self) -> dict[str, str]:
        """The fields that are not empty."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name))}


@dataclass(frozen=True)
class Listed:
    """A finding in a list: its key, rule, documents, and the regions these are about, narrowest first."""

    key: str
    finding: Finding
    rule: Rule
    documents: tuple[Source, ...]
    regions: tuple[Place, ...]
    left_out: bool


@dataclass(frozen=True)
class Tally:
    """How many findings a rule, a region or a document has, by severity; `depth` counts the regions around a region."""

    about: Any
    counts: Mapping[Severity, int]
    depth: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Facets:
    """Counts of what a filter leaves. Rules come gravest first, then by number; regions below the one they lie in."""

    total: int
    severities: Mapping[Severity, int]
    judgements: Mapping[str, int]
    rules: tuple[Tally, ...]
    regions: tuple[Tally, ...]
    documents: tuple[Tally, ...]
