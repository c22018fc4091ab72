"""Operators that damage a quote or its place, or rest a fact on the wrong one (引文)."""

import re
from collections.abc import Iterator

import pyoxigraph as ox

from pipeline.mutation.operator import operator
from pipeline.mutation.original import Mutant, Original, du, edits, like, words
from pipeline.validation.findings import Term

_EVIDENCE = "?node a du:Evidence ; du:begin ?begin ; du:end ?end ; du:quote ?quote"
_STATED = """?node du:basis duc:basis-stated ; du:valueText ?text .
  FILTER NOT EXISTS { ?assertion rdf:subject ?node ; rdf:predicate du:value ; du:basis ?basis . FILTER(?basis != duc:basis-stated) }
  { ?node du:inPlan ?plan } UNION { ?plan du:statedCount ?node }"""


def _respanned(original: Original, node: Term, begin: Term, end: Term, places: tuple[int, int]) -> Iterator[Mutant]:
    """Evidence at another place of the text under the IRI of that place, where no evidence is yet."""
    name = ox.NamedNode(f"{words(original.document)}#char={places[0]},{places[1]}")
    if original.knows(name):
        return
    moved = original.renamed({node: name})
    added = set(moved.added)
    for predicate, old, new in ((du("begin"), begin, places[0]), (du("end"), end, places[1])):
        added.remove(ox.Triple(name, predicate, old))
        added.add(ox.Triple(name, predicate, like(old, new)))
    yield Mutant(moved.place, moved.removed, frozenset(added))


@operator("引文整体错一字", "shift a quote by one character", "quote-in-text")
def shift_quote(original: Original) -> Iterator[Mutant]:
    for node, begin, end, quote in original.rows("?node ?begin ?end ?quote", _EVIDENCE):
        first, last = int(words(begin)) + 1, int(words(end)) + 1
        if last <= len(original.text) and original.text[first:last] != words(quote):
            yield from _respanned(original, node, begin, end, (first, last))


@operator("引文终点多一字", "end a quote one character later", "quote-length")
def lengthen_span(original: Original) -> Iterator[Mutant]:
    for node, begin, end in original.rows("?node ?begin ?end", _EVIDENCE):
        yield from _respanned(original, node, begin, end, (int(words(begin)), int(words(end)) + 1))


@operator("引文少末一字", "cut the last character of a quote", "quote-length")
def shorten_quote(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:quote ?value", du("quote"), lambda value: like(value, words(value)[:-1]))


@operator("引文错一字", "change a character of a quote", "quote-in-text")
def change_character(original: Original) -> Iterator[Mutant]:
    def other(value: Term) -> Term:
        quote, middle = words(value), len(words(value)) // 2
        return like(value, f"{quote[:middle]}{'乙' if quote[middle] == '甲' else '甲'}{quote[middle + 1 :]}")

    yield from edits(original, "?node du:quote ?value", du("quote"), other)


@operator("引文为空", "empty a quote", "evidence-quote")
def empty_quote(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:quote ?value", du("quote"), lambda value: like(value, ""))


@operator("证据IRI与起止不符", "let the IRI of evidence say other offsets", "evidence-iri")
def wrong_evidence_iri(original: Original) -> Iterator[Mutant]:
    for node, begin, end in original.rows("?node ?begin ?end", _EVIDENCE):
        name = ox.NamedNode(f"{words(original.document)}#char={words(begin)},{int(words(end)) + 1}")
        if not original.knows(name):
            yield original.renamed({node: name})


@operator("引文在文本之外", "move a quote beyond the end of the text", "quote-inside-text")
def beyond_text(original: Original) -> Iterator[Mutant]:
    for node, begin, end in original.rows("?node ?begin ?end", _EVIDENCE):
        length = int(words(end)) - int(words(begin))
        first = len(original.text) + 1
        yield from _respanned(original, node, begin, end, (first, first + length))


@operator("引文起点在终点之后", "let a quote begin after its end", "evidence-begin")
def reverse_span(original: Original) -> Iterator[Mutant]:
    for node, begin, end in original.rows("?node ?begin ?end", _EVIDENCE):
        yield from _respanned(original, node, begin, end, (int(words(end)), int(words(begin))))


@operator("轮次出自无“轮”的引文", "rest a round on a quote without 轮", "round-in-quote")
def round_elsewhere(original: Original) -> Iterator[Mutant]:
    pattern = 'FILTER(!REGEX(?quote, "[轮輪]")) ?piece a du:Evidence ; du:quote ?quote'
    others = [piece for (piece,) in original.rows("?piece", pattern)]
    for (node,) in original.rows("?node", "?node a du:Round ; du:evidence ?any"):
        for other in others:
            yield original.detached(node, {du("evidence")}) | original.plus(node, du("evidence"), other)


@operator("数值多读一位", "read one digit too many", "value-in-quote")
def add_digit(original: Original) -> Iterator[Mutant]:
    flat = re.sub(r"\s", "", original.text)
    for node, text, value in original.rows("?node ?text ?value", f"{_STATED} ?node du:value ?value"):
        digit = next((digit for digit in "7391" if f"{words(text)}{digit}" not in flat), "")
        if digit and re.fullmatch(r"\d+(\.\d+)?", words(text)):
            longer = f"{words(text)}{digit}"
            yield original.changed(node, du("value"), value, like(value, longer)) | original.changed(
                node, du("valueText"), text, like(text, longer)
            )


@operator("数值出自另一句", "rest a value on another sentence", "value-in-quote")
def value_elsewhere(original: Original) -> Iterator[Mutant]:
    pieces = original.rows("?piece ?quote", "?piece a du:Evidence ; du:quote ?quote")
    for node, text in original.rows("?node ?text", f"{_STATED} FILTER NOT EXISTS {{ ?any rdf:subject ?node }}"):
        wanted = re.sub(r"\s", "", words(text))
        other = next((piece for piece, quote in pieces if wanted not in re.sub(r"\s", "", words(quote))), None)
        if other is not None:
            yield original.detached(node, {du("evidence")}) | original.plus(node, du("evidence"), other)


@operator("时限之年误读", "misread the year of a deadline", "due-year-in-quote")
def misread_due_year(original: Original) -> Iterator[Mutant]:
    pattern = """?node du:inPlan ?plan ; du:due ?value ; du:basis duc:basis-stated .
      FILTER NOT EXISTS { ?a rdf:subject ?node ; rdf:predicate du:due ; du:basis ?basis . FILTER(?basis != duc:basis-stated) }
      FILTER NOT EXISTS { { ?node du:dueText ?said } UNION { ?node du:evidence/du:quote ?said }
        UNION { ?a rdf:subject ?node ; rdf:predicate du:due ; du:evidence/du:quote ?said } FILTER(REGEX(?said, "二[〇○零]")) }"""

    def other(value: Term) -> Term:
        due = words(value)
        years = (str(int(due[:4]) + later) for later in range(1, 30))
        return like(value, next(year for year in years if year not in original.text) + due[4:])

    yield from edits(original, pattern, du("due"), other)


@operator("一项读成两项", "read one element twice", "same-quote")
def read_twice(original: Original) -> Iterator[Mutant]:
    for (node,) in original.rows("?node", "?node du:inPlan ?plan ; du:evidence ?piece"):
        yield original.copied(node, {})
