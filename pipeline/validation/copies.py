"""Texts → which of them are copies (副本): one text on several pages, in other site furniture, a few characters damaged.

Takes stored texts in the order of preference; gives each copy with its original and how alike they are. Near copies are
found by MinHash over runs of five characters, and only what an exact count confirms is a copy. Pure and deterministic.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from pipeline.text import clean

ALIKE = 0.9  # Jaccard similarity from which a text is a copy, of its runs of characters and of its numbers
RUN = 5  # characters
LEAST = 100  # characters of content; two shorter texts may be alike without being copies
ROWS, BANDS = 4, 16  # a pair at 0.9 is missed once in 10^7: (1 - 0.9^ROWS)^BANDS
BINS = ROWS * BANDS
HEAD = 0.2  # of a page, at most, before its first sentence: menu, breadcrumbs, title
FOOT = 30  # characters that a line of links at a page's end has at most
_SENTENCE = re.compile(r"[。;!?:]$")
_SAYING = re.compile(r"[。;!?:\d]")
_BLANK = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+|[〇零一二三四五六七八九十百千万亿]+")


@dataclass(frozen=True, slots=True)
class Copy:
    """`document` repeats the text of `original`; `similarity` is the Jaccard similarity of their runs, 1 when equal."""

    document: str
    original: str
    similarity: float


def find_copies(texts: Mapping[str, str]) -> Iterator[Copy]:
    """The copies among stored texts by id. An original precedes its copies in the order given, and is none itself."""
    originals: dict[str, str] = {}
    by_content: dict[str, str] = {}
    by_band: dict[tuple[int, ...], list[str]] = {}
    runs = lru_cache(maxsize=64)(lambda name: _runs(originals[name]))
    for name, text in texts.items():
        content = content_of(text)
        if len(content) < LEAST:
            continue
        if same := by_content.get(content):
            yield Copy(name, same, 1.0)
            continue
        own = _runs(content)
        bands = list(_bands(own))
        candidates = sorted({one for band in bands for one in by_band.get(band, ())})
        alike = {one: _jaccard(own, runs(one)) for one in candidates if _same_numbers(content, originals[one])}
        best = max(alike, key=lambda one: (alike[one], one), default="")
        if best and alike[best] >= ALIKE:
            yield Copy(name, best, alike[best])
            continue
        originals[name] = content
        by_content[content] = name
        for band in bands:
            by_band.setdefault(band, []).append(name)


def content_of(stored: str) -> str:
    """The letters and digits of a page without its furniture: lines known as such, what stands before the first
    sentence where that is little, and the last lines as long as they are short words without a number or a label."""
    text = clean(stored)
    lines = [text.folded[line.begin : line.end].strip() for line in text.content()]
    first = next((number for number, line in enumerate(lines) if _SENTENCE.search(line)), 0)
    if sum(map(len, lines[:first])) > HEAD * sum(map(len, lines)):
        first = 0
    while lines and len(lines[-1]) < FOOT and not _SAYING.search(lines[-1]):
        lines.pop()
    return _BLANK.sub("", "".join(lines[first:]))


def _runs(content: str) -> frozenset[str]:
    return frozenset(content[i : i + RUN] for i in range(len(content) - RUN + 1))


def _bands(runs: frozenset[str]) -> Iterator[tuple[int, ...]]:
    """The keys under which alike texts meet: MinHash with one hash, each of whose bins keeps its least value."""
    values = sorted((crc32(run.encode()) for run in runs), reverse=True)
    least = {value % BINS: value for value in values}
    for band in range(BANDS):
        yield band, *(least.get(place, -1) for place in range(band * ROWS, (band + 1) * ROWS))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common)


@lru_cache(maxsize=64)
def _numbers(content: str) -> Counter[str]:
    return Counter(_NUMBER.findall(content))


def _same_numbers(one: str, other: str) -> bool:
    """Whether the numbers are alike too: two notices written after one pattern differ in little else."""
    first, second = _numbers(one), _numbers(other)
    return not first | second or (first & second).total() / (first | second).total() >= ALIKE
