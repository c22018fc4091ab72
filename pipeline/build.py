"""Documents → snapshot: reads, extracts, derives, validates and publishes, in one direction.

One document's trouble is never another's: a file that cannot be read or processed is a failure, a document whose facts
violate a shape is quarantined; both are reported, and the rest is published. The same input gives the same version.
"""

import csv
import importlib.metadata
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from tqdm import tqdm

from pipeline.cache import Cache, TextCache, source_fingerprint
from pipeline.curation.decisions import Decision, Outcome, decisions_beside, read_decisions
from pipeline.document import find_documents, printable, read_document
from pipeline.errors import DocumentError, UsageError
from pipeline.extract import Extracted, Failure, Stages, Task, default_stages, extract_all, unreasoned
from pipeline.model import Document, Reason
from pipeline.scores import kept as kept_scores
from pipeline.snapshot import Snapshot, prepare, publish
from pipeline.validation.index_graph import index_of_build
from pipeline.validation.report import Finding, Judgement, Rule, Severity, counts, judged, ordered, report_bytes
from pipeline.vocabulary import DEFAULT_BASE, DU, PREFIXES, graph_iri

BASIS = ox.NamedNode(f"{DU}basis")
TITLE = ox.NamedNode(f"{PREFIXES['dcterms']}title")
VERSION_INFO = ox.NamedNode(f"{PREFIXES['owl']}versionInfo")
RIGHTS_UNKNOWN = "unknown"


@dataclass(frozen=True)
class BuildResult:
    """What a build did. `snapshot` is None when no document could be read: then nothing was published."""

    snapshot: Snapshot | None
    facts: int = 0
    findings: Mapping[str, int] = field(default_factory=dict)
    documents: int = 0
    cached: int = 0
    failures: tuple[Failure, ...] = ()
    quarantined: tuple[str, ...] = ()
    duplicates: tuple[tuple[str, str], ...] = ()
    skipped: tuple[tuple[Path, str], ...] = ()
    applied: int = 0
    lapsed: tuple[tuple[Decision, Reason], ...] = ()

    @property
    def exit_code(self) -> int:
        """0 when every document is published, else 1."""
        return 1 if self.failures or self.quarantined else 0


def build(
    paths: Sequence[Path],
    out: Path,
    *,
    jobs: int = 1,
    base: str = DEFAULT_BASE,
    progress: bool = False,
    reasoning: bool = True,
    corrections: Path | None = None,
    stages: Stages | None = None,
) -> BuildResult:
    """Builds a snapshot of the documents at `paths` under `out` and puts it in force.

    `jobs` is the number of processes that read documents; `progress` draws a bar on a terminal's standard error;
    `reasoning` asks HermiT whether each document's facts agree with the ontology; `corrections` is the folder of the
    curators' decisions, by default `corrections` beside each folder of documents, where it is.
    Raises UsageError where there is nothing to read, the base is no base or a decision cannot be understood,
    SnapshotError where nothing can be written.
    """
    check_base(base)
    decisions = read_decisions(corrections) if corrections else decisions_beside(paths)
    found = find_documents(paths)
    rights = _rights(paths)
    prepare(out)
    stages = stages or default_stages(reasoning)
    fingerprint = source_fingerprint()
    documents, duplicates, failures = _read(found.documents, TextCache(out / "cache", fingerprint), jobs, progress)
    failures += [Failure(printable(Path(error.subject).name), error.problem, error.remedy) for error in found.failures]
    shared = stages.shared_quads(base)
    regions: dict[str, list[ox.Quad]] = {}
    for quad in shared:
        if quad.graph_name == ox.NamedNode(graph_iri(base, "regions")) and isinstance(quad.subject, ox.NamedNode):
            regions.setdefault(quad.subject.value, []).append(quad)
    rules = stages.rules()
    reasoned = stages.contradiction is not unreasoned
    cache = Cache(out / "cache", f"{fingerprint} {'reasoned' if reasoned else 'unreasoned'}", rules)
    extracted, cached = _extract(documents, Task(stages, regions, base, decisions), cache, jobs, progress)
    failures += [outcome for outcome in extracted.values() if isinstance(outcome, Failure)]
    failures.sort(key=lambda failure: (failure.file, failure.problem))
    good = {name: outcome for name, outcome in sorted(extracted.items()) if isinstance(outcome, Extracted)}
    result = BuildResult(None, failures=tuple(failures), duplicates=duplicates, skipped=found.skipped, cached=cached)
    if not good:
        return result
    return _publish(_Reading(out, base, documents, shared, regions, good, rights, reasoned, decisions), rules, result)


