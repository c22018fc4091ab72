"""What validation found: findings, rules, their order, and the structure of `validation.json`.

A `Finding` is one hit of one rule of `shapes/`. This module knows neither SHACL nor RDF, so that the service can read
findings with it. Everything here is a pure function of the findings.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Any, Literal

Language = Literal["zh", "en"]


class Severity(StrEnum):
    """Whose trouble it is: ours (the document is quarantined), the source's own, or a limit worth knowing."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


SEVERITY_LABELS: Mapping[Severity, tuple[str, str]] = {
    Severity.VIOLATION: ("违规（提取之误，文件隔离）", "violations (ours: the document is quarantined)"),
    Severity.WARNING: ("警告（原文自身的问题）", "warnings (the source's own trouble)"),
    Severity.INFO: ("提示（值得知道）", "notes (worth knowing)"),
}


class Judgement(StrEnum):
    """What a curator says of a finding: the source is so; we read it wrongly; what was wrong has been mended."""

    ACCEPTED_IN_SOURCE = "accepted-in-source"
    EXTRACTION_ERROR = "extraction-error"
    FIXED = "fixed"


_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True, order=True)
class Sentence:
    """One piece of evidence: its IRI (`document/…#char=812,861`) and the quote that stands there."""

    iri: str
    quote: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One hit of one rule. `shape`, `focus`, `path`, `documents` are IRIs; `values` are IRIs or lexical forms;
    `component` is the SHACL constraint component (an IRI); `numbers` are what the messages name, by their names in the
    rule; `judgement` is a curator's, in force. `focus` is a lexical form where a literal stands in for a
    node, and `_:` for a blank node."""

    shape: str
    severity: Severity
    focus: str
    path: str | None
    values: tuple[str, ...]
    message_zh: str
    message_en: str
    documents: tuple[str, ...] = ()
    evidence: tuple[Sentence, ...] = ()
    component: str = ""
    numbers: tuple[tuple[str, str], ...] = ()
    judgement: Judgement | None = None

    @property
    def key(self) -> str:
        """12 hex digits that name the finding. They depend on what was found, not on how the message is worded."""
        parts = (self.shape, self.focus, self.path or "", *self.values)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]

    @property
    def sentence(self) -> str:
        """Its sentences, each once, in an order that does not depend on where they stand."""
        return "".join(sorted({piece.quote for piece in self.evidence}))

    @property
    def said(self) -> str:
        """The numbers that its message names: `days=21 · span=20`."""
        return " · ".join(f"{name}={value}" for name, value in self.numbers)

    def message(self, language: Language | None) -> str:
        """The message in one language, or in both."""
        return choose(language, self.message_zh, self.message_en)


@dataclass(frozen=True, slots=True)
class Rule:
    """One shape of `shapes/`: its IRI, how grave a hit is, its short label, and where it is explained."""

    shape: str
    severity: Severity
    label_zh: str
    label_en: str
    documentation: str

    @property
    def id(self) -> str:
        """The last step of the IRI, e.g. `stated-days`."""
        return self.shape.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one rule, in order."""

    rule: Rule
    findings: tuple[Finding, ...]


def choose(language: Language | None, zh: str, en: str) -> str:
    """The text in the language asked for; both, with a stroke between, when none is."""
    return {"zh": zh, "en": en}.get(language or "", f"{zh} / {en}")


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Gravest first, then by rule, focus, path and values; the same hit told of several documents is one, with the
    documents and sentences of all."""
    by_key: dict[str, Finding] = {}
    for finding in sorted(findings, key=_order):
        known = by_key.setdefault(finding.key, finding)
        if known is not finding:
            documents = tuple(sorted({*known.documents, *finding.documents}))
            evidence = tuple(sorted({*known.evidence, *finding.evidence}))
            by_key[finding.key] = replace(known, documents=documents, evidence=evidence)
    return tuple(sorted(by_key.values(), key=_order))


def judged(findings: Iterable[Finding], judgements: Mapping[str, Judgement]) -> tuple[Finding, ...]:
    """The findings with the judgements in force, which are named by the keys of their findings."""
    return tuple(replace(one, judgement=judgements[one.key]) if one.key in judgements else one for one in findings)


def _order(finding: Finding) -> tuple[int, str, str, str, tuple[str, ...], str, str]:
    return (
        _RANK[finding.severity],
        finding.shape,
        finding.focus,
        finding.path or "",
        finding.values,
        finding.message_en,
        finding.component,
    )


def grouped(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> list[Group]:
    """The findings by rule: gravest severity first, then the rule with most findings. `rules` is keyed by shape IRI;
    KeyError when it lacks the shape of a finding."""
    groups = [
        Group(rules[shape], tuple(members))
        for shape, members in groupby(ordered(findings), key=lambda finding: finding.shape)
    ]
    return sorted(groups, key=lambda group: (_RANK[group.rule.severity], -len(group.findings), group.rule.id))


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each severity, all three named."""
    totals = {severity.value: 0 for severity in Severity}
    for finding in findings:
        totals[finding.severity.value] += 1
    return totals


