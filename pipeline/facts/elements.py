"""What every reader of a plan's parts makes: elements with a short label, and the zones they stand in."""

import re
from dataclasses import dataclass

from pipeline.facts.gaps import with_ellipses
from pipeline.facts.page import Page
from pipeline.facts.terms import topics_of
from pipeline.model import Element, Source

_LABEL_MAX = 40
_EDGES = " \t\n,\uff0c、;\uff1b:\uff1a。"


@dataclass(frozen=True, slots=True)
class Zone:
    """A range of the text that belongs to one element (its path), for the readers of numbers."""

    begin: int
    end: int
    owner: str
    kind: str


def label_of(words: str) -> str:
    """A short label: the words up to the first full stop, else up to the first comma; never longer than 40 signs;
    what is masked is shown as …."""
    head = re.split(r"[。;\uff1b:\uff1a\n]", with_ellipses(words.strip(_EDGES))[0], maxsplit=1)[0]
    if len(head) > _LABEL_MAX:
        head = re.split("[,\uff0c]", head, maxsplit=1)[0]
    return head[:_LABEL_MAX].strip(" \uff0c,、")


def element(
    page: Page, kind: str, path: str, begin: int, end: int, source: Source, number: str | None = None
) -> Element:
    """The element of a range of the cleaned text."""
    words = page.words(begin, end)
    label = label_of(page.text.plain[begin:end])
    return Element(kind, path, label, words, source, number, topics_of(words))