def check_base(base: str) -> None:
    """Raises UsageError unless `base` is an absolute ASCII http(s) IRI that names can be appended to."""
    if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+/([A-Za-z0-9._~%-]+/)*", base):
        raise UsageError(base, "is no base IRI", "give an ASCII http or https IRI that ends in a slash")


@dataclass(frozen=True)
class _Reading:
    """All that a snapshot is made of; `good` maps document ids to what was read from them."""

    out: Path
    base: str
    documents: Mapping[str, Document]
    shared: Sequence[ox.Quad]
    regions: Mapping[str, Sequence[ox.Quad]]
    good: Mapping[str, Extracted]
    rights: Mapping[str, str]
    reasoned: bool
    decisions: tuple[Decision, ...]

    def quads(self, names: Iterable[str]) -> Iterator[ox.Quad]:
        """The shared graphs and those of the named documents."""
        yield from self.shared
        for name in names:
            yield from self.good[name].stated
            yield from self.good[name].derived


def _read(
    paths: Sequence[Path], texts: TextCache, jobs: int, progress: bool
) -> tuple[dict[str, Document], tuple[tuple[str, str], ...], list[Failure]]:
    """The documents by id, in order; each further file with the same content as (its name, the name kept)."""
    read: list[Document] = []
    failures: list[Failure] = []

    def one(path: Path) -> Document | Failure:
        try:
            return read_document(path, texts)
        except DocumentError as error:
            return Failure(printable(path.name), error.problem, error.remedy)

    with ThreadPoolExecutor(max(1, jobs)) as pool:  # threads do: what takes long is read by processes
        outcomes = pool.map(one, paths)
        for outcome in tqdm(outcomes, "reading", len(paths), disable=None if progress else True, leave=False):
            if isinstance(outcome, Failure):
                failures.append(outcome)
            else:
                read.append(outcome)
    documents: dict[str, Document] = {}
    duplicates = []
    for document in sorted(read, key=lambda one: (one.id, one.file_name)):
        kept = documents.setdefault(document.id, document)
        if kept is not document:
            duplicates.append((document.file_name, kept.file_name))
    return documents, tuple(duplicates), failures


def _extract(
    documents: Mapping[str, Document], task: Task, cache: Cache, jobs: int, progress: bool
) -> tuple[dict[str, Extracted | Failure], int]:
    """What each document gave, from the cache where it is unchanged, and how many came from there."""
    outcomes: dict[str, Extracted | Failure] = {}
    read: dict[str, list[ox.Quad]] = {}
    for name, document in documents.items():
        if entry := cache.get(document, task.base):
            if entry.decided == _decided(entry, task):
                outcomes[name] = entry
            else:
                read[name] = entry.extracted
    task = replace(task, read=read)
    cached = len(outcomes)
    new = {name: document for name, document in documents.items() if name not in outcomes}
    bar = tqdm(total=len(documents), initial=cached, unit="doc", disable=None if progress else True, leave=False)
    with bar:
        for name, outcome in extract_all(new, task, jobs):
            outcomes[name] = outcome
            if isinstance(outcome, Extracted):
                cache.put(new[name], task.base, outcome)
            bar.update()
    return outcomes, cached


def _decided(entry: Extracted, task: Task) -> str:
    """The name of the decisions that concern a document."""
    if not task.decisions:
        return ""
    from pipeline.curation.corrections import fingerprint, touching  # noqa: PLC0415 - imports what reading documents takes

    return fingerprint(touching(task.decisions, entry.extracted, task.base))


