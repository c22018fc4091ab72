"""A plan and its elements as RDF: counts, lists, issues, measures, quantities, duties, organisations."""

from dataclasses import replace
from decimal import Decimal

from pyoxigraph import Literal

from pipeline.body_names import full_labels, successor
from pipeline.graph.sheet import DCTERMS, LABEL, TYPE, Leaf, Node, Sheet, digest, du, duc, moment, typed, zh
from pipeline.model import (
    Basis,
    Count,
    Due,
    Duty,
    Element,
    Issue,
    Measure,
    Party,
    Plan,
    Quantity,
    Reason,
    Source,
    Stated,
)
from pipeline.region import load_regions
from pipeline.units import unit_iri
from pipeline.vocabulary import PREFIXES


def write_plan(sheet: Sheet, plan: Plan) -> None:
    sheet.add(sheet.plan, TYPE, du("Plan"))
    sheet.evidenced(sheet.plan, plan.source)
    sheet.assertion(sheet.node, du("describes"), sheet.plan, plan.source)
    if plan.title:
        sheet.add(sheet.plan, LABEL, zh(plan.title.value))
        sheet.assertion(sheet.plan, Node(DCTERMS + "title"), Literal(plan.title.value), plan.title.source)
    if sheet.facts.region:
        place = sheet.facts.region
        region = Node(f"{sheet.base}region/{place.value}")
        sheet.assertion(sheet.plan, du("region"), region, place.source, place.as_written)
    for count in plan.counts:
        write_count(sheet, count)
    for element in plan.elements:
        write_element(sheet, element)
    write_successors(sheet, plan)


def write_count(sheet: Sheet, count: Count) -> None:
    node = Node(f"{sheet.plan.value}/count/{count.of}-{count.value}")
    sheet.assertion(sheet.plan, du("statedCount"), node, count.source)
    sheet.add(node, TYPE, du("StatedCount"))
    sheet.add(node, du("countOf"), du(count.of))
    sheet.add(node, du("value"), typed(count.value, "integer"))
    sheet.add(node, du("valueText"), Literal(count.value_text))
    if count.unit_text:
        sheet.add(node, du("unitText"), Literal(count.unit_text))
    sheet.rests_on(node, count.source)


def element_node(sheet: Sheet, path: str) -> Node:
    return Node(f"{sheet.plan.value}/{path}") if path else sheet.plan


def write_element(sheet: Sheet, element: Element) -> Node:
    node = element_node(sheet, element.path)
    sheet.add(node, TYPE, du(element.kind))
    sheet.add(node, du("inPlan"), sheet.plan)
    sheet.add(node, LABEL, zh(element.label))
    sheet.add(node, du("text"), Literal(element.text))
    sheet.rests_on(node, element.source)
    if element.number:
        sheet.add(node, du("number"), Literal(element.number))
    for topic in element.topics:
        sheet.add(node, du("topic"), duc(f"topic-{topic}"))
    if isinstance(element, Issue):
        write_issue(sheet, node, element)
    elif isinstance(element, Measure):
        write_measure(sheet, node, element)
    elif isinstance(element, Quantity):
        write_quantity(sheet, node, element)
    elif isinstance(element, Duty):
        write_duty(sheet, node, element)
    return node


def write_issue(sheet: Sheet, node: Node, issue: Issue) -> None:
    if issue.category:
        sheet.add(node, du("category"), element_node(sheet, issue.category))
    if issue.goal:
        sheet.add(node, du("goal"), write_element(sheet, issue.goal))
    for measure in issue.measures:
        sheet.add(node, du("measure"), write_element(sheet, measure))
    write_due(sheet, node, issue.due)
    for predicate, fact in (("deadlineKind", issue.deadline_kind), ("status", issue.status)):
        if fact:
            sheet.assertion(node, du(predicate), duc(fact.value), fact.source)
    for role, party in issue.parties:
        sheet.assertion(node, du(f"{role}Organization"), organization(sheet, party), party.source, party.as_written)
    for post in issue.posts:
        body = organization(sheet, post.party)
        office = Node(f"{body.value}/post/{digest(post.title)}")
        sheet.add(office, TYPE, du("Post"))
        sheet.add(office, LABEL, zh(f"{post.party.label}{post.title}"))
        sheet.add(office, du("ofOrganization"), body)
        sheet.evidenced(office, post.party.source)
        sheet.assertion(node, du("responsiblePost"), office, post.party.source, post.party.as_written)


