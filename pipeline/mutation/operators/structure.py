"""Operators that take nodes their type's properties, their links or their names (结构、文字)."""

from collections.abc import Iterator

import pyoxigraph as ox

from pipeline.mutation.operator import operator
from pipeline.mutation.original import LABEL, Mutant, Original, du, duc, edits, like, words
from pipeline.validation.findings import Term
from pipeline.vocabulary import DU

_LABELLED = (
    "?node rdfs:label ?value . { ?node du:inPlan ?plan } UNION { ?node a du:Organization } UNION { ?node a du:Post }"
)
_WRITTEN = ("dueText", "indicatorText", "unitText", "valueText", "frequencyText", "subject", "actor")
_NAMED = "?node a ?kind ; du:evidence ?piece . FILTER(?kind IN (du:Issue, du:Measure, du:Target, du:Organization, du:Goal, du:Plan))"


def _dangling(original: Original, path: str) -> Iterator[Mutant]:
    """A link to a node of which nothing is said."""
    for node, value in original.rows("?node ?value", f"?node {path} ?value"):
        yield original.changed(node, du(path.removeprefix("du:")), value, ox.NamedNode(f"{words(value)}0"))


@operator("要素不属于任何方案", "let an element be in no plan", "element-plan")
def drop_plan(original: Original) -> Iterator[Mutant]:
    for node, value in original.rows("?node ?value", "?node du:inPlan ?value"):
        yield original.bare(node, du("inPlan"), value, None)


