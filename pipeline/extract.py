"""Document → quads and findings, for one document or many at once: in this process, or in several.

A document that fails, in whatever way, costs itself alone: what went wrong is returned, and a worker process that dies
takes no other document with it.
"""

import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from pipeline.curation.decisions import Decision, Outcome
from pipeline.errors import DuchaError
from pipeline.model import Document, Reason
from pipeline.reasoning.contradiction import Contradiction, contradiction
from pipeline.validation.report import Finding, Rule, Severity
from pipeline.vocabulary import DU
from pipeline.workers import as_they_come, obey_parent, pool

SECONDS = 300.0  # that one document may take; the slowest of the shipped ones takes about ten
FEW = 4  # documents that are read sooner in this process than workers start
QUOTE, BEGIN, END = (ox.NamedNode(f"{DU}{name}") for name in ("quote", "begin", "end"))
TEXT = ox.NamedNode("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#isString")
REPORT_IT = "run again with --debug and report it with the file"


def unreasoned(quads: Sequence[ox.Quad]) -> None:
    """Takes a document's facts as consistent without asking."""


@dataclass(frozen=True)
class Stages:
    """The steps between a document and its findings: functions at module level, so that workers find them.

    document_quads: document, base → what it states. shared_quads: base → ontology, concepts and regions.
    derive: stated, regions, base, document id → what follows. validate: a document's quads with the regions it
    mentions, base → findings. rules: every rule of a finding by the IRI of its shape. contradiction: the same quads →
    why they contradict the ontology, or None.
    """

    document_quads: Callable[[Document, str], list[ox.Quad]]
    shared_quads: Callable[[str], list[ox.Quad]]
    derive: Callable[[Sequence[ox.Quad], Sequence[ox.Quad], str, str], list[ox.Quad]]
    validate: Callable[[Sequence[ox.Quad], str], tuple[Finding, ...]]
    rules: Callable[[], Mapping[str, Rule]]
    contradiction: Callable[[Sequence[ox.Quad]], Contradiction | None] = unreasoned


@dataclass(frozen=True)
class Extracted:
    """What one document gave: the quads it states, those that follow, and what the rules find in them.

    Where a curator decided about it, `stated` is as corrected, `read` as extracted, `decided` names the decisions
    (`corrections.fingerprint`) and `outcomes` says what became of them.
    """

    stated: list[ox.Quad]
    derived: list[ox.Quad]
    findings: tuple[Finding, ...]
    read: list[ox.Quad] | None = None
    decided: str = ""
    outcomes: tuple[Outcome, ...] = ()

    @property
    def extracted(self) -> list[ox.Quad]:
        """The stated quads before any correction."""
        return self.stated if self.read is None else self.read


@dataclass(frozen=True)
class Failure:
    """Why a file gave nothing, in plain strings that cross processes; `details` is the traceback of a fault of ours."""

    file: str
    problem: str
    remedy: str
    details: str = ""
    contradiction: Contradiction | None = None

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}; {self.remedy}"


@dataclass(frozen=True)
class Task:
    """What a worker needs to know beside the document; `regions` maps a region to its quads, `read` a document's id to
    its stated quads where they are known from an earlier build."""

    stages: Stages
    regions: Mapping[str, Sequence[ox.Quad]]
    base: str
    decisions: tuple[Decision, ...] = ()
    read: Mapping[str, list[ox.Quad]] = field(default_factory=dict)

    def around(self, quads: Iterable[ox.Quad]) -> list[ox.Quad]:
        """The quads of the regions that some quads mention, and of the regions these lie in.

        A document mentions few of the thousands there are, and each step copies what it is given.
        """
        mentioned: dict[str, Sequence[ox.Quad]] = {}
        waiting = [quad.object for quad in quads]
        while waiting:
            term = waiting.pop()
            if isinstance(term, ox.NamedNode) and term.value in self.regions and term.value not in mentioned:
                mentioned[term.value] = self.regions[term.value]
                waiting += [quad.object for quad in mentioned[term.value]]
        return [quad for name in sorted(mentioned) for quad in mentioned[name]]


def default_stages(reasoning: bool = True) -> Stages:
    """The real steps, imported only when documents are read; without `reasoning` HermiT is not asked."""
    from pipeline.graph import document_quads, shared_quads  # noqa: PLC0415
    from pipeline.reasoning.infer import derive  # noqa: PLC0415
    from pipeline.validation.shapes import rules  # noqa: PLC0415

    return Stages(document_quads, shared_quads, derive, _validate, rules, contradiction if reasoning else unreasoned)