def write_measure(sheet: Sheet, node: Node, measure: Measure) -> None:
    owner = "ofIssue" if measure.owner.startswith("issue/") else "ofCategory"
    sheet.add(node, du(owner), element_node(sheet, measure.owner))
    write_due(sheet, node, measure.due)


def write_due(sheet: Sheet, node: Node, due: Stated[Due] | None) -> None:
    if due is None:
        return
    sheet.assertion(node, du("due"), typed(due.value.last_day.isoformat(), "date"), due.source, due.value.text)
    sheet.add(node, du("duePrecision"), duc(f"precision-{due.value.precision}"))
    sheet.add(node, du("dueText"), Literal(due.value.text))


def write_quantity(sheet: Sheet, node: Node, quantity: Quantity) -> None:
    for name, value in (
        ("indicatorText", quantity.indicator_text),
        ("subject", quantity.subject),
        ("valueText", quantity.value_text),
        ("unitText", quantity.unit_text),
        ("frequencyText", quantity.frequency_text),
    ):
        if value:
            sheet.add(node, du(name), Literal(value))
    for name, concept in (
        ("indicator", quantity.indicator),
        ("comparator", quantity.comparator),
        ("aggregation", quantity.aggregation),
    ):
        if concept:
            sheet.add(node, du(name), duc(concept))
    if quantity.value is not None:
        sheet.add(node, du("value"), typed(Decimal(quantity.value), "decimal"))
    if quantity.value is not None and (unit := unit_iri(quantity.unit_text)):
        sheet.add(node, du("unit"), Node(unit))
    if quantity.frequency:
        sheet.add(node, du("frequency"), typed(quantity.frequency, "duration"))
    if quantity.as_of:
        sheet.assertion(node, du("asOf"), moment(quantity.as_of.value), quantity.as_of.source)
    write_due(sheet, node, quantity.due)
    sheet.add(node, du("belongsTo"), element_node(sheet, quantity.belongs_to))


def write_duty(sheet: Sheet, node: Node, duty: Duty) -> None:
    if duty.actor:
        sheet.add(node, du("actor"), Literal(duty.actor))
    sheet.add(node, du("frequency"), typed(duty.frequency, "duration"))
    sheet.add(node, du("frequencyText"), Literal(duty.frequency_text))


def organization(sheet: Leaf, party: Party) -> Node:
    place = load_regions().get(party.region) if party.region else None
    node = _organization_node(sheet, party.label, party.region)
    sheet.add(node, TYPE, du("Organization"))
    for holds, name in (
        (party.party_body, "PartyBody"),
        (party.government_body, "GovernmentBody"),
        (party.group, "OrganizationGroup"),
    ):
        if holds:
            sheet.add(node, TYPE, du(name))
    sheet.add(node, LABEL, zh(party.label))
    if place:
        sheet.add(node, du("region"), Node(f"{sheet.base}region/{place.adcode}"))
        for name in () if party.group else full_labels(party.label, place):
            sheet.add(node, Node(PREFIXES["skos"] + "altLabel"), zh(name))
    sheet.evidenced(node, party.source)
    return node


def _organization_node(sheet: Leaf, label: str, region: str | None) -> Node:
    key = digest(label) if region else digest(sheet.document.id, label)
    return Node(f"{sheet.base}organization/{region or 'x'}-{key}")


def write_successors(sheet: Sheet, plan: Plan) -> None:
    """市环境保护局 → 市生态环境局: the body that took over in the reform, beside the one that the text names."""
    issues = [element for element in plan.elements if isinstance(element, Issue)]
    parties = [party for issue in issues for _, party in issue.parties]
    parties += [post.party for issue in issues for post in issue.posts]
    known = frozenset(party.label for party in parties)
    for party in parties:
        place = load_regions().get(party.region) if party.region and not party.group else None
        after = successor(party.label, place, known) if place else None
        if place is None or after is None:
            continue
        zh_text = f"{after.year}年机构改革后,{after.before}的职责由{after.label}承担"
        en_text = f"in the reform of {after.year} {after.label} took over from {after.before}"
        source = Source(party.source.spans, "organization.successor", Basis.INFERRED, Reason(zh_text, en_text))
        new = organization(sheet, replace(party, label=after.label, source=source))
        sheet.assertion(_organization_node(sheet, party.label, party.region), du("succeededBy"), new, source)
