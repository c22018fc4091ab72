"""What a curator should look at (待核), most useful first: `ducha review`.

Reads: a snapshot. Gives: facts that are not simply read, gaps, findings, documents that are not whole, and facts of rules
that are known to be weak (`data/weak-rules.csv`), each with its key, value, sentence and context. What was decided already is
left out, unless the decision has lapsed.
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache

import pyoxigraph as ox

from pipeline.assets import asset_path
from pipeline.curation.decisions import Decision, sentence_hash
from pipeline.curation.keys import (
    BASIS,
    CORRECTION,
    OBJECT,
    PREDICATE,
    REASON,
    RULE,
    SUBJECT,
    TYPE,
    Fact,
    fact,
    label,
    nodes,
    objects,
    one_line,
    text,
)
from pipeline.curation.values import decidable, written
from pipeline.errors import UsageError
from pipeline.snapshot import Snapshot
from pipeline.validation.browse import opened
from pipeline.validation.facets import Filter
from pipeline.validation.report import Finding
from pipeline.vocabulary import DU, DUC, PREFIXES, graph_iri

CONTEXT = 40  # characters of the text on either side
KINDS = ("lapsed", "repaired", "inferred", "inherited", "gap", "finding", "document", "weak")
_COMPLETENESS = ox.NamedNode(f"{DU}completeness")
_PARTIAL = {ox.NamedNode(f"{DUC}completeness-{name}") for name in ("excerpt", "template")}
_GAP_KIND, _PREF = ox.NamedNode(f"{DU}gapKind"), ox.NamedNode(f"{PREFIXES['skos']}prefLabel")


@dataclass(frozen=True)
class Entry:
    """One thing to look at. `key`, `sentence` (the hash) and `value` are what a decision on it names; `label` says the
    value in words; `why_zh` and `why_en` say why it is here. Offsets are code points of the document's text."""

    kind: str
    key: str
    document: str
    file: str
    value: str
    label: str
    why_zh: str
    why_en: str
    rule: str
    begin: int
    before: str
    quote: str
    after: str
    sentence: str

    @property
    def command(self) -> str:
        """What accepts it; `--change VALUE` or `--reject` decides otherwise."""
        return f"ducha review '{self.key}' --document {self.document} --accept --by NAME --why TEXT"


@cache
def weak_rules() -> Mapping[str, tuple[str, str]]:
    """The rules declared to have a low confidence, each with the reason in Chinese and English."""
    with asset_path("data", "weak-rules.csv").open(encoding="utf-8", newline="") as file:
        return {row["rule"]: (row["zh"], row["en"]) for row in csv.DictReader(file) if row["confidence"] == "low"}


def entries(snapshot: Snapshot, store: ox.Store, decisions: Iterable[Decision] = ()) -> list[Entry]:
    """Everything to look at, each fact once, by kind, document and place. `decisions` are those made since the snapshot
    was built: what they decide is left out too. Raises UsageError for a snapshot of loaded data."""
    if not snapshot.manifest["validated"]:
        remedy = "review a snapshot of `ducha build`"
        raise UsageError(f"snapshot {snapshot.version}", "was loaded: it has no documents to look at", remedy)
    lapsed = [one for one in snapshot.manifest.get("corrections", ()) if one["outcome"] == "lapsed"]
    decisions = tuple(decisions)
    ids, kept = {one["id"] for one in lapsed}, {one.id for one in decisions}
    pending = {(one.key, one.hash, one_line(one.value)) for one in decisions if one.id not in ids}
    found = [_of_lapsed(snapshot, store, one) for one in lapsed if not kept or one["id"] in kept]
    for document in snapshot.manifest["documents"]:
        found += _Reader(snapshot, store, document["id"], document["file"]).entries()
    files = {document["id"]: document["file"] for document in snapshot.manifest["documents"]}
    with opened(snapshot.findings_path) as findings:
        listed = (one.finding for one in findings.every(Filter()))
        found += [entry for one in listed if (entry := _of_finding(snapshot, store, one, files))]
    once: dict[tuple[str, str, str, str], Entry] = {}
    templates = {one.document for one in found if one.value == "duc:completeness-template"}
    for entry in sorted(found, key=lambda one: _order(one, templates)):
        if not pending & {(entry.key, entry.sentence, value) for value in (entry.value, "")}:
            once.setdefault((entry.document, entry.key, entry.value, entry.sentence), entry)
    return list(once.values())


def _order(entry: Entry, templates: Collection[str]) -> tuple[int, int, str, int, str, str]:
    """Findings stay in their own order, gravest first; the placeholders of a template come after other gaps."""
    rank = KINDS.index(entry.kind)
    if entry.kind == "finding":
        return rank, 0, "", 0, "", ""
    later = 0 if entry.kind != "gap" else 2 if entry.value else int(entry.document in templates)
    return rank, later, entry.file, entry.begin, entry.key, entry.value


def _of_lapsed(snapshot: Snapshot, store: ox.Store, one: Mapping[str, str]) -> Entry:
    node = ox.NamedNode(f"{snapshot.manifest['base']}correction/{one['id']}")
    zh, en = (text(store, None, node, REASON, language) for language in ("zh", "en"))
    value = f"{one['action']} · {one['by']} · {one['on']}"
    return Entry("lapsed", one["key"], "", one["file"], value, "", zh, en, "", 0, "", "", "", "")


