"""Operators that let a fact say something else than its words, or something that nothing known agrees with (原文、合理)."""

from collections.abc import Iterator
from decimal import Decimal

import pyoxigraph as ox

from pipeline.mutation.operator import Layer, operator
from pipeline.mutation.original import LABEL, Mutant, Original, du, duc, edits, like, words

_ROUND = "?node a du:Round ; du:roundNumber ?value"


@operator("数值与原文不等", "a value other than its words", "value-as-written")
def change_value(original: Original) -> Iterator[Mutant]:
    pattern = """?node du:inPlan ?plan ; du:value ?value ; du:valueText ?text . FILTER(REGEX(?text, "^[0-9]+([.][0-9]+)?$"))
      FILTER NOT EXISTS { ?any rdf:subject ?node ; rdf:predicate du:value }"""
    yield from edits(original, pattern, du("value"), lambda value: like(value, Decimal(words(value)) + 7))


@operator("轮次号与引文不符", "a round of another number than its quote", "round-number-in-quote")
def change_round(original: Original) -> Iterator[Mutant]:
    yield from edits(original, _ROUND, du("roundNumber"), lambda value: like(value, int(words(value)) % 4 + 1))


@operator("轮次号大得离谱", "a ninth round", "round-plausible")
def ninth_round(original: Original) -> Iterator[Mutant]:
    yield from edits(original, _ROUND, du("roundNumber"), lambda value: like(value, 9))


@operator("时限与原文不符", "words of another year than the deadline", "due-text-agrees")
def change_due_text(original: Original) -> Iterator[Mutant]:
    pattern = """?node du:inPlan ?plan ; du:due ?due ; du:dueText ?value ; du:basis duc:basis-stated .
      FILTER(REGEX(?value, "20[0-9][0-9]年")) FILTER NOT EXISTS { ?any rdf:subject ?node ; rdf:predicate du:due ; du:basis ?basis .
        FILTER(?basis != duc:basis-stated) }"""
    yield from edits(original, pattern, du("dueText"), lambda value: like(value, "2041年底前"))


@operator("督察长达九十天", "a visit of ninety days", "stated-days-plausible")
def ninety_days(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:statedDays ?value", du("statedDays"), lambda value: like(value, 90))


@operator("三年之后才反馈", "feedback three years later", "feedback-soon")
def late_feedback(original: Original) -> Iterator[Mutant]:
    pattern = "?node du:feedbackDate ?value ; du:endDate ?end"
    yield from edits(
        original,
        pattern,
        du("feedbackDate"),
        lambda value: like(value, f"{int(words(value)[:4]) + 3}{words(value)[4:]}"),
    )


@operator("轮次与督察不同级", "a round of another level than its visit", "round-fits-visit")
def change_round_level(original: Original) -> Iterator[Mutant]:
    swap = {True: duc("level-provincial"), False: duc("level-central")}
    pattern = "?node a du:Round ; du:level ?value . ?visit du:inRound ?node ; du:level ?value"
    yield from edits(original, pattern, du("level"), lambda value: swap[words(value).endswith("central")])


@operator("组号与名称不符", "another number than the name of the team", "team-number-as-labelled")
def change_team_number(original: Original) -> Iterator[Mutant]:
    pattern = "?node du:teamNumber ?value"
    yield from edits(original, pattern, du("teamNumber"), lambda value: like(value, int(words(value)) % 9 + 1))


@operator("一个机构两个节点", "two nodes for one body", "organization-once")
def double_organization(original: Original) -> Iterator[Mutant]:
    for (node,) in original.rows("?node", "?node a du:Organization ; du:region ?region ; rdfs:label ?name"):
        yield original.copied(node, {})


@operator("牵头单位又配合", "let the lead also cooperate", "lead-not-cooperating")
def cooperating_lead(original: Original) -> Iterator[Mutant]:
    for node, lead in original.rows("?node ?lead", "?node a du:Issue ; du:leadOrganization ?lead"):
        yield original.plus(node, du("cooperatingOrganization"), lead)


@operator("问题没有对策", "an issue without an answer", "issue-with-answer")
def unanswered_issue(original: Original) -> Iterator[Mutant]:
    pattern = "?node a du:Issue ; du:measure|du:goal|du:due ?any . FILTER NOT EXISTS { ?node du:status ?status }"
    for (node,) in original.rows("?node", pattern):
        yield original.detached(node, {du("measure"), du("goal"), du("due"), du("ofIssue"), du("deadlineKind")})


@operator("一个问题列两次", "list one issue twice", "issues-distinct")
def double_issue(original: Original) -> Iterator[Mutant]:
    for node, number in original.rows("?node ?number", "?node a du:Issue ; du:number ?number"):
        yield original.copied(node, {du("number"): like(number, int(words(number)) + 50)})


@operator("目标方向相反", "a target in the direction that is worse", "target-direction")
def worsen_target(original: Original) -> Iterator[Mutant]:
    pattern = """?node a du:Target ; du:indicator ?indicator ; du:value ?number ; du:comparator ?value .
      ?indicator du:improves ?way . FILTER(?value IN (duc:comparator-at-most, duc:comparator-at-least))"""
    swap = {True: duc("comparator-at-least"), False: duc("comparator-at-most")}
    yield from edits(original, pattern, du("comparator"), lambda value: swap[words(value).endswith("most")])


@operator("地区没有英文名称", "drop the English name of a region", "region-labels", layer=Layer.REGIONS)
def drop_english_region(original: Original) -> Iterator[Mutant]:
    pattern = '?node a du:City ; rdfs:label ?value . FILTER(LANG(?value) = "en")'
    yield from edits(original, pattern, LABEL, lambda _: None)


@operator("缺失之处看不出缺失", "a gap whose quote shows no damage", "gap-shows-damage")
def gap_elsewhere(original: Original) -> Iterator[Mutant]:
    whole = (
        '?piece a du:Evidence ; du:quote ?quote . FILTER(REGEX(?quote, "^[一-龥，。]+$") && !REGEX(?quote, "[略某]"))'
    )
    plain = original.rows("?piece", whole)
    for (node,) in original.rows("?node", "?node a du:Gap ; du:gapKind ?kind . FILTER(?kind != duc:gap-lost)"):
        for (piece,) in plain[:1]:
            yield original.detached(node, {du("evidence")}) | original.plus(node, du("evidence"), piece)


@operator("措施连到别的方案", "let a measure be of another plan", "links-within-plan")
def move_measure(original: Original) -> Iterator[Mutant]:
    for node, plan in original.rows("?node ?plan", "?issue du:measure ?node . ?node du:inPlan ?plan"):
        yield original.changed(node, du("inPlan"), plan, ox.NamedNode(f"{words(plan)}0"))


@operator("另一文件为一次督察另立方案", "a second plan for one visit", "one-plan-per-visit", layer=Layer.TWIN)
def second_plan(original: Original) -> Iterator[Mutant]:
    for (node,) in original.rows("?node", "?node a du:Plan ; du:respondsTo ?visit ; du:region ?region"):
        yield original.renamed(original.parts(node, f"{words(node)[:-1]}0"))
