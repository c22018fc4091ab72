"""Operators on a twin, a second document about the same plan: what it says contradicts the first (跨文件)."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pyoxigraph as ox

from pipeline.mutation.operator import Layer, operator
from pipeline.mutation.operators.places import elsewhere
from pipeline.mutation.original import Mutant, Original, du, duc, edits, like, words
from pipeline.validation.findings import Term

_ASSERTED = (
    "?assertion rdf:subject ?node ; rdf:predicate {path} ; rdf:object ?value ; du:evidence ?by . ?node {path} ?value ."
)
_ISSUE = "?node a du:Issue ; du:inPlan ?plan ; du:number ?number ; du:evidence ?piece . ?piece du:quote ?quote ."
_SAID = 'FILTER(STRLEN(REPLACE(?quote, "[^一-龥]", "")) >= 6)'


def _other_day(lexical: str) -> str:
    """Another day of the same month."""
    return lexical[:8] + ("09" if lexical[8:] != "09" else "08")


@operator(
    "另一文件的进驻、结束或反馈日期不同",
    "another day of the visit in a second document",
    "visit-dates-agree",
    layer=Layer.TWIN,
)
def other_visit_day(original: Original) -> Iterator[Mutant]:
    for name in ("startDate", "endDate", "feedbackDate"):
        pattern = f"{_ASSERTED.format(path=f'du:{name}')} FILTER(STRLEN(STR(?value)) = 10)"
        yield from edits(original, pattern, du(name), lambda value: like(value, _other_day(words(value))))


@operator("另一文件的轮次不同", "another round in a second document", "visit-round-agrees", layer=Layer.TWIN)
def other_round(original: Original) -> Iterator[Mutant]:
    pattern = f"{_ASSERTED.format(path='du:inRound')} ?value du:roundNumber ?which"
    for node, value, which in original.rows("?node ?value ?which", pattern):
        number = int(words(which)) + 1
        other = ox.NamedNode(re.sub(r"-\d+$", f"-{number}", words(value)))
        renamed = original.renamed({value: other})
        added = set(renamed.added) - {ox.Triple(other, du("roundNumber"), which)}
        added.add(ox.Triple(other, du("roundNumber"), like(which, number)))
        yield Mutant(words(node), renamed.removed, frozenset(added))


@operator("另一文件的批次不同", "another batch in a second document", "visit-round-agrees", layer=Layer.TWIN)
def other_batch(original: Original) -> Iterator[Mutant]:
    pattern = _ASSERTED.format(path="du:batch")
    yield from edits(original, pattern, du("batch"), lambda value: like(value, int(words(value)) + 1))


@operator("另一文件的督察层级不同", "another level in a second document", "visit-level-agrees", layer=Layer.TWIN)
def other_level(original: Original) -> Iterator[Mutant]:
    pattern = f"{_ASSERTED.format(path='du:level')} ?node a du:Supervision"
    swap = {True: duc("level-provincial"), False: duc("level-central")}
    yield from edits(original, pattern, du("level"), lambda value: swap[words(value).endswith("central")])


@operator(
    "另一文件的督察在别的月份",
    "another month of the visit in a second document",
    "one-visit-per-round",
    layer=Layer.TWIN,
)
def other_month(original: Original) -> Iterator[Mutant]:
    pattern = f"""{_ASSERTED.format(path="du:startDate")} ?node du:inRound ?round . ?plan du:respondsTo ?node ; du:region ?region .
      FILTER(STRLEN(STR(?value)) = 10)"""
    for node, value, plan in original.rows("?node ?value ?plan", pattern):
        year, month = int(words(value)[:4]), int(words(value)[5:7])
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        terms: dict[Term, Term] = {}
        for old in (node, plan):
            terms |= original.parts(old, re.sub(r"-\d{6}(?=-|$)", f"-{year}{month:02}", words(old)))
        if terms[node] != node:
            yield original.renamed(terms | {value: like(value, f"{year}-{month:02}-01")})


@operator("另一文件的问题数不同", "another stated number in a second document", "counts-agree", layer=Layer.TWIN)
def other_count(original: Original) -> Iterator[Mutant]:
    pattern = """?plan du:statedCount ?node . ?node du:countOf ?kind ; du:value ?value .
      FILTER NOT EXISTS { ?plan du:statedCount ?second . ?second du:countOf ?kind . FILTER(?second != ?node) }"""
    for node, value in original.rows("?node ?value", pattern):
        other = int(words(value)) + 1
        name = ox.NamedNode(re.sub(r"-\d+$", f"-{other}", words(node)))
        renamed = original.renamed({node: name})
        number = original.changed(node, du("value"), value, like(value, other))
        kept = renamed.added - {ox.Triple(name, du("value"), value)}
        yield Mutant(
            renamed.place, renamed.removed, kept | {ox.Triple(name, t.predicate, t.object) for t in number.added}
        )


@operator("另一文件同一序号下是别的问题", "another issue under a number", "same-number-same-issue", layer=Layer.TWIN)
def other_issue(original: Original) -> Iterator[Mutant]:
    for piece, quote in original.rows("?piece ?quote", f"{_ISSUE} {_SAID}"):
        signs = "".join(re.findall("[一-龥]", words(quote)))
        if signs[:6] not in signs[::-1]:
            yield original.changed(piece, du("quote"), quote, like(quote, words(quote)[::-1]))


@operator("另一文件的问题时限不同", "another deadline of an issue", "issues-agree", layer=Layer.TWIN)
def other_issue_due(original: Original) -> Iterator[Mutant]:
    pattern = f"{_ISSUE} {_SAID} {_ASSERTED.format(path='du:due')}"
    yield from edits(original, pattern, du("due"), lambda value: like(value, f"{int(words(value)[:4]) + 1}-12-31"))


@operator("另一文件的牵头单位不同", "another lead organisation of an issue", "issues-agree", layer=Layer.TWIN)
def other_lead(original: Original) -> Iterator[Mutant]:
    pattern = f"""{_ISSUE} {_SAID} {_ASSERTED.format(path="du:leadOrganization")}
      FILTER NOT EXISTS {{ ?node du:leadOrganization ?second . FILTER(?second != ?value) }}
      ?other a du:Organization ; rdfs:label ?theirs . ?value rdfs:label ?ours .
      FILTER(?other != ?value && ?theirs != ?ours && NOT EXISTS {{ ?other du:succeededBy ?a }} && NOT EXISTS {{ ?value du:succeededBy ?b }})"""
    seen = set()
    for node, value, other in original.rows("?node ?value ?other", pattern):
        if node not in seen:
            seen.add(node)
            yield original.changed(node, du("leadOrganization"), value, other)


@operator("后一文件的进展倒退", "less progress in a later document", "status-never-falls", layer=Layer.TWIN)
def less_progress(original: Original) -> Iterator[Mutant]:
    pattern = f"""{_ISSUE} {_SAID} {_ASSERTED.format(path="du:status")} ?document dcterms:issued ?issued .
      FILTER(?value IN (duc:status-completed, duc:status-in-progress))"""
    yield from edits(original, pattern, du("status"), lambda _: duc("status-not-started"))


@operator("另一文件的目标值不同", "another value of a target", "targets-agree", layer=Layer.TWIN)
def other_target(original: Original) -> Iterator[Mutant]:
    pattern = """?node a du:Target ; du:inPlan ?plan ; du:indicator ?indicator ; du:comparator ?comparator ; du:due ?due ;
        du:value ?value .
      FILTER NOT EXISTS { ?twin du:inPlan ?plan ; du:indicator ?indicator ; du:due ?due . FILTER(?twin != ?node) }"""
    for node, value in original.rows("?node ?value", pattern):
        name = ox.NamedNode(f"{words(node)}0")
        renamed = original.renamed({node: name})
        other = ox.Triple(name, du("value"), like(value, Decimal(words(value)) + 1))
        yield Mutant(renamed.place, renamed.removed, renamed.added - {ox.Triple(name, du("value"), value)} | {other})


@operator("副本说的是别的地区", "let a copy tell of another region", "copy-tells-same-region", layer=Layer.COPY)
def other_region(original: Original) -> Iterator[Mutant]:
    for node, value in original.rows("?node ?value", _ASSERTED.format(path="du:region") + " ?node a du:Plan"):
        code = words(value).rpartition("/")[2]
        there = elsewhere(value)
        name = words(node).replace(f"/{code}-", f"/{words(there).rpartition('/')[2]}-")
        yield original.renamed({**original.parts(node, name), value: there})