def report_json(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> dict[str, Any]:
    """The content of `validation.json`: `conforms` (no violation), `counts` by severity, and `rules`, each with its
    labels and all its findings. `read_report` is its inverse."""
    groups = grouped(findings, rules)
    totals = counts(finding for group in groups for finding in group.findings)
    return {
        "conforms": totals[Severity.VIOLATION.value] == 0,
        "counts": totals,
        "rules": [_group_json(group) for group in groups],
    }


def report_bytes(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> Iterator[bytes]:
    """`validation.json` piece by piece, one line a finding: the structure of `report_json`, never whole in memory."""
    groups = grouped(findings, rules)
    totals = counts(finding for group in groups for finding in group.findings)
    yield f'{{"conforms": {_line(totals[Severity.VIOLATION.value] == 0)}, "counts": {_line(totals)}, "rules": ['.encode()
    for number, group in enumerate(groups):
        yield f'{"," if number else ""}\n{_line(rule_json(group.rule, len(group.findings)))[:-1]}, "findings": ['.encode()
        for place, finding in enumerate(group.findings):
            yield f"{',' if place else ''}\n{_line(finding_json(finding))}".encode()
        yield b"\n]}"
    yield b"\n]}\n"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _group_json(group: Group) -> dict[str, Any]:
    findings = [finding_json(finding) for finding in group.findings]
    return {**rule_json(group.rule, len(findings)), "findings": findings}


def rule_json(rule: Rule, count: int) -> dict[str, Any]:
    """A rule and how many findings it has, as `validation.json` has them."""
    return {
        "id": rule.id,
        "shape": rule.shape,
        "severity": rule.severity.value,
        "label": {"zh": rule.label_zh, "en": rule.label_en},
        "documentation": rule.documentation,
        "count": count,
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as `validation.json` has it; `read_finding` is the inverse."""
    return {
        "id": finding.key,
        "focus": finding.focus,
        "path": finding.path,
        "values": list(finding.values),
        "message": {"zh": finding.message_zh, "en": finding.message_en},
        "documents": list(finding.documents),
        "evidence": [{"iri": sentence.iri, "quote": sentence.quote} for sentence in finding.evidence],
        "component": finding.component,
        "numbers": dict(finding.numbers),
        "judgement": finding.judgement,
    }


def read_report(structure: Mapping[str, Any]) -> tuple[tuple[Finding, ...], dict[str, Rule]]:
    """The findings and rules of a `validation.json`. KeyError or ValueError when it is not one."""
    rules: dict[str, Rule] = {}
    findings: list[Finding] = []
    for group in structure["rules"]:
        label = group["label"]
        rule = Rule(group["shape"], Severity(group["severity"]), label["zh"], label["en"], group["documentation"])
        rules[rule.shape] = rule
        findings += [read_finding(entry, rule) for entry in group["findings"]]
    return ordered(findings), rules


def read_finding(entry: Mapping[str, Any], rule: Rule) -> Finding:
    """The finding of an entry of `validation.json`. KeyError or ValueError when it is none."""
    return Finding(
        shape=rule.shape,
        severity=rule.severity,
        focus=entry["focus"],
        path=entry["path"],
        values=tuple(entry["values"]),
        message_zh=entry["message"]["zh"],
        message_en=entry["message"]["en"],
        documents=tuple(entry["documents"]),
        evidence=tuple(Sentence(piece["iri"], piece["quote"]) for piece in entry["evidence"]),
        component=entry["component"],
        numbers=tuple(sorted(entry["numbers"].items())),
        judgement=Judgement(entry["judgement"]) if entry["judgement"] else None,
    )
