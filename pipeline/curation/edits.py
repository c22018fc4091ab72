"""Changes to one document's stated graph that leave it whole: no dangling link, no evidence that nothing uses.

Each edit belongs to a decision: `record` writes its node (`du:Correction`, in `graph/corrections`), and what the edit
accepts, changes or adds points to that node. What hangs together changes together: a target's label says its value, a
due date has its precision, a unit its IRI.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pyoxigraph as ox

from pipeline.curation.decisions import Action, Decision
from pipeline.curation.keys import (
    BASIS,
    CORRECTION,
    EVIDENCE,
    OBJECT,
    REASON,
    RULE,
    SUBJECT,
    Fact,
    asserting,
    nodes,
    objects,
    text,
)
from pipeline.curation.values import period, spoken, written
from pipeline.graph.sheet import LABEL, TYPE, Leaf, Node, Term, du, duc, typed, zh
from pipeline.model import Basis, Document, Reason, Source
from pipeline.units import unit_iri
from pipeline.vocabulary import graph_iri

CURATOR = "correction"  # the rule of what a curator gave
# These exist only because something points to them.
_LINKED = {du(name) for name in ("Organization", "Post", "Round", "SupervisionTeam", "StatedCount")}
_TOGETHER = {du("due"): (du("duePrecision"), du("dueText")), du("value"): (du("valueText"), du("unitText"), du("unit"))}
_TOGETHER[du("frequency")] = (du("frequencyText"),)
_IN_LABEL = {du("startDate"), du("level")}
_VERBS = {
    Action.ACCEPT: ("确认", "accepted"),
    Action.CHANGE: ("更正", "corrected"),
    Action.REJECT: ("剔除", "rejected"),
    Action.ADD: ("补录", "added"),
}
_JUDGED = {
    Action.ACCEPT: ("判定为原文如此", "accepted as the source's own"),
    Action.REJECT: ("判定为提取有误", "judged an extraction error"),
    Action.FIXED: ("标为已处理", "marked as fixed"),
}


class LapseError(Exception):
    """A decision that does not fit the document any more (or never did); nothing of it is applied."""

    def __init__(self, zh_text: str, en_text: str) -> None:
        self.reason = Reason(zh_text, en_text)
        super().__init__(en_text)


def account(decision: Decision) -> Reason:
    """Who decided what, when and why, for a reader of either language."""
    zh_verb, en_verb = (_JUDGED if decision.key.startswith("finding/") else _VERBS)[decision.action]
    return Reason(
        f"由{decision.by}于{decision.on}{zh_verb}，理由：{decision.why}",
        f"{en_verb} by {decision.by} on {decision.on} because: {decision.why}",
    )


def record(decision: Decision, base: str, lapse: Reason | None = None) -> list[ox.Quad]:
    """The node of a decision, without what it stands on; `lapse` says why it is not applied."""
    node, graph = Node(f"{base}correction/{decision.id}"), Node(graph_iri(base, "corrections"))
    said = account(decision)
    rows: list[tuple[Node, Term]] = [
        (TYPE, du("Correction")),
        (LABEL, zh(said.zh)),
        (LABEL, ox.Literal(said.en, language="en")),
        (du("action"), duc(f"action-{decision.action}")),
        (du("outcome"), duc("outcome-lapsed" if lapse else "outcome-applied")),
        (du("factKey"), ox.Literal(decision.key)),
        (du("sentenceHash"), ox.Literal(decision.hash)),
        (du("decidedBy"), ox.Literal(decision.by)),
        (du("decidedOn"), typed(decision.on, "date")),
        (du("rationale"), ox.Literal(decision.why)),
    ]
    if decision.to:
        rows.append((du("correctedValue"), ox.Literal(decision.to)))
    if lapse:
        rows += [(REASON, zh(lapse.zh)), (REASON, ox.Literal(lapse.en, language="en"))]
        rows += [(du("extractedValue"), ox.Literal(decision.value))] if decision.value else []
    return [ox.Quad(node, predicate, value, graph) for predicate, value in rows]


class Edits(Leaf):
    """Edits a stated graph that lies in `store`; `touched` are the nodes each decision changed, for whoever must find
    out which decision broke a rule."""

    def __init__(self, store: ox.Store, document: Document, base: str) -> None:
        super().__init__(document, base)
        self.store = store
        self.touched: dict[str, set[str]] = {}
        self._lost: set[Node] = set()
        self._done: list[tuple[bool, ox.Quad]] = []

    @contextmanager
    def whole(self) -> Iterator[None]:
        """All of the edits in the block, or, when it raises LapseError, none."""
        self._done = []
        try:
            yield
        except LapseError:
            for added, quad in reversed(self._done):
                (self.store.remove if added else self.store.add)(quad)
            self._lost.clear()
            raise

    def add(self, subject: Node, predicate: Node, value: Term) -> None:
        self._put(ox.Quad(subject, predicate, value, self.graph))

    def _put(self, quad: ox.Quad) -> None:
        if quad not in self.store:
            self.store.add(quad)
            self._done.append((True, quad))

    def recorded(self, decision: Decision, evidence: Iterable[Node], old: str = "", rules: Iterable[str] = ()) -> Node:
        """Writes the node of an applied decision, with its evidence, the extracted value and the rules that gave it."""
        node = Node(f"{self.base}correction/{decision.id}")
        rows: list[tuple[Node, Term]] = [(EVIDENCE, piece) for piece in evidence]
        rows += [(RULE, ox.Literal(rule)) for rule in rules]
        rows += [(du("extractedValue"), ox.Literal(old))] if old else []
        graph = Node(graph_iri(self.base, "corrections"))
        for quad in (*record(decision, self.base), *(ox.Quad(node, name, value, graph) for name, value in rows)):
            self._put(quad)
        return node

    def _record_of(self, decision: Decision, fact: Fact) -> Node:
        rules = sorted({text(self.store, self.graph, node, RULE) for node in fact.held} - {""})
        self._touch(decision, fact.subject, *fact.held)
        # Another decision may have taken the passages out with what carried the fact.
        return self.recorded(decision, [self.evidence(span) for span in fact.spans], fact.shown, rules)

    def _touch(self, decision: Decision, *named: Node) -> None:
        self.touched.setdefault(decision.id, set()).update(node.value for node in named)

    def accept(self, decision: Decision, fact: Fact) -> None:
        """Marks a fact as confirmed. A value that rests on its node's own sentence gets an assertion to be marked."""
        correction = self._record_of(decision, fact)
        held = fact.held
        if fact.predicate and fact.value and not fact.assertions:
            basis = next((written(b, self.base) for b in nodes(self.store, self.graph, fact.subject, BASIS)), "")
            rule = text(self.store, self.graph, fact.subject, RULE) or CURATOR
            zh_reason, en_reason = (text(self.store, self.graph, fact.subject, REASON, tag) for tag in ("zh", "en"))
            source = Source(
                fact.spans,
                rule,
                Basis(basis.removeprefix("duc:basis-") or Basis.STATED),
                Reason(zh_reason, en_reason) if zh_reason else None,
            )
            held = (self.assertion(fact.subject, fact.predicate, fact.value, source),)
        for node in held:
            self.add(node, CORRECTION, correction)

    def change(self, decision: Decision, fact: Fact, new: Term, source: Source) -> None:
        """Puts another value in the place of a fact's."""
        assert fact.predicate and fact.value  # noqa: S101 - only a value is changed
        correction = self._record_of(decision, fact)
        as_written = next((w for a in fact.assertions if (w := text(self.store, self.graph, a, du("asWritten")))), "")
        tail = self.tail(fact.subject)
        self._drop(fact)
        self.assert_decided(decision, correction, fact.subject, fact.predicate, new, source, as_written, fact.shown)
        self._follow(decision, fact, new, tail)
        self._tidy()

    def assert_decided(
        self,
        decision: Decision,
        correction: Node,
        subject: Node,
        predicate: Node,
        value: Term,
        source: Source,
        as_written: str = "",
        old: str = "",
    ) -> None:
        """A triple that a decision gave, and its assertion."""
        node = self.assertion(subject, predicate, value, source, as_written)
        if old:
            self.add(node, du("extractedValue"), ox.Literal(old))
        self.stands_on(decision, correction, node)
        self._touch(decision, subject)

    def stands_on(self, decision: Decision, correction: Node, node: Node) -> None:
        """Joins a node that a decision made to that decision, which stands on the same evidence."""
        self.add(node, CORRECTION, correction)
        for piece in nodes(self.store, self.graph, node, EVIDENCE):
            self._put(ox.Quad(correction, EVIDENCE, piece, Node(graph_iri(self.base, "corrections"))))
        self._touch(decision, node)

    def reject(self, decision: Decision, fact: Fact) -> None:
        """Takes a fact out, and everything that only it carried; its evidence stays with the decision."""
        self._record_of(decision, fact)
        if fact.predicate:
            self._drop(fact)
            for predicate in _TOGETHER.get(fact.predicate, ()):
                for value in objects(self.store, self.graph, fact.subject, predicate):
                    self._take_out(fact.subject, predicate, value)
        else:
            self._remove_node(fact.subject)
        self._tidy()

    def _drop(self, fact: Fact) -> None:
        assert fact.predicate and fact.value  # noqa: S101 - a node has no triple to drop
        self._take_out(fact.subject, fact.predicate, fact.value)

    def _take_out(self, subject: Node, predicate: Node, value: Term) -> None:
        """A triple, with the assertions about it."""
        for node in asserting(self.store, self.graph, subject, predicate, value):
            self._remove_all(node)
        self._remove(ox.Quad(subject, predicate, value, self.graph))

    def _remove(self, quad: ox.Quad) -> None:
        self.store.remove(quad)
        self._done.append((False, quad))
        if isinstance(quad.object, ox.NamedNode):
            self._lost.add(quad.object)

    def _remove_all(self, node: Node) -> None:
        for quad in list(self.store.quads_for_pattern(node, None, None, self.graph)):
            self._remove(quad)

    def _remove_node(self, node: Node) -> None:
        """A node, what lies under its IRI, the links to it and the assertions about it. A quantity that belonged to it
        belongs to the plan, as one does that stands under no closer heading."""
        typed_nodes = {quad.subject for quad in self.store.quads_for_pattern(None, TYPE, None, self.graph)}
        under = [n for n in typed_nodes if isinstance(n, ox.NamedNode) and n.value.startswith(f"{node.value}/")]
        gone = {node, *under}
        for one in sorted(gone, key=str):
            for quad in list(self.store.quads_for_pattern(None, None, one, self.graph)):
                owner = quad.subject
                if not isinstance(owner, ox.NamedNode) or owner in gone:
                    continue
                if quad.predicate in (SUBJECT, OBJECT):
                    self._remove_all(owner)
                    continue
                if quad.predicate == du("belongsTo"):
                    for plan in nodes(self.store, self.graph, owner, du("inPlan")):
                        self.add(owner, du("belongsTo"), plan)
                self._remove(quad)
            self._remove_all(one)

    def _tidy(self) -> None:
        """Removes the nodes and the evidence that lost their last link."""
        while self._lost:
            node = min(self._lost, key=str)
            self._lost.remove(node)
            types = set(nodes(self.store, self.graph, node, TYPE))
            if du("Evidence") in types:
                if not any(self.store.quads_for_pattern(None, EVIDENCE, node, None)):
                    self._remove_all(node)
            elif types & _LINKED:
                links = self.store.quads_for_pattern(None, None, node, self.graph)
                if all(quad.predicate in (SUBJECT, OBJECT) for quad in links):
                    self._remove_node(node)

    def _follow(self, decision: Decision, fact: Fact, new: Term, tail: str) -> None:
        """What says the old value in other words says the new one."""
        subject, predicate = fact.subject, fact.predicate
        if predicate == du("unitText"):
            for unit in objects(self.store, self.graph, subject, du("unit")):
                self._take_out(subject, du("unit"), unit)
            if (iri := unit_iri(written(new, self.base))) and objects(self.store, self.graph, subject, du("value")):
                self.add(subject, du("unit"), Node(iri))
        if predicate == du("due"):
            self.due_precision(subject, decision.to)
        for label in objects(self.store, self.graph, subject, LABEL):
            if isinstance(label, ox.Literal) and predicate != LABEL:
                words = label.value
                if tail and words.endswith(tail):
                    words = words.removesuffix(tail) + self.tail(subject)
                elif predicate in _IN_LABEL and fact.value:
                    words = words.replace(spoken(fact.value), spoken(new))
                elif fact.value and words == spoken(fact.value):
                    words = spoken(new)
                if words != label.value:
                    self._take_out(subject, LABEL, label)
                    self.add(subject, LABEL, ox.Literal(words, language=label.language))

    def due_precision(self, subject: Node, words: str) -> None:
        """A date given in full keeps its precision where it ends that month or year, as the text's words do."""
        last, precision = period(words)
        held = nodes(self.store, self.graph, subject, du("duePrecision"))
        kept = {written(node, self.base).removeprefix("duc:precision-") for node in held}
        for coarser, width in (("month", 7), ("year", 4)):
            if precision == "day" and coarser in kept and period(last.isoformat()[:width])[0] == last:
                precision = coarser
        for node in held:
            self._take_out(subject, du("duePrecision"), node)
        self.add(subject, du("duePrecision"), duc(f"precision-{precision}"))

    def tail(self, node: Node) -> str:
        """The end of a quantity's label: comparator, number and unit."""
        signs = [spoken(c) for c in nodes(self.store, self.graph, node, du("comparator"))]
        number, unit = (text(self.store, self.graph, node, du(name)) for name in ("value", "unitText"))
        return f"{''.join(signs)} {number}{unit}" if number else ""
