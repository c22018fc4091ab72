"""Facts → RDF: the one module that knows both the fact model and the ontology's terms (docs/graph.md).

Reads a `Document` and its `Facts`. Writes quads of the document's `stated` graph; `shared_quads` gives the graphs every
snapshot has: ontology, concepts, regions.
"""

import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pyoxigraph as ox

from pipeline.assets import asset_path
from pipeline.facts import read_facts
from pipeline.model import (
    Count,
    Document,
    Due,
    Duty,
    Element,
    Facts,
    Gap,
    Issue,
    Measure,
    Moment,
    Party,
    Plan,
    Quantity,
    Reason,
    Source,
    Span,
    Stated,
    Supervision,
)
from pipeline.region import Region, load_regions
from pipeline.units import unit_iri
from pipeline.vocabulary import DU, DUC, PREFIXES, graph_iri

Node = ox.NamedNode
Term = ox.NamedNode | ox.Literal

_TYPE = Node(PREFIXES["rdf"] + "type")
_LABEL = Node(PREFIXES["rdfs"] + "label")
_XSD = PREFIXES["xsd"]
_DCTERMS = PREFIXES["dcterms"]
_GEO = PREFIXES["geo"]


def du(name: str) -> Node:
    return Node(DU + name)


def duc(name: str) -> Node:
    return Node(DUC + name)


def typed(value: object, datatype: str) -> ox.Literal:
    return ox.Literal(str(value), datatype=Node(_XSD + datatype))


def zh(value: str) -> ox.Literal:
    return ox.Literal(value, language="zh")


def moment(value: Moment) -> ox.Literal:
    """xsd:date, or xsd:gYearMonth where the day is not known."""
    return typed(value, "date" if value.day else "gYearMonth")


def digest(*parts: object, length: int = 8) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:length]


def document_quads(document: Document, base: str) -> list[ox.Quad]:
    """The stated graph of one document, sorted."""
    return facts_quads(document, read_facts(document), base)


def facts_quads(document: Document, facts: Facts, base: str) -> list[ox.Quad]:
    """The stated graph of facts already read, sorted."""
    writer = _Writer(document, facts, base)
    writer.write()
    return sorted(writer.quads, key=str)


