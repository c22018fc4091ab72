"""Operators that take a fact its evidence, assertion, basis or reason (出处)."""

from collections.abc import Iterator

import pyoxigraph as ox

from pipeline.mutation.operator import operator
from pipeline.mutation.original import LABEL, OBJECT, Mutant, Original, du, duc, edits, words
from pipeline.vocabulary import DU

_ASSERTED = "?node rdf:subject ?about ; rdf:predicate ?path ; rdf:object ?fact . ?about a ?class . FILTER(?class = {}) "
_DEADLINES = "du:due, du:deadlineKind, du:leadOrganization, du:responsibleOrganization, du:cooperatingOrganization"


def _without_assertion(original: Original, kind: str, paths: str) -> Iterator[Mutant]:
    for (node,) in original.rows("?node", f"{_ASSERTED.format(kind)} FILTER(?path IN ({paths}))"):
        yield original.without(node)


@operator("要素失去全部证据", "drop all evidence of an element", "evidence-present")
def drop_evidence(original: Original) -> Iterator[Mutant]:
    for (node,) in original.rows("?node", "?node du:inPlan ?plan ; du:evidence ?any"):
        yield original.detached(node, {du("evidence")})


@operator("断言失去证据", "drop the evidence of an assertion", "evidence-present")
def drop_assertion_evidence(original: Original) -> Iterator[Mutant]:
    for (node,) in original.rows("?node", "?node a du:Assertion ; du:evidence ?any"):
        yield original.detached(node, {du("evidence")})


@operator("督察事实失去断言", "drop the assertion of a fact of a visit", "supervision-asserted")
def drop_visit_assertion(original: Original) -> Iterator[Mutant]:
    yield from _without_assertion(
        original, "du:Supervision", "du:startDate, du:endDate, du:inRound, du:region, du:level"
    )


@operator("文件事实失去断言", "drop the assertion of a fact of a document", "document-asserted")
def drop_document_assertion(original: Original) -> Iterator[Mutant]:
    yield from _without_assertion(
        original, "du:Document", "dcterms:title, dcterms:issued, du:completeness, du:describes"
    )


@operator("方案事实失去断言", "drop the assertion of a fact of a plan", "plan-asserted")
def drop_plan_assertion(original: Original) -> Iterator[Mutant]:
    yield from _without_assertion(original, "du:Plan", "dcterms:title, du:region, du:respondsTo, du:statedCount")


@operator("时限或责任失去断言", "drop the assertion of a deadline or role", "deadline-and-roles-asserted")
def drop_role_assertion(original: Original) -> Iterator[Mutant]:
    for kind in ("du:Issue", "du:Measure"):
        yield from _without_assertion(original, kind, _DEADLINES)


@operator("断言一个没有的三元组", "assert a triple that is not there", "assertion-holds")
def assert_falsely(original: Original) -> Iterator[Mutant]:
    for node, value in original.rows("?node ?value", "?node a du:Assertion ; rdf:object ?value"):
        yield original.bare(node, OBJECT, value, ox.Literal("不在数据中"))


@operator("断言没有宾语", "drop the object of an assertion", "assertion-object")
def drop_assertion_object(original: Original) -> Iterator[Mutant]:
    for node, value in original.rows("?node ?value", "?node a du:Assertion ; rdf:object ?value"):
        yield original.bare(node, OBJECT, value, None)


@operator("节点既无类又无证据", "add a node without class and evidence", "subject-covered")
def stray_node(original: Original) -> Iterator[Mutant]:
    for (plan,) in original.rows("?plan", "?plan a du:Plan"):
        yield original.plus(ox.NamedNode(f"{words(plan)}/stray"), LABEL, ox.Literal("无主", language="zh"))


@operator("证据出自未知文件", "let evidence lie in an unknown document", "evidence-document")
def foreign_document(original: Original) -> Iterator[Mutant]:
    foreign = ox.NamedNode(words(original.document)[:-16] + "0" * 16)
    yield from edits(original, "?node a du:Evidence ; du:document ?value", du("document"), lambda _: foreign)


@operator("推断而无理由", "call a stated element inferred, without a reason", "reason-given")
def drop_reason(original: Original) -> Iterator[Mutant]:
    pattern = "?node du:inPlan ?plan ; du:basis ?value . FILTER(?value = duc:basis-stated)"
    yield from edits(original, pattern, du("basis"), lambda _: duc("basis-inferred"))


@operator("推断的理由缺英文", "drop the English reason of an inference", "reason-given")
def drop_english_reason(original: Original) -> Iterator[Mutant]:
    pattern = '?node du:basis ?basis ; du:reason ?value . FILTER(LANG(?value) = "en" && ?basis != duc:basis-stated)'
    for node, value in original.rows("?node ?value", pattern):
        yield original.bare(node, du("reason"), value, None)


@operator("要素没有依据", "drop the basis of an element", "element-basis")
def drop_basis(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:inPlan ?plan ; du:basis ?value", du("basis"), lambda _: None)


@operator("依据不在概念表中", "a basis of no concept scheme", "assertion-basis")
def unknown_basis(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node a du:Assertion ; du:basis ?value", du("basis"), lambda _: duc("basis-guessed"))


@operator("要素没有提取规则", "drop the rule that read an element", "element-rule")
def drop_rule(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:inPlan ?plan ; du:rule ?value", du("rule"), lambda _: None)


@operator("缺失没有类型", "drop the kind of a gap", "gap-kind")
def drop_gap_kind(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node a du:Gap ; du:gapKind ?value", du("gapKind"), lambda _: None)


@operator("一处缺失有两种复原", "restore one gap in two ways", "gap-restoration")
def restore_twice(original: Original) -> Iterator[Mutant]:
    for (node,) in original.rows("?node", "?node a du:Gap ; du:restoration ?one"):
        yield original.plus(node, du("restoration"), ox.Literal("另一种复原"))


@operator("更正没有决定人", "drop the curator of a correction", "correction-by")
def drop_curator(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node a du:Correction ; du:decidedBy ?value", du("decidedBy"), lambda _: None)


@operator("更正没有证据", "drop the evidence of an applied correction", "correction-evidence")
def drop_correction_evidence(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node a du:Correction ; du:evidence ?value", du("evidence"), lambda _: None)


@operator("更正的事实不连更正", "let a corrected fact name no correction", "corrected-by-curator")
def drop_correction(original: Original) -> Iterator[Mutant]:
    pattern = "?node du:basis duc:basis-corrected ; du:correction ?value"
    yield from edits(original, pattern, ox.NamedNode(f"{DU}correction"), lambda _: None)
