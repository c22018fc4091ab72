"""The plain data that crosses stages: what a document is, where its facts stand, and what the facts are.

Every position is a half-open range of code points in the stored text of the document. Every fact says by which rule
it was found and on what basis (DESIGN §3); nothing here knows RDF.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read: `text` is what decoding yields, newlines untouched; `id` is the first 16 hex of `sha256`."""

    id: str
    file_name: str
    sha256: str
    text: str
    encoding: str


class Span(NamedTuple):
    """`text[begin:end]` of a document, in code points."""

    begin: int
    end: int


class Basis(StrEnum):
    """How a fact rests on its sentence (DESIGN §3)."""

    STATED = "stated"
    INFERRED = "inferred"
    REPAIRED = "repaired"
    INHERITED = "inherited"
    CORRECTED = "corrected"  # by a curator; no rule of ours gives it


class Reason(NamedTuple):
    """Why a fact that is not simply read is still believed, for a reader of either language."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact stands and which rule found it. `reason` is given unless the basis is `stated`."""

    spans: tuple[Span, ...]
    rule: str
    basis: Basis = Basis.STATED
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Stated(Generic[V]):
    """One scalar fact."""

    value: V
    source: Source
    as_written: str = ""


class Precision(StrEnum):
    """How exact a date is (日 / 月 / 年)."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as stated: a day, or a month whose day is not known (`day is None`)."""

    year: int
    month: int
    day: int | None = None

    def __str__(self) -> str:
        """ISO 8601: `2023-10-09` or `2023-09`."""
        return f"{self.year:04d}-{self.month:02d}" + (f"-{self.day:02d}" if self.day else "")


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline (整改时限): the last day of the stated period, how exact it is, and the words."""

    last_day: date
    precision: Precision
    text: str


@dataclass(frozen=True, slots=True)
class Party:
    """One body or class of bodies in a list of organisations.

    `label` is expanded and qualified by its city (武汉市水务局); `group` marks a class of bodies (各区党委);
    `region` is the GB/T 2260 code of the region it belongs to, where known.
    """

    label: str
    as_written: str
    region: str | None
    party_body: bool
    government_body: bool
    group: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Post:
    """An office (主要负责人 of an organisation), never a private person."""

    title: str
    party: Party


@dataclass(frozen=True, slots=True)
class Element:
    """Any part of a plan. `path` is its IRI below the plan (`principle/2`); `number` the printed ordinal in digits."""

    kind: str
    path: str
    label: str
    text: str
    source: Source
    number: str | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure(Element):
    """What is to be done (整改措施): `owner` is the path of its issue or measure category."""

    owner: str = ""
    due: Stated[Due] | None = None


@dataclass(frozen=True, slots=True)
class Issue(Element):
    """A problem the supervision found (问题), with its labelled fields."""

    category: str | None = None
    goal: Element | None = None
    measures: tuple[Measure, ...] = ()
    due: Stated[Due] | None = None
    deadline_kind: Stated[str] | None = None
    status: Stated[str] | None = None
    parties: tuple[tuple[str, Party], ...] = ()
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity(Element):
    """A target (committed) or a baseline (reported). Without `value` it is qualitative; `belongs_to` is a path."""

    indicator_text: str = ""
    indicator: str | None = None
    subject: str | None = None
    comparator: str | None = None
    value: str | None = None
    value_text: str = ""
    unit_text: str = ""
    due: Stated[Due] | None = None
    as_of: Stated[Moment] | None = None
    aggregation: str | None = None
    frequency: str | None = None
    frequency_text: str = ""
    belongs_to: str = ""


@dataclass(frozen=True, slots=True)
class Duty(Element):
    """A recurring obligation (每月调度): `frequency` is an xsd:duration."""

    actor: str = ""
    frequency: str = ""
    frequency_text: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of things the text claims (31个问题); `of` is the class it counts."""

    of: str
    value: int
    value_text: str
    unit_text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where the text is redacted, a placeholder, or lost in conversion; `affects` names a property."""

    kind: str
    span: Span
    affects: str | None = None
    restoration: str | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """A supervision team (督察组) as written; its number where legible."""

    label: str
    number: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class Supervision:
    """One visit, as one document tells it; every field may be missing."""

    source: Source
    level: Stated[str] | None = None
    kinds: tuple[Stated[str], ...] = ()
    round: Stated[int] | None = None
    batch: Stated[int] | None = None
    team: Team | None = None
    start: Stated[Moment] | None = None
    end: Stated[Moment] | None = None
    stated_days: Stated[int] | None = None
    feedback: Stated[Moment] | None = None
    report_title: Stated[str] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A rectification plan (整改方案) as one document tells it."""

    source: Source
    title: Stated[str] | None = None
    counts: tuple[Count, ...] = ()
    elements: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one document says. `region` is the GB/T 2260 code (a zone's key) of the place the plan is for; `other_visits` are
    those it tells of beside the one it answers."""

    kind: Stated[str]
    completeness: Stated[str]
    title: Stated[str] | None = None
    issued: Stated[date] | None = None
    publisher: Stated[str] | None = None
    origin: Stated[str] | None = None
    region: Stated[str] | None = None
    supervision: Supervision | None = None
    other_visits: tuple[Supervision, ...] = ()
    plan: Plan | None = None
    gaps: tuple[Gap, ...] = field(default=())
