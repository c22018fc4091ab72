"""Mutates documents: builds each as the build does, breaks it, and asks the rules that must see it.

A mutant is caught (杀死, killed) when a rule that its operator names reports what it did not report of the unbroken
graph; else it survived (存活). Mutants depend on the document alone, so the same documents give the same table.
"""

import hashlib
import multiprocessing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pyoxigraph as ox
from tqdm import tqdm

from pipeline.across import across
from pipeline.extract import TEXT, Extracted, Failure, Task, default_stages, extract
from pipeline.infer import derive
from pipeline.model import Document
from pipeline.mutation.operator import Layer, Operator
from pipeline.mutation.operators import OPERATORS
from pipeline.mutation.original import Mutant, Original, du, words
from pipeline.report import Finding
from pipeline.shapes import ACROSS, room_of, rooms
from pipeline.validate import check, facts
from pipeline.vocabulary import DEFAULT_BASE, SHAPE, graph_iri

FEW = 2  # documents that are mutated sooner in this process than workers start
_TWIN = "ffffffffffffffff"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One mutant: by which operator, in which file, at which node; the ids of the rules that reported anything new,
    asked of all rules where the mutant was missed."""

    operator: str
    file: str
    place: str
    caught: bool
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """A document to be mutated: its stated triples, its text, and what is needed to follow it through the build."""

    file: str
    id: str
    text: str
    stated: tuple[ox.Triple, ...]
    task: Task
    seen: dict[tuple[Layer, str], frozenset[tuple[str, str]]] = field(default_factory=dict, compare=False)

    @property
    def document(self) -> ox.NamedNode:
        """The document's node."""
        return ox.NamedNode(f"{self.task.base}document/{self.id}")

    def original(self, layer: Layer) -> Original:
        """The facts that operators of a layer break."""
        stated = self._twin() if layer.across else self.stated
        around, derived = self._following(stated)
        edited = {Layer.DERIVED: derived, Layer.REGIONS: around}.get(layer, stated)
        return Original(self._named(layer), self.text, stated, derived, around, edited)

    def triples(self, layer: Layer, mutant: Mutant | None) -> list[ox.Triple]:
        """What the rules about one document are asked of: the graph with its text, broken or not."""
        mutated = mutant.of if mutant else list
        stated = mutated(self.stated) if layer is Layer.STATED else list(self.stated)
        around, derived = self._following(stated)
        around = mutated(around) if layer is Layer.REGIONS else around
        derived = mutated(derived) if layer is Layer.DERIVED else derived
        text = ox.Triple(self.document, TEXT, ox.Literal(self.text))
        return facts([ox.Quad(t.subject, t.predicate, t.object) for t in (*stated, *derived, *around, text)])

    def findings(self, layer: Layer, mutant: Mutant | None, *names: str) -> tuple[Finding, ...]:
        """What the rules of some rooms find, or those across this document and its twin."""
        if not layer.across:
            return check(self.triples(layer, mutant), *names)
        twin = mutant.of(self._twin()) if mutant else self._twin()
        stated = {self.id: _quads(self.stated), _TWIN: _quads(twin)}
        texts = {self.id: self.text, _TWIN: self.text if layer is Layer.COPY else ""}
        return across(texts, stated, self.task.regions, self.task.base).findings

    def new(self, layer: Layer, mutant: Mutant, *names: str) -> tuple[Finding, ...]:
        """What those rules find in the mutant only."""
        known = frozenset[tuple[str, str]]()
        for name in names:
            if (layer, name) not in self.seen:
                self.seen[layer, name] = frozenset(map(_said, self.findings(layer, None, name)))
            known |= self.seen[layer, name]
        return tuple(one for one in self.findings(layer, mutant, *names) if _said(one) not in known)

    def _named(self, layer: Layer) -> ox.NamedNode:
        return ox.NamedNode(words(self.document).replace(self.id, _TWIN)) if layer.across else self.document

    def _twin(self) -> list[ox.Triple]:
        """The same facts as another document states them."""
        return [
            ox.Triple(self._renamed(t.subject), t.predicate, self._renamed(t.object))
            for t in self.stated
            if isinstance(t.subject, ox.NamedNode) and t.predicate != du("fileName")
        ] + [ox.Triple(self._named(Layer.TWIN), du("fileName"), ox.Literal(f"twin of {self.file}"))]

    def _renamed(self, term: Any) -> Any:
        if isinstance(term, ox.NamedNode) and self.id in term.value:
            return ox.NamedNode(term.value.replace(self.id, _TWIN))
        return term

    def _following(self, stated: Iterable[ox.Triple]) -> tuple[list[ox.Triple], list[ox.Triple]]:
        """The regions around some stated triples, and what follows from both."""
        quads = _quads(stated)
        around = self.task.around(quads)
        derived = derive(quads, around, self.task.base, self.id)
        return [quad.triple for quad in around], [quad.triple for quad in derived]


