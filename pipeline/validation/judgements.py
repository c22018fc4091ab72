"""Curators' judgements of findings (校核判定): 原文如此, 提取有误, 已处理.

Reads: the decisions on `finding/…` and the findings of a build. Gives: which judgement is in force on which finding, what
became of each decision, and its quads. A judgement stands on the sentences of a finding and on the numbers it names;
when either has changed, the finding is open again and the decision lapses.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from pipeline.curation.decisions import Action, Decision, Outcome, sentence_hash
from pipeline.curation.edits import record
from pipeline.curation.keys import CORRECTION, EVIDENCE, one_line, subject_of
from pipeline.model import Reason
from pipeline.validation.report import Finding, Judgement
from pipeline.validation.suggestions import ACTIONS
from pipeline.vocabulary import graph_iri

JUDGEMENTS: Mapping[Action, Judgement] = {Action(name): judgement for judgement, name in ACTIONS.items()}
_GONE = Reason("已无此项检查结果", "there is no such finding any more")
_SENTENCE = Reason("所据的句子已经变化", "the sentence has changed")


@dataclass(frozen=True, slots=True)
class Judged:
    """`judgements` are those in force, by the key of the finding."""

    judgements: Mapping[str, Judgement]
    outcomes: tuple[Outcome, ...]
    quads: list[ox.Quad]


def judge(decisions: Iterable[Decision], findings: Iterable[Finding], base: str) -> Judged:
    """What the decisions on findings come to. One that says a finding is mended, or was misread, is as good as carried
    out when the finding is gone; one that accepts it then lapses."""
    known = {f"finding/{finding.key}": finding for finding in findings}
    judgements: dict[str, Judgement] = {}
    outcomes: list[Outcome] = []
    quads: list[ox.Quad] = []
    graph = ox.NamedNode(graph_iri(base, "corrections"))
    for decision in decisions:
        if not decision.key.startswith("finding/"):
            continue
        finding = known.get(decision.key)
        documents = tuple(name.rpartition("/")[2] for name in finding.documents) if finding else ()
        lapse = _lapse(decision, finding)
        outcomes.append(Outcome(decision.id, documents, lapse))
        if lapse:
            continue
        quads += record(decision, base)
        if finding:
            node = ox.NamedNode(f"{base}correction/{decision.id}")
            judgements[finding.key] = JUDGEMENTS[decision.action]
            quads += [ox.Quad(node, EVIDENCE, ox.NamedNode(piece.iri), graph) for piece in finding.evidence]
            quads.append(ox.Quad(subject_of(decision.key, base), CORRECTION, node, graph))
    return Judged(judgements, tuple(outcomes), quads)


def _lapse(decision: Decision, finding: Finding | None) -> Reason | None:
    if finding is None:
        return _GONE if decision.action is Action.ACCEPT else None
    if sentence_hash(finding.sentence) != decision.hash:
        return _SENTENCE
    now = one_line(finding.said)
    if decision.value and decision.value != now:
        return Reason(f"检查所得已变为“{now}”", f"what was found is now {now!r}")
    return None
