"""What a curator adds (补录): a value of a node that is there, or a whole element, each at its sentence.

The sentence must stand in the document exactly once, whatever blanks and line breaks lie in it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import pyoxigraph as ox

from pipeline.curation.decisions import ELEMENT, ELEMENTS, Decision
from pipeline.curation.edits import CURATOR, Edits, LapseError, account
from pipeline.curation.keys import facts, nodes, objects, one_line, subject_of
from pipeline.curation.values import names_organization, property_named, term, written
from pipeline.facts.elements import label_of
from pipeline.facts.organizations import parties
from pipeline.graph.elements import organization
from pipeline.graph.sheet import LABEL, TYPE, Node, Term, digest, du, zh
from pipeline.graph.visit import round_node
from pipeline.model import Basis, Source, Span
from pipeline.region import load_regions
from pipeline.units import unit_iri
from pipeline.vocabulary import DU, DUC, PREFIXES

_ROLES = [f"{role}Organization" for role in ("lead", "responsible", "cooperating", "supervising", "accepting")]
_SEVERAL = {du(name) for name in ("kind", "topic", "responsiblePost", *_ROLES)} | {Node(f"{PREFIXES['dcterms']}source")}
_ASSERTED = {du(name) for name in ("due", "deadlineKind", "status", "responsiblePost", *_ROLES)}
_QUANTITIES = ("Target", "Baseline")
_ROUND = re.compile(r"round/(central|[0-9]{6})-([0-9]{1,2})")


def located(document_text: str, sentence: str) -> Span:
    """Where a sentence stands, blanks aside. Raises LapseError unless it stands there exactly once."""
    signs, offsets = _squeezed(document_text)
    wanted = "".join(sentence.split())
    first = signs.find(wanted) if wanted else -1
    if first < 0:
        raise LapseError("原文中没有这句话", "the sentence does not stand in the document")
    if signs.find(wanted, first + 1) >= 0:
        raise LapseError("这句话在原文中不止一处", "the sentence stands in the document more than once")
    return Span(offsets[first], offsets[first + len(wanted) - 1] + 1)


@lru_cache(maxsize=1)
def _squeezed(document_text: str) -> tuple[str, list[int]]:
    places = [place for place, sign in enumerate(document_text) if not sign.isspace()]
    return "".join(document_text[place] for place in places), places


def value_of(edits: Edits, subject: Node, predicate: Node, words: str, source: Source, old: Term | None = None) -> Term:
    """The term for a value. A body may be given by its name and a round by its IRI: their nodes are made where they are
    not there yet. Raises LapseError for a link to a node that the document does not have."""
    if names_organization(predicate) and not words.isascii():
        return _body(edits, subject, words, source)
    try:
        value = term(predicate, words, edits.base, old if isinstance(old, ox.Literal) else None)
    except ValueError as error:
        raise LapseError(f"值不合要求：{words}", str(error)) from None
    ours = isinstance(value, ox.NamedNode) and value.value.startswith(edits.base)
    if not isinstance(value, ox.NamedNode) or not ours or value.value.startswith((DU, DUC)):
        return value
    name = value.value.removeprefix(edits.base)
    kind, _, code = name.partition("/")
    if kind == "region" and any(region.adcode == code for region in load_regions()):
        return value
    if predicate == du("inRound") and (match := _ROUND.fullmatch(name)):
        regions = load_regions()
        launcher = next((r for r in regions if r.adcode == match[1] and r.level == "province"), None)
        if launcher or match[1] == "central":
            level = "level-provincial" if launcher else "level-central"
            return round_node(edits, launcher, level, int(match[2]), source)
    if not any(edits.store.quads_for_pattern(value, TYPE, None, edits.graph)):
        raise LapseError(f"文件中没有{name}", f"{name} is no node of the document")
    return value


def _body(edits: Edits, subject: Node, words: str, source: Source) -> Node:
    plans = nodes(edits.store, edits.graph, subject, du("inPlan")) or [subject]
    region = next(iter(nodes(edits.store, edits.graph, plans[0], du("region"))), None)
    found = [party for party, _ in parties(words, source, region.value.rpartition("/")[2] if region else None)]
    if len(found) != 1:
        raise LapseError(f"“{words}”不是一个机构的名称", f"{words!r} is not the name of one body")
    return organization(edits, found[0])


def add_value(edits: Edits, decision: Decision) -> None:
    """A value that was missing, on a node that is there. Raises LapseError."""
    store, graph, subject = edits.store, edits.graph, subject_of(decision.key, edits.base)
    predicate = property_named(decision.key.partition(" ")[2])
    if not objects(store, graph, subject, TYPE):
        raise LapseError("文件中没有这一节点", "the document has no such node")
    source = _source(edits, decision, _sentence(edits, decision))
    known = facts(store, graph, decision.key, edits.base)
    same = [fact for fact in known if fact.shown == _shown(edits, predicate, decision.to)]
    if same:
        edits.accept(decision, same[0])
        return
    if known and predicate not in _SEVERAL:
        raise LapseError(
            f"已有值“{known[0].shown}”", f"there is a value already, {known[0].shown!r}; change it instead"
        )
    value = value_of(edits, subject, predicate, decision.to, source)
    correction = edits.recorded(decision, ())
    edits.assert_decided(decision, correction, subject, predicate, value, source)
    if predicate == du("due"):
        edits.due_precision(subject, decision.to)


def _shown(edits: Edits, predicate: Node, words: str) -> str:
    try:
        return one_line(written(term(predicate, words, edits.base), edits.base))
    except ValueError:
        return words


def _sentence(edits: Edits, decision: Decision) -> tuple[Span, ...]:
    """The sentence in words, or, given by its hash, the node's own."""
    if decision.words:
        return (located(edits.document.text, decision.words),)
    own = facts(edits.store, edits.graph, decision.key.partition(" ")[0], edits.base)
    if not own or own[0].hash != decision.hash:
        raise LapseError("所据的句子已经变化", "the sentence has changed")
    return tuple(Span(passage.begin, passage.end) for passage in own[0].passages)