def _quads(triples: Iterable[ox.Triple]) -> list[ox.Quad]:
    return [ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples]


def _said(finding: Finding) -> tuple[str, str]:
    """What was found, with its numbers: the same hit with other numbers is another finding."""
    return finding.key, finding.message_en


def subject_of(document: Document, task: Task) -> Subject | Failure:
    """The document as the build reads it."""
    outcome = extract(document, task)
    if isinstance(outcome, Failure):
        return outcome
    return Subject(document.file_name, document.id, document.text, tuple(q.triple for q in outcome.stated), task)


def mutants(subject: Subject, operator: Operator, most: int, originals: dict[Layer, Original]) -> list[Mutant]:
    """Up to `most` mutants by one operator, spread over the document by the hash of their place. What would change
    nothing is no mutant."""
    if operator.layer not in originals:
        originals[operator.layer] = subject.original(operator.layer)
    original = originals[operator.layer]
    known = frozenset(original.edited)
    made = {
        hashlib.sha256(f"{operator.id} {one.place}".encode()).hexdigest(): one
        for one in operator.mutate(original)
        if one.added - known or (one.removed & known) - one.added
    }
    return [made[name] for name in sorted(made)[:most]]


def mutate(subject: Subject, most: int = 2, operators: Sequence[Operator] = OPERATORS) -> Iterator[Outcome]:
    """What becomes of the mutants of one document, up to `most` for each operator."""
    originals: dict[Layer, Original] = {}
    for operator in operators:
        for mutant in mutants(subject, operator, most, originals):
            yield outcome(subject, operator, mutant)


def outcome(subject: Subject, operator: Operator, mutant: Mutant) -> Outcome:
    """Whether a rule that the operator names sees the mutant; if none, which others do."""
    names = {room_of(SHAPE + rule) for rule in operator.rules}
    shapes = {SHAPE + rule for rule in operator.rules}
    caught = any(one.shape in shapes for one in subject.new(operator.layer, mutant, *sorted(names)))
    instead: tuple[str, ...] = ()
    if not caught:
        everywhere = (ACROSS,) if operator.layer.across else rooms()
        found = subject.new(operator.layer, mutant, *everywhere)
        instead = tuple(sorted({one.shape.removeprefix(SHAPE) for one in found}))
    return Outcome(operator.id, subject.file, mutant.place, caught, instead)


def task_of(base: str = DEFAULT_BASE) -> Task:
    """The steps of the build without HermiT, with the gazetteer."""
    stages = default_stages(reasoning=False)
    gazetteer = ox.NamedNode(graph_iri(base, "regions"))
    regions: dict[str, list[ox.Quad]] = {}
    for quad in stages.shared_quads(base):
        if quad.graph_name == gazetteer and isinstance(quad.subject, ox.NamedNode):
            regions.setdefault(quad.subject.value, []).append(quad)
    return Task(replace(stages, validate=_unasked), regions, base)


def _unasked(quads: Sequence[ox.Quad], base: str) -> tuple[Finding, ...]:
    return ()


_task = cache(task_of)


def _mutate_here(document: Document, most: int) -> list[Outcome] | Failure:
    subject = subject_of(document, _task())
    return subject if isinstance(subject, Failure) else list(mutate(subject, most))


def mutate_all(
    documents: Mapping[str, Document], most: int, jobs: int, progress: bool = False
) -> tuple[list[Outcome], list[Failure]]:
    """What becomes of the mutants of all documents, in the order of the documents, and which could not be read."""
    done: dict[str, list[Outcome] | Failure] = {}
    with tqdm(total=len(documents), unit="doc", disable=None if progress else True, leave=False) as bar:
        for name, found in _each(documents, most, jobs):
            done[name] = found
            bar.update()
    found = [done[name] for name in documents]
    return [o for one in found if isinstance(one, list) for o in one], [o for o in found if isinstance(o, Failure)]


def _each(documents: Mapping[str, Document], most: int, jobs: int) -> Iterator[tuple[str, list[Outcome] | Failure]]:
    if jobs <= 1 or len(documents) <= FEW:
        for name, document in documents.items():
            yield name, _mutate_here(document, most)
        return
    with ProcessPoolExecutor(min(jobs, len(documents)), multiprocessing.get_context("spawn")) as pool:
        futures = {pool.submit(_mutate_here, document, most): name for name, document in documents.items()}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
