"""What every reader of facts is given: one document's text and outline, marked by a spaCy pipeline of our own.

The pipeline is a blank `zh` one (a token a character, so spans always align): `regions` matches the gazetteer's
names as phrases. Readers look at the marks, never at the original file.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from pipeline.facts.dates import DueMark, due_marks
from pipeline.model import Basis, Reason, Source, Span
from pipeline.outline import Outline
from pipeline.region import load_regions
from pipeline.text import Text

_SENTENCE = re.compile(r"[^。!?\n]+[。!?]?[”』」]?")


class Mark(NamedTuple):
    """A marked range `[begin, end)` of the cleaned text and the words in it."""

    begin: int
    end: int
    words: str


@dataclass(frozen=True)
class Page:
    """One document on the reader's desk. All offsets are in the cleaned text."""

    document_id: str
    text: Text
    outline: Outline
    doc: Doc

    @property
    def folded(self) -> str:
        return self.text.folded

    def source(
        self, begin: int, end: int, rule: str, basis: Basis = Basis.STATED, reason: Reason | None = None
    ) -> Source:
        """The source of a fact that stands in `[begin, end)`, without the blanks around it."""
        return Source((self.span(begin, end),), rule, basis, reason)

    def span(self, begin: int, end: int) -> Span:
        begin, end = self.trim(begin, end)
        return self.text.source(begin, end)

    def cleaned(self, span: Span) -> tuple[int, int]:
        """Where a span of the stored text lies in the cleaned text."""
        return bisect_left(self.text.origin, span.begin), bisect_left(self.text.origin, span.end)

    def trim(self, begin: int, end: int) -> tuple[int, int]:
        """`[begin, end)` without leading and trailing blanks and line ends; a range of blanks alone stays as it is."""
        end = min(end, len(self.text.plain))
        if not self.text.plain[begin:end].strip():
            return begin, end
        while begin < end and self.text.plain[begin].isspace():
            begin += 1
        while end > begin and self.text.plain[end - 1].isspace():
            end -= 1
        return begin, end

    def words(self, begin: int, end: int) -> str:
        """The cleaned words of a range, lines joined."""
        return re.sub(r"\s*\n\s*|\u2003", "", self.text.plain[begin:end]).strip()

    def as_written(self, words: str, begin: int, end: int) -> str:
        """Matched words as the page prints them in `[begin, end)`; the words themselves where they do not stand there."""
        at = self.folded.find(words, begin, end)
        return self.text.plain[at : at + len(words)] if at >= 0 and words else words

    @cached_property
    def _marks(self) -> dict[str, tuple[list[int], list[Mark]]]:
        """Group → where its marks begin, and the marks, in reading order."""
        found = {  # a token a character, so a token's place is a character's
            group: sorted(Mark(span.start, span.end, self.folded[span.start : span.end]) for span in spans)
            for group, spans in self.doc.spans.items()
        }
        return {group: ([mark.begin for mark in marks], marks) for group, marks in found.items()}

    def marks(self, group: str, begin: int = 0, end: int | None = None) -> Iterator[Mark]:
        """The marks of a group inside a range, in reading order."""
        stop = len(self.folded) if end is None else end
        begins, marks = self._marks[group]
        for mark in marks[bisect_left(begins, begin) : bisect_left(begins, stop)]:
            if mark.end <= stop:
                yield mark

    @cached_property
    def _sentences(self) -> tuple[list[int], list[tuple[int, int]]]:
        """Where the sentences of the content lines begin, and the sentences."""
        found = [
            match.span()
            for line in self.text.content()
            for match in _SENTENCE.finditer(self.folded, line.begin, line.end)
        ]
        return [begin for begin, _ in found], found

    def sentences(self, begin: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """The sentences of the content lines inside a range, cut at its ends."""
        stop = len(self.folded) if end is None else end
        begins, found = self._sentences
        for low, high in found[max(0, bisect_right(begins, begin) - 1) : bisect_left(begins, stop)]:
            if high > begin:
                yield max(low, begin), min(high, stop)

    @cached_property
    def _dues(self) -> tuple[list[int], list[DueMark]]:
        found = sorted(due_marks(self.folded), key=lambda mark: mark.begin)
        return [mark.begin for mark in found], found

    def dues(self, begin: int, end: int) -> list[DueMark]:
        """The deadlines inside a range, in reading order."""
        begins, found = self._dues
        return [m for m in found[bisect_left(begins, begin) : bisect_left(begins, end)] if m.end <= end]

    def sentence_around(self, at: int) -> tuple[int, int]:
        """The sentence that holds an offset (the offset alone when it stands on no sentence)."""
        begins, found = self._sentences
        place = bisect_right(begins, at) - 1
        if place >= 0 and at < found[place][1]:
            return found[place]
        return at, min(at + 1, len(self.folded))


@Language.factory("ducha_phrases", default_config={"group": "regions"})
def _phrases(nlp: Language, name: str, group: str) -> "_Phrases":
    return _Phrases(nlp, group, tuple(load_regions().surface_forms()))


class _Phrases:
    """Marks the longest names of one list as a span group."""

    def __init__(self, nlp: Language, group: str, names: tuple[str, ...]) -> None:
        self.group = group
        self.matcher = PhraseMatcher(nlp.vocab)
        self.matcher.add(group, [nlp.make_doc(name) for name in names])

    def __call__(self, doc: Doc) -> Doc:
        spans = [doc[start:end] for _, start, end in self.matcher(doc)]
        doc.spans[self.group] = sorted(spacy.util.filter_spans(spans), key=lambda span: span.start)
        return doc


@cache
def _pipeline() -> Language:
    nlp = spacy.blank("zh")
    nlp.max_length = 20_000_000
    nlp.add_pipe("ducha_phrases", name="regions", config={"group": "regions"})
    return nlp


def lay_out(document_id: str, text: Text, outline: Outline) -> Page:
    """Mark a text and lay it on the desk."""
    nlp = _pipeline()
    # A token a character, made here: the tokeniser's own way of aligning words is quadratic in the length of the text.
    doc = Doc(nlp.vocab, words=list(text.folded), spaces=[False] * len(text.folded))
    return Page(document_id, text, outline, nlp(doc))
