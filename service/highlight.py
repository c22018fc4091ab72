"""Cuts a text into segments at the edges of its facts, so that spans that overlap can be shown without nesting."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Span:
    """A fact's place: code points, half-open. `kind` colours it; `fact` is its number in the list beside the text."""

    begin: int
    end: int
    kind: str
    fact: int
    faint: bool = False
    """Whether other facts of the same place go before it."""


@dataclass(frozen=True)
class Segment:
    """A piece of the text under the same facts throughout; the closest-fitting fact comes first."""

    begin: int
    text: str
    spans: tuple[Span, ...]
    starts: bool
    """Whether a fact begins here, so that links point here."""

    @property
    def kinds(self) -> str:
        return " ".join(dict.fromkeys(span.kind for span in self.spans))

    @property
    def facts(self) -> str:
        return " ".join(dict.fromkeys(str(span.fact) for span in self.spans))


def segments(text: str, spans: Sequence[Span]) -> list[Segment]:
    """Segments that joined give the text again. Spans reaching outside it are cut to it."""
    length = len(text)
    cut = [
        Span(max(0, s.begin), min(length, s.end), s.kind, s.fact, s.faint)
        for s in spans
        if s.begin < min(s.end, length)
    ]
    opening: dict[int, list[Span]] = {}
    closing: dict[int, list[Span]] = {}
    for span in cut:
        opening.setdefault(span.begin, []).append(span)
        closing.setdefault(span.end, []).append(span)
    edges = sorted({0, length, *opening, *closing})
    active: dict[Span, None] = {}
    found = []
    for begin, end in pairwise(edges):
        for span in closing.get(begin, []):
            active.pop(span, None)
        active.update(dict.fromkeys(opening.get(begin, [])))
        over = tuple(sorted(active, key=lambda span: (span.faint, span.end - span.begin, span.begin, span.fact)))
        found.append(Segment(begin, text[begin:end], over, begin in opening))
    return found


def excerpt(text: str, begin: int, end: int, around: int) -> tuple[str, str, str]:
    """What stands before, between and after two offsets, with at most `around` characters on either side."""
    return text[max(0, begin - around) : begin], text[begin:end], text[end : end + around]
