"""What a search found, as the page and the JSON show it: pieces to mark, passages of texts, links to the very signs."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, Field

from pipeline.search.entries import QUOTES_ONLY
from pipeline.search.find import Hit, opened, passages
from pipeline.search.index import KINDS
from pipeline.search.phrase import Phrase, Range
from pipeline.snapshot import Snapshot

PER_PAGE, PER_SECTION = 20, 5
PASSAGES, AROUND, LONGEST = 3, 40, 240  # of a document; signs on either side; signs of a quote that is shown whole
_EVIDENCE = re.compile(r"(?P<document>.*)#char=(?P<begin>\d+),\d+")


class Fact(BaseModel):
    """A node that the sentence supports, or that has the label."""

    iri: str
    type: str = Field(description="IRI of its class; empty where it has none")
    label: str


class Passage(BaseModel):
    """A stretch of a text; offsets are code points of the document's text, half-open."""

    begin: int
    end: int
    text: str
    marks: list[Range] = Field(description="where the words stand in `text`")


class Result(BaseModel):
    """One label, sentence or text that holds all the words."""

    kind: str = Field(description="label, quote or text")
    iri: str = Field(description="the labelled node, the evidence, or the document")
    text: str | None = Field(description="the label or the sentence as it stands; null for a text")
    marks: list[Range] = Field(description="where the words stand in `text`: code points, half-open")
    document: str | None = Field(description="IRI of the document that a quote or text is of")
    title: str | None = Field(description="title of that document")
    facts: list[Fact] = Field(description="at most three")
    fact_count: int
    occurrences: int = Field(description="how often the words stand there")
    passages: list[Passage] = Field(description="of a text: its first places")


class Counts(BaseModel):
    """How many entries of each kind hold all the words; exact."""

    label: int
    quote: int
    text: int


class Found(BaseModel):
    """A page of an answer. Results come label, quote, text; of each kind the shortest first."""

    version: str
    query: str
    words: list[str] = Field(description="what was looked for: in one width, Simplified, lower case")
    kind: str | None
    region: str | None
    counts: Counts
    page: int
    per_page: int
    next: str | None = Field(description="address of the next page")
    results: list[Result]


@dataclass(frozen=True)
class Wish:
    """A search that was asked for. `seconds` limits it."""

    phrase: Phrase
    kind: str
    region: str
    page: int
    seconds: float


def search(snapshot: Snapshot, wish: Wish, language: str, *, sections: bool) -> tuple[Counts, list[Result]]:
    """The counts and the results: a page of one kind or of all, or with `sections` the first few of each kind. Raises
    SnapshotError, UsageError and SearchTimeoutError."""
    with opened(snapshot.search_path, wish.seconds) as index:
        region = index.region(wish.region) if wish.region else 0
        counts = index.counts(wish.phrase, region)
        if sections:
            found = [hit for kind in KINDS for hit in index.page(wish.phrase, kind, region, 0, PER_SECTION)]
        else:
            found = index.page(wish.phrase, wish.kind, region, (wish.page - 1) * PER_PAGE, PER_PAGE)
    return Counts(**counts), [_result(hit, wish.phrase, snapshot, language) for hit in found]


def _result(hit: Hit, phrase: Phrase, snapshot: Snapshot, language: str) -> Result:
    facts = [Fact(iri=one.iri, type=one.type, label=one.zh if language == "zh" else one.en) for one in hit.about]
    own, marks, places = hit.text or None, list(hit.marks), list[Passage]()
    if hit.kind == "text":
        text = snapshot.text(hit.iri.rsplit("/", 1)[-1])
        marks = phrase.ranges(text)
        places = [_passage(text, begin, end, marks) for begin, end in passages(text, marks, PASSAGES, AROUND)]
    return Result(
        kind=hit.kind,
        iri=hit.iri,
        text=own,
        marks=marks if own else [],
        document=hit.document or None,
        title=hit.title or None,
        facts=facts,
        fact_count=hit.facts,
        occurrences=len(marks),
        passages=places,
    )


def _passage(text: str, begin: int, end: int, marks: list[Range]) -> Passage:
    inside = [(max(b, begin) - begin, min(e, end) - begin) for b, e in marks if b < end and e > begin]
    return Passage(begin=begin, end=end, text=text[begin:end], marks=inside)


def pieces(text: str, marks: list[Range]) -> list[tuple[str, bool]]:
    """The text cut where marks begin and end, each piece with whether it is marked."""
    found, at = list[tuple[str, bool]](), 0
    for begin, end in marks:
        found += [(text[at:begin], False), (text[begin:end], True)]
        at = end
    return [piece for piece in [*found, (text[at:], False)] if piece[0]]


def stretches(result: Result) -> list[Passage]:
    """What is shown of a result: the passages of a text, a long quote about its marks, all of a short one."""
    text = result.text or ""
    if result.kind == "text" or len(text) <= LONGEST:
        return result.passages or [Passage(begin=0, end=len(text), text=text, marks=result.marks)]
    places = passages(text, result.marks, PASSAGES, AROUND)
    return [_passage(text, begin, end, result.marks) for begin, end in places]


def place(result: Result, passage: Passage, href: Callable[[str], str | None], quoted_only: bool) -> str | None:
    """The address of the first mark of a passage in its document; of the whole quote where no text is shown."""
    evidence = _EVIDENCE.fullmatch(result.iri)
    if not passage.marks or (result.kind == "quote" and (evidence is None or quoted_only)):
        return href(result.iri)
    document = evidence["document"] if evidence else result.iri
    begin, end = (passage.begin + at + (int(evidence["begin"]) if evidence else 0) for at in passage.marks[0])
    return f"{href(document)}#char={begin},{end}"


def quoted_only(snapshot: Snapshot) -> frozenset[str]:
    """The documents of which nothing but quotes may be shown."""
    base, entries = snapshot.manifest["base"], snapshot.manifest.get("documents", [])
    return frozenset(f"{base}document/{one['id']}" for one in entries if one.get("rights") == QUOTES_ONLY)