def extract(document: Document, task: Task) -> Extracted | Failure:
    """The quads and findings of one document, or why there are none. Never raises."""
    try:
        with time_limit(SECONDS):
            return _extract(document, task)
    except DuchaError as error:
        return Failure(document.file_name, error.problem, error.remedy)
    except TimeoutError:
        return Failure(document.file_name, f"takes longer than {SECONDS:.0f} s to read", "split it, or leave it out")
    except Exception as error:  # whatever a document does to our code, the others go on
        said = str(error).partition("\n")[0]
        problem = f"cannot be processed ({type(error).__name__}: {said})"
        return Failure(document.file_name, problem, REPORT_IT, traceback.format_exc())


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TimeoutError when the block takes longer. Only a process's main thread can be interrupted (and not on
    Windows); elsewhere there is no limit."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signum: int, frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _extract(document: Document, task: Task) -> Extracted | Failure:
    read = task.read.get(document.id) or task.stages.document_quads(document, task.base)
    if task.decisions:
        from pipeline.curation.corrections import touching  # noqa: PLC0415 - imports what reading documents takes

        if decisions := touching(task.decisions, read, task.base):
            return _corrected(document, read, decisions, task)
    return _finished(document, read, task)


def _corrected(
    document: Document, read: list[ox.Quad], decisions: Sequence[Decision], task: Task
) -> Extracted | Failure:
    """What a document gives with its corrections. One that would break a rule lapses, and costs only itself."""
    from pipeline.curation.corrections import apply, blamed, contradicting, fingerprint  # noqa: PLC0415

    refused: dict[str, Reason] = {}
    while True:
        stated, outcomes = apply(read, document, decisions, task.base, refused)
        result = _finished(document, stated, task)
        if isinstance(result, Failure):
            blame = contradicting(outcomes, result.contradiction)
        else:
            blame = blamed(outcomes, _new_violations(document, read, result, task))
        if not blame:
            break
        refused |= blame
    if isinstance(result, Failure):
        return result
    return replace(result, read=read, decided=fingerprint(decisions), outcomes=outcomes)


def _new_violations(document: Document, read: list[ox.Quad], result: Extracted, task: Task) -> list[Finding]:
    """The violations that are not there without the corrections."""
    violations = [finding for finding in result.findings if finding.severity is Severity.VIOLATION]
    if not violations:
        return []
    plain = _finished(document, read, task)
    known = {finding.key for finding in plain.findings} if isinstance(plain, Extracted) else set()
    return [finding for finding in violations if finding.key not in known]


def _finished(document: Document, stated: list[ox.Quad], task: Task) -> Extracted | Failure:
    if wrong := unfaithful(document, stated):
        raise AssertionError(f"{len(wrong)} quotes differ from the text, the first {wrong[0]}")
    around = task.around(stated)
    derived = task.stages.derive(stated, around, task.base, document.id)
    everything = [*stated, *derived, *around]
    if clash := task.stages.contradiction(everything):
        return Failure(document.file_name, clash.told(task.base), REPORT_IT, contradiction=clash)
    about = ox.NamedNode(f"{task.base}document/{document.id}")
    everything.append(ox.Quad(about, TEXT, ox.Literal(document.text)))
    return Extracted(stated, derived, task.stages.validate(everything, task.base))


def unfaithful(document: Document, stated: Iterable[ox.Quad]) -> list[str]:
    """The evidence nodes whose quote is not exactly the text between their offsets, sorted: there must be none."""
    places: dict[str, dict[ox.NamedNode, str]] = {}
    for quad in stated:
        if quad.predicate in (QUOTE, BEGIN, END) and isinstance(quad.object, ox.Literal):
            places.setdefault(str(quad.subject), {})[quad.predicate] = quad.object.value
    return sorted(
        name
        for name, place in places.items()
        if len(place) < 3 or document.text[int(place[BEGIN]) : int(place[END])] != place[QUOTE]
    )


def extract_all(documents: Mapping[str, Document], task: Task, jobs: int) -> Iterator[tuple[str, Extracted | Failure]]:
    """Yields document id and outcome as they come, in no fixed order."""
    if jobs <= 1 or len(documents) <= FEW:
        for name, document in documents.items():
            yield name, extract(document, task)
        return
    done = set()
    try:
        for name, outcome in _in_workers(documents, task, jobs):
            done.add(name)
            yield name, outcome
    except BrokenProcessPool:
        # One document killed its worker, and with it the pool: find out which, each in a worker of its own.
        for name, document in documents.items():
            if name not in done:
                yield name, _alone(document, task)


def _in_workers(documents: Mapping[str, Document], task: Task, jobs: int) -> Iterator[tuple[str, Extracted | Failure]]:
    with pool(min(jobs, len(documents)), _start, task) as running:
        yield from as_they_come(
            running, {running.submit(_extract_here, document): name for name, document in documents.items()}
        )


def _alone(document: Document, task: Task) -> Extracted | Failure:
    try:
        with pool(1, _start, task) as running:
            return running.submit(_extract_here, document).result()
    except BrokenProcessPool:
        return Failure(document.file_name, "kills the process that reads it", "leave it out and report it")


def _validate(quads: Sequence[ox.Quad], base: str) -> tuple[Finding, ...]:
    from pipeline.validation.validate import validate  # noqa: PLC0415

    return validate(quads, base).findings


_task: Task


def _start(task: Task) -> None:
    global _task  # noqa: PLW0603 - a worker process is given its task once, not with each document
    _task = task
    obey_parent()


def _extract_here(document: Document) -> Extracted | Failure:
    return extract(document, _task)