class _Writer:
    """Collects the quads of one document."""

    def __init__(self, document: Document, facts: Facts, base: str) -> None:
        self.document, self.facts, self.base = document, facts, base
        self.graph = Node(graph_iri(base, "document", document.id, "stated"))
        self.node = Node(f"{base}document/{document.id}")
        self.quads: set[ox.Quad] = set()
        key = _visit_key(document, facts)
        self.supervision = Node(f"{base}supervision/{key}")
        self.plan = Node(f"{base}plan/{key}")

    def add(self, subject: Node, predicate: Node, value: Term) -> None:
        self.quads.add(ox.Quad(subject, predicate, value, self.graph))

    def evidence(self, span: Span) -> Node:
        node = Node(f"{self.node.value}#char={span.begin},{span.end}")
        self.add(node, _TYPE, du("Evidence"))
        self.add(node, du("document"), self.node)
        self.add(node, du("begin"), typed(span.begin, "integer"))
        self.add(node, du("end"), typed(span.end, "integer"))
        self.add(node, du("quote"), ox.Literal(self.document.text[span.begin : span.end]))
        return node

    def reason(self, subject: Node, reason: Reason | None) -> None:
        if reason:
            self.add(subject, du("reason"), zh(reason.zh))
            self.add(subject, du("reason"), ox.Literal(reason.en, language="en"))

    def rests_on(self, subject: Node, source: Source) -> None:
        """Evidence, basis, rule and reason of a node."""
        for span in source.spans:
            self.add(subject, du("evidence"), self.evidence(span))
        self.add(subject, du("basis"), duc(f"basis-{source.basis}"))
        self.add(subject, du("rule"), ox.Literal(source.rule))
        self.reason(subject, source.reason)

    def assertion(self, subject: Node, predicate: Node, value: Term, source: Source, as_written: str = "") -> None:
        """A triple and the assertion that says why it is believed."""
        self.add(subject, predicate, value)
        spans = ",".join(f"{s.begin}-{s.end}" for s in source.spans)
        node = Node(f"{self.node.value}/assertion/{digest(subject, predicate, value, spans, as_written, length=12)}")
        self.add(node, _TYPE, du("Assertion"))
        self.add(node, Node(PREFIXES["rdf"] + "subject"), subject)
        self.add(node, Node(PREFIXES["rdf"] + "predicate"), predicate)
        self.add(node, Node(PREFIXES["rdf"] + "object"), value)
        self.rests_on(node, source)
        if as_written:
            self.add(node, du("asWritten"), ox.Literal(as_written))

    def write(self) -> None:
        self.write_document()
        if self.facts.plan:
            self.write_plan(self.facts.plan)
        if self.facts.supervision:
            self.write_supervision(self.facts.supervision)
        for gap in self.facts.gaps:
            self.write_gap(gap)

    def write_document(self) -> None:
        document, facts = self.document, self.facts
        self.add(self.node, _TYPE, du("Document"))
        self.add(self.node, _LABEL, ox.Literal(facts.title.value if facts.title else document.file_name))
        self.add(self.node, du("fileName"), ox.Literal(document.file_name))
        self.add(self.node, du("sha256"), ox.Literal(document.sha256))
        self.add(self.node, du("textLength"), typed(len(document.text), "integer"))
        self.add(self.node, du("encoding"), ox.Literal(document.encoding))
        self.assertion(self.node, du("documentKind"), duc(facts.kind.value), facts.kind.source)
        self.assertion(self.node, du("completeness"), duc(facts.completeness.value), facts.completeness.source)
        for predicate, fact in (("title", facts.title), ("publisher", facts.publisher), ("source", facts.origin)):
            if fact:
                self.assertion(self.node, Node(_DCTERMS + predicate), ox.Literal(fact.value), fact.source)
        if facts.issued:
            issued = typed(facts.issued.value.isoformat(), "date")
            self.assertion(self.node, Node(_DCTERMS + "issued"), issued, facts.issued.source)

    def write_plan(self, plan: Plan) -> None:
        self.add(self.plan, _TYPE, du("Plan"))
        self.rests_on(self.plan, plan.source)
        self.assertion(self.node, du("describes"), self.plan, plan.source)
        if plan.title:
            self.add(self.plan, _LABEL, zh(plan.title.value))
            self.assertion(self.plan, Node(_DCTERMS + "title"), ox.Literal(plan.title.value), plan.title.source)
        if self.facts.region:
            region = Node(f"{self.base}region/{self.facts.region.value}")
            self.assertion(self.plan, du("region"), region, self.facts.region.source)
        for count in plan.counts:
            self.write_count(count)
        for element in plan.elements:
            self.write_element(element)

    def write_count(self, count: Count) -> None:
        node = Node(f"{self.plan.value}/count/{count.of}-{count.value}")
        self.assertion(self.plan, du("statedCount"), node, count.source)
        self.add(node, _TYPE, du("StatedCount"))
        self.add(node, du("countOf"), du(count.of))
        self.add(node, du("value"), typed(count.value, "integer"))
        self.add(node, du("valueText"), ox.Literal(count.value_text))
        if count.unit_text:
            self.add(node, du("unitText"), ox.Literal(count.unit_text))
        self.rests_on(node, count.source)

    def element_node(self, path: str) -> Node:
        return Node(f"{self.plan.value}/{path}") if path else self.plan

    def write_element(self, element: Element) -> Node:
        node = self.element_node(element.path)
        self.add(node, _TYPE, du(element.kind))
        self.add(node, du("inPlan"), self.plan)
        self.add(node, _LABEL, zh(element.label))
        self.add(node, du("text"), ox.Literal(element.text))
        self.rests_on(node, element.source)
        if element.number:
            self.add(node, du("number"), ox.Literal(element.number))
        for topic in element.topics:
            self.add(node, du("topic"), duc(f"topic-{topic}"))
        if isinstance(element, Issue):
            self.write_issue(node, element)
        elif isinstance(element, Measure):
            self.write_measure(node, element)
        elif isinstance(element, Quantity):
            self.write_quantity(node, element)
        elif isinstance(element, Duty):
            self.write_duty(node, element)
        return node

    def write_issue(self, node: Node, issue: Issue) -> None:
        if issue.category:
            self.add(node, du("category"), self.element_node(issue.category))
        if issue.goal:
            self.add(node, du("goal"), self.write_element(issue.goal))
        for measure in issue.measures:
            self.add(node, du("measure"), self.write_element(measure))
        self.write_due(node, issue.due)
        for predicate, fact in (("deadlineKind", issue.deadline_kind), ("status", issue.status)):
            if fact:
                self.assertion(node, du(predicate), duc(fact.value), fact.source)
        for role, party in issue.parties:
            self.assertion(node, du(f"{role}Organization"), self.organization(party), party.source, party.as_written)
        for post in issue.posts:
            body = self.organization(post.party)
            office = Node(f"{body.value}/post/{digest(post.title)}")
            self.add(office, _TYPE, du("Post"))
            self.add(office, _LABEL, zh(f"{post.party.label}{post.title}"))
            self.add(office, du("ofOrganization"), body)
            for span in post.party.source.spans:
                self.add(office, du("evidence"), self.evidence(span))
            self.assertion(node, du("responsiblePost"), office, post.party.source, post.party.as_written)

    def write_measure(self, node: Node, measure: Measure) -> None:
        owner = "ofIssue" if measure.owner.startswith("issue/") else "ofCategory"
        self.add(node, du(owner), self.element_node(measure.owner))
        self.write_due(node, measure.due)

    def write_due(self, node: Node, due: Stated[Due] | None) -> None:
        if due is None:
            return
        self.assertion(node, du("due"), typed(due.value.last_day.isoformat(), "date"), due.source, due.value.text)
        self.add(node, du("duePrecision"), duc(f"precision-{due.value.precision}"))
        self.add(node, du("dueText"), ox.Literal(due.value.text))

    def write_quantity(self, node: Node, quantity: Quantity) -> None:
        for name, value in (
            ("indicatorText", quantity.indicator_text),
            ("subject", quantity.subject),
            ("valueText", quantity.value_text),
            ("unitText", quantity.unit_text),
            ("frequencyText", quantity.frequency_text),
        ):
            if value:
                self.add(node, du(name), ox.Literal(value))
        for name, concept in (
            ("indicator", quantity.indicator),
            ("comparator", quantity.comparator),
            ("aggregation", quantity.aggregation),
        ):
            if concept:
                self.add(node, du(name), duc(concept))
        if quantity.value is not None:
            self.add(node, du("value"), typed(Decimal(quantity.value), "decimal"))
        if unit := unit_iri(quantity.unit_text):
            self.add(node, du("unit"), Node(unit))
        if quantity.frequency:
            self.add(node, du("frequency"), typed(quantity.frequency, "duration"))
        if quantity.as_of:
            self.assertion(node, du("asOf"), moment(quantity.as_of.value), quantity.as_of.source)
        self.write_due(node, quantity.due)
        self.add(node, du("belongsTo"), self.element_node(quantity.belongs_to))

    def write_duty(self, node: Node, duty: Duty) -> None:
        if duty.actor:
            self.add(node, du("actor"), ox.Literal(duty.actor))
        self.add(node, du("frequency"), typed(duty.frequency, "duration"))
        self.add(node, du("frequencyText"), ox.Literal(duty.frequency_text))

    def organization(self, party: Party) -> Node:
        place = party.region or "x"
        key = digest(party.label) if party.region else digest(self.document.id, party.label)
        node = Node(f"{self.base}organization/{place}-{key}")
        self.add(node, _TYPE, du("Organization"))
        for holds, name in (
            (party.party_body, "PartyBody"),
            (party.government_body, "GovernmentBody"),
            (party.group, "OrganizationGroup"),
        ):
            if holds:
                self.add(node, _TYPE, du(name))
        self.add(node, _LABEL, zh(party.label))
        if party.region:
            self.add(node, du("region"), Node(f"{self.base}region/{party.region}"))
        for span in party.source.spans:
            self.add(node, du("evidence"), self.evidence(span))
        return node

    def write_supervision(self, visit: Supervision) -> None:
        node = self.supervision
        self.add(node, _TYPE, du("Supervision"))
        self.add(node, _LABEL, zh(_visit_label(self.facts, visit)))
        self.rests_on(node, visit.source)
        self.assertion(self.node, du("concerns"), node, visit.source)
        if self.facts.plan:
            self.assertion(self.plan, du("respondsTo"), node, visit.source)
        region = self.facts.region
        if region and load_regions().get(region.value).level != "province":
            self.assertion(node, du("region"), Node(f"{self.base}region/{region.value}"), region.source)
        for name, fact in (("startDate", visit.start), ("endDate", visit.end), ("feedbackDate", visit.feedback)):
            if fact:
                self.assertion(node, du(name), moment(fact.value), fact.source)
        for name, number in (("batch", visit.batch), ("statedDays", visit.stated_days)):
            if number:
                self.assertion(node, du(name), typed(number.value, "integer"), number.source, number.as_written)
        if visit.level:
            self.assertion(node, du("level"), duc(visit.level.value), visit.level.source)
        for kind in visit.kinds:
            self.assertion(node, du("kind"), duc(kind.value), kind.source)
        if visit.report_title:
            title = visit.report_title
            self.assertion(node, du("reportTitle"), ox.Literal(title.value), title.source)
        self.write_round(node, visit)
        self.write_team(node, visit)

    def write_round(self, node: Node, visit: Supervision) -> None:
        if not visit.round:
            return
        province, level = self._launcher(visit)
        if level is None or (level != "level-central" and province is None):
            return
        number = visit.round.value
        who = "central" if province is None else province.adcode
        here = Node(f"{self.base}round/{who}-{number}")
        self.assertion(node, du("inRound"), here, visit.round.source)
        self.add(here, _TYPE, du("Round"))
        self.add(here, du("level"), duc(level))
        self.add(here, du("roundNumber"), typed(number, "integer"))
        if province:
            self.add(here, du("launchedBy"), Node(f"{self.base}region/{province.adcode}"))
        self.add(here, _LABEL, zh(f"{province.name if province else '中央'}第{number}轮生态环境保护督察"))
        english = f"{(province.english or province.adcode) if province else 'Central'}, supervision round {number}"
        self.add(here, _LABEL, ox.Literal(english, language="en"))
        for span in visit.round.source.spans:
            self.add(here, du("evidence"), self.evidence(span))

    def _launcher(self, visit: Supervision) -> tuple[Region | None, str | None]:
        level = visit.level.value if visit.level else None
        if level == "level-central" or level is None or not self.facts.region:
            return None, level
        regions = load_regions()
        return regions.province_of(regions.get(self.facts.region.value)), level

    def write_team(self, node: Node, visit: Supervision) -> None:
        if not visit.team:
            return
        here = Node(f"{node.value}/team")
        self.assertion(node, du("team"), here, visit.team.source)
        self.add(here, _TYPE, du("SupervisionTeam"))
        self.add(here, _LABEL, zh(visit.team.label))
        if visit.team.number:
            self.add(here, du("teamNumber"), typed(visit.team.number, "integer"))
        for span in visit.team.source.spans:
            self.add(here, du("evidence"), self.evidence(span))

    def write_gap(self, gap: Gap) -> None:
        node = Node(f"{self.node.value}/gap/{gap.span.begin}-{gap.span.end}")
        self.add(node, _TYPE, du("Gap"))
        self.add(node, du("gapKind"), duc(f"gap-{gap.kind}"))
        self.add(node, du("evidence"), self.evidence(gap.span))
        if gap.affects:
            self.add(node, du("affects"), Node(_DCTERMS + "title") if gap.affects == "title" else du(gap.affects))
        if gap.restoration:
            self.add(node, du("restoration"), ox.Literal(gap.restoration))
        self.reason(node, gap.reason)


