"""A document to be mutated (被测对象): its facts followed through the build, and what the rules find, broken or not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyoxigraph as ox

from pipeline.extract import TEXT, Failure, Task, default_stages, extract
from pipeline.model import Document
from pipeline.mutation.operator import Layer
from pipeline.mutation.original import Mutant, Original, du, words
from pipeline.reasoning.infer import derive
from pipeline.validation.across import across
from pipeline.validation.report import Finding
from pipeline.validation.validate import check, facts
from pipeline.vocabulary import DEFAULT_BASE, graph_iri

_TWIN = "ffffffffffffffff"


@dataclass(frozen=True)
class Subject:
    """A document to be mutated: its stated triples, its text, and what is needed to follow it through the build."""

    file: str
    id: str
    text: str
    stated: tuple[ox.Triple, ...]
    task: Task
    _originals: dict[Layer, Original] = field(default_factory=dict, compare=False)
    _known: dict[tuple[Layer, str], frozenset[tuple[str, str]]] = field(default_factory=dict, compare=False)

    @property
    def document(self) -> ox.NamedNode:
        """The document's node."""
        return ox.NamedNode(f"{self.task.base}document/{self.id}")

    def original(self, layer: Layer) -> Original:
        """The facts that operators of a layer break."""
        if layer not in self._originals:
            stated = self._twin() if layer.across else self.stated
            around, derived = self._following(stated)
            edited = {Layer.DERIVED: derived, Layer.REGIONS: around}.get(layer, stated)
            self._originals[layer] = Original(self._named(layer), self.text, stated, derived, around, edited)
        return self._originals[layer]

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
            if (layer, name) not in self._known:
                self._known[layer, name] = frozenset(map(_said, self.findings(layer, None, name)))
            known |= self._known[layer, name]
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
        if isinstance(term, ox.NamedNode) and term.value.startswith(self.document.value):
            return ox.NamedNode(self._named(Layer.TWIN).value + term.value.removeprefix(self.document.value))
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