@operator("要素没有标签", "drop the label of an element", "element-label")
def drop_label(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:inPlan ?plan ; rdfs:label ?value", LABEL, lambda _: None)


@operator("要素有两个中文标签", "two Chinese labels for one element", "element-label")
def two_labels(original: Original) -> Iterator[Mutant]:
    for (node,) in original.rows("?node", "?node du:inPlan ?plan ; rdfs:label ?value"):
        yield original.plus(node, LABEL, ox.Literal("另一标签", language="zh"))


@operator("要素没有全文", "drop the text of an element", "element-text")
def drop_text(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:inPlan ?plan ; du:text ?value", du("text"), lambda _: None)


@operator("时限写成文字", "a deadline that is a string", "commitment-due")
def due_as_string(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:inPlan ?p ; du:due ?value", du("due"), lambda value: ox.Literal(words(value)))


@operator("数值写成文字", "a value that is a string", "quantity-value")
def value_as_string(original: Original) -> Iterator[Mutant]:
    pattern = "?node du:inPlan ?p ; du:value ?value"
    yield from edits(original, pattern, du("value"), lambda value: ox.Literal(words(value)))


@operator("状态不在概念表中", "a status of no concept scheme", "issue-status")
def unknown_status(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node a du:Issue ; du:status ?value", du("status"), lambda _: duc("status-unheard-of"))


@operator("文件类型不在概念表中", "a kind of document of no concept scheme", "document-kind")
def unknown_kind(original: Original) -> Iterator[Mutant]:
    pattern = "?node du:documentKind ?value"
    yield from edits(original, pattern, du("documentKind"), lambda _: duc("document-unheard-of"))


@operator("文件校验值残缺", "cut the checksum of a document", "document-sha256")
def cut_checksum(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:sha256 ?value", du("sha256"), lambda value: like(value, words(value)[:-1]))


@operator("文本长度少于引文终点", "state a text shorter than its quotes", "quote-inside-text")
def shorten_text(original: Original) -> Iterator[Mutant]:
    pattern = "?node du:textLength ?value . ?piece du:end ?end . FILTER(?end > 1)"
    yield from edits(original, pattern, du("textLength"), lambda value: like(value, 1))


@operator("措施不属于任何问题或类别", "let a measure belong to nothing", "measure-owner")
def orphan_measure(original: Original) -> Iterator[Mutant]:
    for (node,) in original.rows("?node", "?node a du:Measure"):
        yield original.detached(node, {du("ofIssue"), du("ofCategory"), du("measure")})


@operator("问题的目标不存在", "a goal of an issue that is not there", "issue-goal")
def dangling_goal(original: Original) -> Iterator[Mutant]:
    yield from _dangling(original, "du:goal")


@operator("问题的措施不存在", "a measure of an issue that is not there", "issue-measure")
def dangling_measure(original: Original) -> Iterator[Mutant]:
    yield from _dangling(original, "du:measure")


@operator("问题类别不存在", "a category of an issue that is not there", "issue-category")
def dangling_category(original: Original) -> Iterator[Mutant]:
    yield from _dangling(original, "du:category")


@operator("所回应的督察不存在", "a visit that is not there", "plan-responds-to")
def dangling_visit(original: Original) -> Iterator[Mutant]:
    yield from _dangling(original, "du:respondsTo")


@operator("指标值的归属不存在", "an owner of a quantity that is not there", "quantity-belongs-to")
def dangling_owner(original: Original) -> Iterator[Mutant]:
    yield from _dangling(original, "du:belongsTo")


@operator("轮次没有轮次号", "drop the number of a round", "round-number")
def drop_round_number(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:roundNumber ?value", du("roundNumber"), lambda _: None)


@operator("职责没有频次原文", "drop the words of a frequency", "duty-frequency-text")
def drop_frequency_text(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node a du:Duty ; du:frequencyText ?value", du("frequencyText"), lambda _: None)


@operator("报告没有对应方案", "let a report name no plan", "report-with-plan")
def report_without_plan(original: Original) -> Iterator[Mutant]:
    pattern = """?node du:documentKind duc:document-implementation-report ; du:describes ?value .
      FILTER NOT EXISTS { ?node du:describes ?other . FILTER(?other != ?value) }"""
    yield from edits(original, pattern, du("describes"), lambda _: None)


@operator("标签中有“（略）”", "write （略） into a label", "label-placeholder")
def label_left_out(original: Original) -> Iterator[Mutant]:
    yield from edits(original, _LABELLED, LABEL, lambda value: like(value, f"{words(value)}（略）"))


@operator("标签中有“xx”", "write xx into a label", "label-placeholder")
def label_masked(original: Original) -> Iterator[Mutant]:
    yield from edits(original, _LABELLED, LABEL, lambda value: like(value, f"xx{words(value)[2:]}"))


@operator("标签中有“某某”", "write 某某 into a label", "label-placeholder")
def label_anonymous(original: Original) -> Iterator[Mutant]:
    yield from edits(original, _LABELLED, LABEL, lambda value: like(value, f"某某{words(value)[2:]}"))


@operator("原文中有“XX”", "write XX into the words of a value", "value-placeholder")
def value_masked(original: Original) -> Iterator[Mutant]:
    for name in _WRITTEN:
        pattern = f"?node du:{name} ?value . {{ ?node du:inPlan ?plan }} UNION {{ ?plan du:statedCount ?node }}"
        yield from edits(original, pattern, du(name), lambda value: like(value, f"XX{words(value)[2:]}"))


@operator("空白节点代替IRI", "a blank node in place of an IRI", "node-iri")
def blank_node(original: Original) -> Iterator[Mutant]:
    for (node,) in original.rows("?node", _NAMED):
        yield original.renamed({node: ox.BlankNode("nameless")})


@operator("IRI中有汉字", "Chinese signs in an IRI", "node-iri")
def chinese_iri(original: Original) -> Iterator[Mutant]:
    def named(node: Term) -> ox.NamedNode:
        return ox.NamedNode(f"{words(node)}-桂林")

    for (node,) in original.rows("?node", _NAMED):
        yield original.renamed({node: named(node)})


@operator("更正没有理由", "drop the rationale of a correction", "correction-rationale")
def drop_rationale(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:rationale ?value", ox.NamedNode(f"{DU}rationale"), lambda _: None)