def _visit_key(document: Document, facts: Facts) -> str:
    """Region and month of the visit's first day, else region and round, else the document (DESIGN §4)."""
    region, visit = facts.region, facts.supervision
    if not region or not visit:
        return document.id
    known = load_regions().get(region.value)
    central = visit.level is not None and visit.level.value == "level-central"
    if known.level == "province" and not central:
        return document.id
    if visit.start:
        return f"{region.value}-{visit.start.value.year:04d}{visit.start.value.month:02d}"
    return f"{region.value}-r{visit.round.value}" if visit.round else document.id


_LEVELS = {"level-central": "中央", "level-provincial": "省级", "level-municipal": "市级"}


def _visit_label(facts: Facts, visit: Supervision) -> str:
    place = load_regions().get(facts.region.value).name if facts.region else ""
    when = f"{visit.start.value.year}年{visit.start.value.month}月" if visit.start else ""
    level = _LEVELS[visit.level.value] if visit.level else ""
    return " ".join(part for part in (place, when, f"{level}生态环境保护督察") if part)


def shared_quads(base: str) -> list[ox.Quad]:
    """The graphs that do not depend on documents: ontology with alignments, concepts, regions. Sorted."""
    quads = [*_asset_quads(Node(graph_iri(base, "ontology")), "ducha.ttl", "alignments.ttl")]
    quads += _asset_quads(Node(graph_iri(base, "concepts")), "concepts.ttl")
    quads += region_quads(load_regions(), base)
    return sorted(quads, key=str)