def _publish(reading: _Reading, rules: Mapping[str, Rule], result: BuildResult) -> BuildResult:
    """Leaves out the documents whose facts violate a shape, compares the rest with each other, and publishes them with
    the report about all."""
    from pipeline.validation.across import across  # noqa: PLC0415
    from pipeline.validation.findings import finding_quads, validation_report  # noqa: PLC0415

    good = reading.good.items()
    bad = {name for name, one in good if any(f.severity is Severity.VIOLATION for f in one.findings)}
    kept = [name for name in reading.good if name not in bad]
    texts = {name: reading.documents[name].text for name in kept}
    between = across(texts, {name: reading.good[name].stated for name in kept}, reading.regions, reading.base)
    findings = ordered([*(finding for _, one in good for finding in one.findings), *between.findings])
    about_kept = ordered([*(finding for name in kept for finding in reading.good[name].findings), *between.findings])
    judgements, decided, outcomes = _settle(reading, kept, about_kept)
    findings, about_kept = (judged(some, judgements) for some in (findings, about_kept))
    manifest = _manifest(reading, kept, sorted(bad), findings, result)
    manifest["corrections"] = [one.listed(outcomes[one.id]) for one in reading.decisions]
    snapshot = publish(
        reading.out,
        chain(reading.quads(kept), between.quads, finding_quads(about_kept, reading.base), decided),
        texts,
        manifest,
        report_ttl=validation_report(findings, reading.base),
        report_json=report_bytes(findings, rules),
        index=index_of_build(
            manifest,
            chain.from_iterable(one.stated for one in reading.good.values()),
            reading.regions,
            findings,
            rules,
            {one.key for one in about_kept},
        ),
    )
    return replace(
        result,
        snapshot=snapshot,
        documents=len(kept),
        facts=sum(entry["facts"] for entry in manifest["documents"]),
        findings=manifest["findings"],
        quarantined=tuple(entry["file"] for entry in manifest["quarantined"]),
        applied=sum(1 for outcome in outcomes.values() if not outcome.lapse),
        lapsed=tuple((one, lapse) for one in reading.decisions if (lapse := outcomes[one.id].lapse)),
    )


def _settle(
    reading: _Reading, kept: Sequence[str], findings: Sequence[Finding]
) -> tuple[Mapping[str, Judgement], list[ox.Quad], dict[str, Outcome]]:
    """The judgements in force by the key of their finding, the quads of all decisions that no document's graph holds,
    and what became of every decision, by its id."""
    if not reading.decisions:
        return {}, [], {}
    from pipeline.curation.corrections import settle  # noqa: PLC0415
    from pipeline.validation.judgements import judge  # noqa: PLC0415

    made = judge(reading.decisions, findings, reading.base)
    outcomes = [outcome for good in reading.good.values() for outcome in good.outcomes]
    return made.judgements, *settle(reading.decisions, outcomes, made, kept, reading.base)


def _manifest(
    reading: _Reading, kept: Sequence[str], bad: Sequence[str], findings: Sequence[Finding], result: BuildResult
) -> dict[str, Any]:
    found = Counter(about for finding in findings for about in finding.documents)

    def entry(name: str) -> dict[str, Any]:
        document, good = reading.documents[name], reading.good[name]
        return {
            "id": name,
            "file": document.file_name,
            "sha256": document.sha256,
            "title": _value(good.stated, TITLE, f"{reading.base}document/{name}"),
            "rights": reading.rights.get(document.sha256, RIGHTS_UNKNOWN),
            "text_length": len(document.text),
            "facts": len({quad.subject for quad in good.stated if quad.predicate == BASIS}),
            "findings": found[f"{reading.base}document/{name}"],
        }

    return {
        "base": reading.base,
        "code_version": importlib.metadata.version("ducha"),
        "ontology_version": _value(reading.shared, VERSION_INFO),
        "documents": [entry(name) for name in kept],
        "quarantined": [entry(name) for name in bad],
        "duplicates": [{"file": file, "same_as": same} for file, same in result.duplicates],
        "failures": [{k: v for k, v in asdict(f).items() if v and k != "details"} for f in result.failures],
        "findings": counts(findings),
        "validated": True,
        "reasoned": reading.reasoned,
        "evaluation": kept_scores(),
    }


def _value(quads: Iterable[ox.Quad], predicate: ox.NamedNode, subject: str = "") -> str:
    """The value of a property, of the given node or of any; the first in code point order, or nothing."""
    about = (q.object for q in quads if q.predicate == predicate and (not subject or str(q.subject) == f"<{subject}>"))
    return min((term.value for term in about if isinstance(term, ox.Literal)), default="")


def _rights(paths: Iterable[Path]) -> dict[str, str]:
    """SHA-256 → rights, from the table beside each folder (`data/documents.csv` for `data/documents`), where it is."""
    rights: dict[str, str] = {}
    for folder in (path.resolve() for path in paths if path.is_dir()):
        table = folder.parent / f"{folder.name}.csv"
        if not table.is_file():
            continue
        try:
            with table.open(encoding="utf-8-sig", newline="") as file:
                rows = csv.DictReader(file)
                rights.update({row["sha256"]: row["rights"] for row in rows if row.get("sha256") and row.get("rights")})
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise UsageError(
                table, f"cannot be read ({error})", "write it as UTF-8 CSV with sha256 and rights"
            ) from None
    return rights
