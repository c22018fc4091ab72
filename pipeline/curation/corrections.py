"""Curators' decisions applied to what was extracted from one document, before anything is inferred or validated.

Reads: the document, its stated quads as extracted, decisions. Gives: the stated quads as corrected, and what became of
each decision. A decision whose fact or sentence is not there any more lapses: that is told, and nothing else changes.
`docs/corrections.md` describes the files and the rules.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from pipeline.curation.additions import add_element, add_value, located, value_of
from pipeline.curation.decisions import Action, Decision, Outcome
from pipeline.curation.edits import CURATOR, Edits, LapseError, account, record
from pipeline.curation.keys import Fact, facts, one_line, subject_of
from pipeline.model import Basis, Document, Reason, Source
from pipeline.reasoning.contradiction import Contradiction
from pipeline.validation.judgements import Judged
from pipeline.validation.report import Finding

_NOWHERE = Reason("这一版数据中没有这项事实", "no document of this build has the fact")
_QUARANTINED = Reason("所在文件被隔离", "its document is quarantined")
_CONTRADICTS = Reason("施行后与本体矛盾（HermiT）", "with it the facts would contradict the ontology (HermiT)")


def touching(decisions: Iterable[Decision], stated: Iterable[ox.Quad], base: str) -> tuple[Decision, ...]:
    """The decisions about nodes of this document, or about plans of it to which something is added."""
    known = {quad.subject.value for quad in stated if isinstance(quad.subject, ox.NamedNode)}

    def concerned(decision: Decision) -> bool:
        plan = base + "/".join(decision.key.partition(" ")[0].split("/")[:2])
        return subject_of(decision.key, base).value in known or (decision.action is Action.ADD and plan in known)

    return tuple(decision for decision in decisions if concerned(decision))


def fingerprint(decisions: Iterable[Decision]) -> str:
    """A name for a set of decisions: the same for the same decisions, nothing for none."""
    names = sorted(decision.id for decision in decisions)
    return hashlib.sha256(" ".join(names).encode()).hexdigest()[:16] if names else ""


def apply(
    stated: Sequence[ox.Quad],
    document: Document,
    decisions: Sequence[Decision],
    base: str,
    refused: Mapping[str, Reason] | None = None,
) -> tuple[list[ox.Quad], tuple[Outcome, ...]]:
    """The stated quads with the decisions applied, sorted, and the outcome of each decision.

    Every decision is matched against what was extracted, not against what another decision made of it. `refused` are
    decisions, by id, that must not be applied, and why.
    """
    edits = Edits(ox.Store(), document, base)
    edits.store.extend(stated)
    lapses = dict(refused or {})
    about: dict[str, Fact] = {}
    first: dict[object, Decision] = {}
    for decision in decisions:
        if decision.id in lapses or decision.action is Action.ADD:
            continue
        try:
            fact = about[decision.id] = _matched(edits, decision)
            other = first.setdefault((fact.subject, fact.predicate, fact.value), decision)
            if other is not decision:
                raise LapseError(f"{other.place} 已就此作出决定", f"{other.place} decides on the same fact")
        except LapseError as lapse:
            lapses[decision.id] = lapse.reason
    for decision in sorted(decisions, key=_turn):
        if decision.id not in lapses:
            try:
                with edits.whole():
                    _carry_out(edits, decision, about.get(decision.id))
            except LapseError as lapse:
                lapses[decision.id] = lapse.reason
    return sorted(edits.store, key=str), tuple(
        Outcome(one.id, (document.id,), lapses.get(one.id), tuple(sorted(edits.touched.get(one.id, ()))))
        for one in decisions
    )


def _turn(decision: Decision) -> tuple[int, bool, str, str]:
    """Accepted first, rejected last, and an element before what is added to it."""
    rank = {Action.ACCEPT: 0, Action.CHANGE: 1, Action.ADD: 2, Action.REJECT: 3}[decision.action]
    return rank, " " in decision.key, decision.key, decision.id


def _matched(edits: Edits, decision: Decision) -> Fact:
    """The fact that a decision is about. Raises LapseError where there is none, or more than one."""
    known = facts(edits.store, edits.graph, decision.key, edits.base)
    if not known:
        raise LapseError("文件中不再有这项事实", "the fact is not there any more")
    same = [fact for fact in known if fact.hash == decision.hash]
    if not same:
        raise LapseError("所据的句子已经变化", "the sentence has changed")
    meant = [fact for fact in same if fact.shown == one_line(decision.value)] if decision.value else same
    if not meant and decision.action is Action.CHANGE and len(same) == 1:
        meant = same  # the curator has said what this sentence means, whatever is read from it now
    if not meant:
        now = "、".join(fact.shown for fact in same)
        raise LapseError(f"提取的值已变为“{now}”", f"the value extracted is now {now!r}")
    if len(meant) > 1:
        raise LapseError("这一属性有几个值，须写明 value", "the property has several values: name one by `value`")
    return meant[0]


def _carry_out(edits: Edits, decision: Decision, fact: Fact | None) -> None:
    if fact is None:
        (add_value if " " in decision.key else add_element)(edits, decision)
    elif decision.action is Action.ACCEPT:
        edits.accept(decision, fact)
    elif decision.action is Action.REJECT:
        edits.reject(decision, fact)
    elif fact.predicate:
        seen = (located(edits.document.text, decision.evidence),) if decision.evidence else ()
        source = Source((*fact.spans, *seen), CURATOR, Basis.CORRECTED, account(decision))
        new = value_of(edits, fact.subject, fact.predicate, decision.to, source, fact.value)
        if new == fact.value:
            edits.accept(decision, fact)
        else:
            edits.change(decision, fact, new, source)


def blamed(outcomes: Iterable[Outcome], findings: Iterable[Finding]) -> dict[str, Reason]:
    """The applied decisions that broke a rule, by id: those that changed a node a violation names, or, where it names
    none of theirs, all. `findings` are the violations that were not there before the decisions."""
    applied = [outcome for outcome in outcomes if not outcome.lapse]
    refused: dict[str, Reason] = {}
    for finding in findings:
        named = {finding.focus, *finding.values}
        rule = finding.shape.rpartition("/")[2]
        why = Reason(
            f"施行后违反规则 {rule}：{finding.message_zh}", f"it would break the rule {rule}: {finding.message_en}"
        )
        for outcome in [o for o in applied if named & set(o.touched)] or applied:
            refused.setdefault(outcome.decision, why)
    return refused


def contradicting(outcomes: Iterable[Outcome], clash: Contradiction | None) -> dict[str, Reason]:
    """The applied decisions, by id, of a document that contradicts the ontology: those that changed a node that
    clashes, or, where none did or it is not known which do, all."""
    applied = [outcome for outcome in outcomes if not outcome.lapse]
    named = clash.nodes if clash else frozenset()
    return {one.decision: _CONTRADICTS for one in [o for o in applied if named & set(o.touched)] or applied}


def settle(
    decisions: Sequence[Decision],
    outcomes: Iterable[Outcome],
    judged: Judged,
    published: Iterable[str],
    base: str,
) -> tuple[list[ox.Quad], dict[str, Outcome]]:
    """One outcome a decision, by its id, over all documents, and the quads of the decisions that no document's graph
    holds: judgements of findings, and those that have lapsed, which stay visible with why they are not applied."""
    settled = _settled(decisions, outcomes, published) | {outcome.decision: outcome for outcome in judged.outcomes}
    quads = list(judged.quads)
    for decision in decisions:
        if lapse := settled[decision.id].lapse:
            quads += record(decision, base, lapse)
    return quads, settled


def _settled(
    decisions: Iterable[Decision], outcomes: Iterable[Outcome], published: Iterable[str]
) -> dict[str, Outcome]:
    """A decision is applied where any published document has it applied."""
    there = set(published)
    by_id: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_id.setdefault(outcome.decision, []).append(outcome)
    result = {}
    for decision in decisions:
        mine = by_id.get(decision.id, [])
        applied = [name for outcome in mine if not outcome.lapse for name in outcome.documents]
        shown = sorted(there.intersection(applied))
        lapses = [outcome.lapse for outcome in mine if outcome.lapse]
        lapse = None if shown else _QUARANTINED if applied else min(lapses, default=_NOWHERE)
        result[decision.id] = Outcome(decision.id, tuple(shown), lapse)
    return result