def _source(edits: Edits, decision: Decision, spans: Iterable[Span]) -> Source:
    more = (located(edits.document.text, decision.evidence),) if decision.evidence else ()
    return Source((*spans, *more), CURATOR, Basis.CORRECTED, account(decision))


@dataclass(frozen=True)
class _New:
    """An element to be: its node, its plan, the issue or category it stands under, and what the curator says of it."""

    node: Node
    kind: str
    plan: Node
    owner: Node | None
    number: str
    given: Mapping[str, str]


def add_element(edits: Edits, decision: Decision) -> None:
    """An element of a plan, or a stated count, with its properties. Raises LapseError."""
    new = _new(decision, edits.base)
    for node in (new.plan, new.owner):
        if node and not objects(edits.store, edits.graph, node, TYPE):
            raise LapseError("文件中没有它所属的节点", f"{written(node, edits.base)} is no node of the document")
    if objects(edits.store, edits.graph, new.node, TYPE):
        raise LapseError("文件中已有这一节点", f"{written(new.node, edits.base)} is there already")
    source = _source(edits, decision, (located(edits.document.text, decision.words),))
    span = source.spans[0]
    quote = one_line(edits.document.text[span.begin : span.end])
    correction = edits.recorded(decision, ())
    edits.add(new.node, TYPE, du(new.kind))
    edits.rests_on(new.node, source)
    edits.stands_on(decision, correction, new.node)
    _describe(edits, decision, new, source, quote)
    if new.kind == "StatedCount":
        edits.assert_decided(decision, correction, new.plan, du("statedCount"), new.node, source)
        return
    edits.add(new.node, du("inPlan"), new.plan)
    edits.add(new.node, du("text"), ox.Literal(new.given.get("text") or quote))
    if new.number.isdigit():
        edits.add(new.node, du("number"), ox.Literal(new.number))
    tail = edits.tail(new.node)
    name = " ".join(part for part in (label_of(new.given.get("indicatorText") or quote), tail) if part)
    edits.add(new.node, LABEL, zh(new.given.get("label") or name))
    _link(edits, new)


def _new(decision: Decision, base: str) -> _New:
    """A numbered element is named by the key, another by a hash of its sentence and of what is said of it."""
    place = ELEMENT.fullmatch(decision.key)
    assert place  # noqa: S101 - checked when the file was read
    given = dict(decision.properties)
    kind, node = ELEMENTS[place["kind"]], subject_of(decision.key, base)
    if kind == "StatedCount":
        name = f"{given.get('countOf', 'x').rpartition(':')[2]}-{given.get('value', 'x')}"
        node = Node(f"{base}{place['plan']}/count/{name}")
    elif not place["id"] and not (kind == "Goal" and place["owner"]):
        node = Node(f"{node.value}/{digest(decision.hash, *chain.from_iterable(decision.properties))}")
    plan = Node(base + place["plan"])
    owner = Node(plan.value + place["owner"]) if place["owner"] else None
    return _New(node, kind, plan, owner, place["id"] or "", given)


def _describe(edits: Edits, decision: Decision, new: _New, source: Source, quote: str) -> None:
    """The properties that the curator gives, and what follows from them: the number as written, the unit's IRI."""
    given = dict(new.given)
    if (number := given.get("value", "")) and number in quote:
        given.setdefault("valueText", number)
    whole = ox.Literal(0) if new.kind == "StatedCount" else None
    correction = Node(f"{edits.base}correction/{decision.id}")
    for name, words in sorted(given.items()):
        if not words or name in ("label", "text"):
            continue
        predicate = property_named(name)
        value = value_of(edits, new.plan, predicate, words, source, whole if name == "value" else None)
        if predicate in _ASSERTED:
            edits.assert_decided(decision, correction, new.node, predicate, value, source)
        else:
            edits.add(new.node, predicate, value)
    if number and new.kind in _QUANTITIES and (unit := unit_iri(given.get("unitText", ""))):
        edits.add(new.node, du("unit"), Node(unit))
    if "due" in given:
        edits.due_precision(new.node, given["due"])


def _link(edits: Edits, new: _New) -> None:
    """What an element belongs to."""
    if new.kind in _QUANTITIES and "belongsTo" not in new.given:
        edits.add(new.node, du("belongsTo"), new.plan)
    if new.owner is None:
        return
    of_issue = new.owner.value.startswith(f"{new.plan.value}/issue/")
    if new.kind == "Measure":
        edits.add(new.node, du("ofIssue" if of_issue else "ofCategory"), new.owner)
    if of_issue:
        edits.add(new.owner, du(new.kind.lower()), new.node)