def _of_finding(snapshot: Snapshot, store: ox.Store, one: Finding, files: Mapping[str, str]) -> Entry | None:
    documents = [name.rpartition("/")[2] for name in one.documents]
    document = next((name for name in documents if name in files), None)
    node = ox.NamedNode(f"{snapshot.manifest['base']}finding/{one.key}")
    if document is None or any(store.quads_for_pattern(node, CORRECTION, None, None)):
        return None
    about = written(ox.NamedNode(one.focus), snapshot.manifest["base"]) if "://" in one.focus else one.focus
    return Entry(
        "finding", f"finding/{one.key}", document, files[document], one_line(one.said), about, one.message_zh, one.message_en,
        f"{one.severity}: {one.shape.rpartition('/')[2]}", 0, "", one_line(" … ".join(piece.quote for piece in one.evidence)), "", sentence_hash(one.sentence),
    )  # fmt: skip


@dataclass(frozen=True)
class _Reader:
    """The things to look at in one document."""

    snapshot: Snapshot
    store: ox.Store
    document: str
    file: str

    @property
    def base(self) -> str:
        return str(self.snapshot.manifest["base"])

    @property
    def graph(self) -> ox.NamedNode:
        return ox.NamedNode(graph_iri(self.base, "document", self.document, "stated"))

    def entries(self) -> Iterator[Entry]:
        for kind in ("repaired", "inferred", "inherited"):
            for node in self._subjects(BASIS, ox.NamedNode(f"{DUC}basis-{kind}")):
                if one := self._fact(node):
                    partial = one.predicate == _COMPLETENESS and one.value in _PARTIAL
                    yield self._entry("document" if partial else kind, one, *self._reasons(node))
        for value in _PARTIAL:
            for node in self._subjects(OBJECT, value):
                if one := self._fact(node):
                    yield self._entry("document", one, *self._reasons(node))
        for node in self._subjects(TYPE, ox.NamedNode(f"{DU}Gap")):
            yield self._entry("gap", fact(self.store, self.graph, self.base, node), *self._reasons(node))
        for rule, why in weak_rules().items():
            for node in self._subjects(RULE, ox.Literal(rule)):
                if one := self._fact(node):
                    yield self._entry("weak", one, *why)

    def _subjects(self, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> Iterator[ox.NamedNode]:
        """The nodes with this value on which nothing is decided yet."""
        for quad in self.store.quads_for_pattern(None, predicate, value, self.graph):
            node = quad.subject
            if isinstance(node, ox.NamedNode) and not objects(self.store, self.graph, node, CORRECTION):
                yield node

    def _fact(self, node: ox.NamedNode) -> Fact | None:
        """What an assertion, or a node, says; None for what is not decided on by itself."""
        subjects = nodes(self.store, self.graph, node, SUBJECT)
        if not subjects:
            return fact(self.store, self.graph, self.base, node)
        (predicate,), (value,) = (
            nodes(self.store, self.graph, node, PREDICATE),
            objects(self.store, self.graph, node, OBJECT),
        )
        return fact(self.store, self.graph, self.base, subjects[0], predicate, value) if decidable(predicate) else None

    def _reasons(self, node: ox.NamedNode) -> tuple[str, str]:
        kinds = nodes(self.store, self.graph, node, _GAP_KIND)
        concepts = [
            (text(self.store, None, kind, _PREF, "zh"), text(self.store, None, kind, _PREF, "en")) for kind in kinds
        ]
        zh, en = (text(self.store, self.graph, node, REASON, tag) for tag in ("zh", "en"))
        return (zh, en) if zh or not concepts else concepts[0]

    def _entry(self, kind: str, one: Fact, zh: str, en: str) -> Entry:
        whole = self.snapshot.text(self.document)
        begin, end = (one.passages[0].begin, one.passages[-1].end) if one.passages else (0, 0)
        known = label(self.store, None, one.value) if isinstance(one.value, ox.NamedNode) else ""
        rules = [text(self.store, self.graph, node, RULE) for node in one.held]
        return Entry(
            kind, one.key, self.document, self.file, one.shown, known, zh, en, rules[0], begin,
            one_line(whole[max(0, begin - CONTEXT) : begin]),
            one_line(" … ".join(passage.quote for passage in one.passages)),
            one_line(whole[end : end + CONTEXT]), one.hash,
        )  # fmt: skip


def as_table(found: Iterable[Entry]) -> Iterator[str]:
    """For a terminal: kind, key and value in one line, then why, then the sentence in 【】 with its context."""
    number = 0
    for entry in found:
        number += 1
        said = " ".join(part for part in (entry.label, entry.value) if part)
        yield f"{entry.kind:<10}{entry.key}{f' = {said}' if said else ''}"
        why = " / ".join(dict.fromkeys(part for part in (entry.why_zh, entry.why_en) if part))
        yield from (f"{'':<10}{line}" for line in (f"{why}  [{entry.rule}]" if entry.rule else why,) if line)
        if entry.quote:
            yield f"{'':<10}{entry.file}: {entry.before}【{_cut(entry.quote)}】{entry.after}"
    yield f"({number} to look at; decide with: ducha review KEY --accept | --change VALUE | --reject --by NAME --why TEXT)"


def _cut(words: str, limit: int = 120) -> str:
    return words if len(words) <= limit else f"{words[: limit // 2]}…{words[-limit // 2 :]}"


def as_records(found: Iterable[Entry]) -> list[dict[str, str | int]]:
    """For programs: every field, and the command that accepts it."""
    return [{**asdict(entry), "command": entry.command} for entry in found]
