"""Operators that lose, add or renumber what a plan lists (数量)."""

from collections.abc import Iterator

import pyoxigraph as ox

from pipeline.mutation.operator import operator
from pipeline.mutation.original import Mutant, Original, du, edits, like, words

_FULL = "?document du:describes ?plan ; du:completeness duc:completeness-full ."
_COUNTED = """?plan du:statedCount ?count . ?count du:countOf {kind} ; du:value ?stated .
  FILTER NOT EXISTS {{ ?plan du:statedCount ?second . ?second du:countOf {kind} . FILTER(?second != ?count) }}"""
_LISTED = "?node a {kind} ; du:inPlan ?plan . FILTER NOT EXISTS {{ ?issue du:goal ?node }}"
_ORDINAL = """?node du:inPlan ?plan ; a ?kind ; du:number ?value . FILTER(?kind IN
    (du:Principle, du:Goal, du:MeasureCategory, du:Safeguard, du:IssueCategory, du:Issue, du:Measure))
  OPTIONAL { ?node du:ofIssue|du:ofCategory ?owner } BIND(COALESCE(?owner, ?plan) AS ?list)
  OPTIONAL { ?issue du:goal ?node } FILTER(!BOUND(?issue))
  FILTER NOT EXISTS { ?same a ?kind ; du:number ?value ; (du:inPlan|du:ofIssue|du:ofCategory) ?list . FILTER(?same != ?node) }"""
_NEXT = "?next a ?kind ; du:number ?after ; (du:inPlan|du:ofIssue|du:ofCategory) ?list . FILTER(xsd:integer(?after) {} xsd:integer(?value){})"


def _lost(original: Original, kind: str) -> Iterator[Mutant]:
    """One of as many elements as a whole text states, read by nobody."""
    counted = original.rows("?stated", f"{_FULL} {_COUNTED.format(kind=kind)}")
    listed = original.rows("?node", f"{_FULL} {_LISTED.format(kind=kind)}")
    if len(listed) > 1 and [words(stated) for (stated,) in counted] == [str(len(listed))]:
        for (node,) in listed:
            yield original.without(node)


@operator("漏掉一条原则", "lose a principle that is counted", "parts-as-stated")
def lose_principle(original: Original) -> Iterator[Mutant]:
    yield from _lost(original, "du:Principle")


@operator("漏掉一个目标", "lose a goal that is counted", "parts-as-stated")
def lose_goal(original: Original) -> Iterator[Mutant]:
    yield from _lost(original, "du:Goal")


@operator("漏掉一项保障措施", "lose a safeguard that is counted", "parts-as-stated")
def lose_safeguard(original: Original) -> Iterator[Mutant]:
    yield from _lost(original, "du:Safeguard")


@operator("漏掉一类措施", "lose a measure category that is counted", "parts-as-stated")
def lose_measure_category(original: Original) -> Iterator[Mutant]:
    yield from _lost(original, "du:MeasureCategory")


@operator("漏掉一个问题", "lose an issue that is counted", "issues-as-stated")
def lose_issue(original: Original) -> Iterator[Mutant]:
    yield from _lost(original, "du:Issue")


@operator("漏掉一条措施", "lose a measure that is counted", "issues-as-stated")
def lose_measure(original: Original) -> Iterator[Mutant]:
    yield from _lost(original, "du:Measure")


@operator("写明的项数多一", "count one part more than is listed", "parts-as-stated")
def overcount_parts(original: Original) -> Iterator[Mutant]:
    for kind in ("du:Goal", "du:Safeguard", "du:MeasureCategory", "du:Principle"):
        pattern = f"{_FULL} {_COUNTED.format(kind=kind)} {_LISTED.format(kind=kind)}"
        for count, stated in original.rows("?count ?stated", pattern):
            more = int(words(stated)) + 1
            if more != len(original.rows("?node", f"{_FULL} {_LISTED.format(kind=kind)}")):
                yield original.changed(count, du("value"), stated, like(stated, more))


@operator("序号跳过一个", "skip an ordinal", "ordinals-run")
def skip_ordinal(original: Original) -> Iterator[Mutant]:
    pattern = f"{_FULL} {_ORDINAL} FILTER NOT EXISTS {{ {_NEXT.format('>', '')} }}"
    yield from edits(original, pattern, du("number"), lambda value: like(value, int(words(value)) + 1))


@operator("序号重复一个", "repeat an ordinal", "ordinals-run")
def repeat_ordinal(original: Original) -> Iterator[Mutant]:
    pattern = f"{_FULL} {_ORDINAL} {_NEXT.format('=', ' + 1')} FILTER(xsd:integer(?value) > 1)"
    yield from edits(original, pattern, du("number"), lambda value: like(value, int(words(value)) - 1))


@operator("序号不是数字", "an ordinal that is no number", "element-number")
def ordinal_no_number(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:inPlan ?plan ; du:number ?value", du("number"), lambda _: ox.Literal("三"))


@operator("写明的数量没有数值", "drop the value of a stated count", "count-value")
def drop_count_value(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node a du:StatedCount ; du:value ?value", du("value"), lambda _: None)


@operator("写明的数量不知所数", "drop what a stated count counts", "count-of")
def drop_count_of(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node a du:StatedCount ; du:countOf ?value", du("countOf"), lambda _: None)