def _asset_quads(graph: Node, *names: str) -> Iterator[ox.Quad]:
    """The triples of files in `ontology/`; blank nodes get IRIs of their place, since a dump has none."""
    for name in names:
        data = ox.Dataset(ox.parse(path=str(asset_path("ontology", name)), format=ox.RdfFormat.TURTLE))
        data.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        for quad in data:
            subject = _place(quad.subject, name) if isinstance(quad.subject, ox.BlankNode) else quad.subject
            value = _place(quad.object, name) if isinstance(quad.object, ox.BlankNode) else quad.object
            yield ox.Quad(subject, quad.predicate, value, graph)


def _place(blank: ox.BlankNode, name: str) -> Node:
    return Node(f"{DU.removesuffix('#')}/{name.removesuffix('.ttl')}/node/{blank.value}")


def region_quads(regions: Iterable[Region], base: str) -> Iterator[ox.Quad]:
    """Regions with their codes, names, coordinates and the transitive `du:partOf`."""
    graph = Node(graph_iri(base, "regions"))
    classes = {"province": "Province", "prefecture": "City", "county": "County"}
    table = load_regions()

    def node(adcode: str) -> Node:
        return Node(f"{base}region/{adcode}")

    for region in regions:
        here = node(region.adcode)
        rows: list[tuple[Node, Term]] = [
            (_TYPE, du(classes[region.level])),
            (du("adcode"), ox.Literal(region.adcode)),
            (_LABEL, zh(region.name)),
        ]
        rows += [(Node(PREFIXES["skos"] + "altLabel"), zh(name)) for name in region.short_names]
        if region.english:
            rows.append((_LABEL, ox.Literal(region.english, language="en")))
        for axis, degrees in (("lat", region.latitude), ("long", region.longitude)):
            if degrees is not None:
                rows.append((Node(_GEO + axis), typed(degrees, "decimal")))
        if region.parent:
            rows.append((du("directPartOf"), node(region.parent)))
        outer = region.parent
        while outer:
            rows.append((du("partOf"), node(outer)))
            outer = table.get(outer).parent
        yield from (ox.Quad(here, predicate, value, graph) for predicate, value in rows)
