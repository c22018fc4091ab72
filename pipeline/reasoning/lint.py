"""The ontology held against its own rules, and its terms against what uses them.

Reads `ontology/`, `shapes/`, `queries/` and the code of `pipeline` and `service`. The rules of `shapes/ontology-style.ttl`
look at each term; here is what no shape can see: where a term is declared, and whether code, shapes and queries use
declared terms, all of them, and none that is deprecated.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from pipeline.assets import asset_path
from pipeline.reasoning.usage import Usage, usage
from pipeline.validation.report import Severity
from pipeline.validation.shapes import STYLE
from pipeline.validation.validate import check
from pipeline.vocabulary import DU, DUC, PREFIXES, short

FILES = ("ducha", "concepts", "alignments")
_TYPE, _ABOVE = (
    ox.NamedNode(f"{PREFIXES['rdf']}type"),
    frozenset(f"{PREFIXES['rdfs']}{name}" for name in ("subClassOf", "subPropertyOf", "domain", "range")),
)
_DEPRECATED = ox.NamedNode(f"{PREFIXES['owl']}deprecated")
_NOTE = ox.NamedNode(f"{PREFIXES['skos']}editorialNote")
_HEAD = re.compile(r"^([a-z]+:[\w-]+) ", re.MULTILINE)
_SECTION = re.compile(r"\n(?:# .*\n)+\n")


@dataclass(frozen=True, slots=True, order=True)
class Defect:
    """What is wrong with a term, or with the line that uses it. An info is told and excused."""

    severity: Severity
    subject: str
    problem: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.problem}" + (" (info)" if self.severity is Severity.INFO else "")


class _Ontology:
    """The files of a folder such as `ontology/`, and the triples about our own terms."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.triples = [q.triple for name in FILES for q in ox.parse(path=str(folder / f"{name}.ttl")) if _ours(q)]

    @cached_property
    def declared(self) -> frozenset[str]:
        """The IRIs of the terms, concepts and schemes."""
        return frozenset(t.subject.value for t in self.triples if t.predicate == _TYPE)

    @cached_property
    def deprecated(self) -> frozenset[str]:
        """The IRIs of those that are on their way out."""
        gone = ox.Literal("true", datatype=ox.NamedNode(f"{PREFIXES['xsd']}boolean"))
        about = (t.subject for t in self.triples if t.predicate == _DEPRECATED and t.object == gone)
        return frozenset(node.value for node in about if isinstance(node, ox.NamedNode))

    def note(self, term: str) -> str:
        """Why nothing uses a term, in English; nothing where the ontology does not say."""
        notes = (t.object for t in self.triples if t.predicate == _NOTE and t.subject == ox.NamedNode(term))
        return next((note.value for note in notes if isinstance(note, ox.Literal) and note.language == "en"), "")


def lint(folder: Path | None = None, users: Iterable[Path] | None = None) -> tuple[Defect, ...]:
    """What is wrong with the ontology in a folder, by default ours, and with the files that use its terms, by default
    the shapes, queries, rules and code: violations first."""
    ontology = _Ontology(folder or asset_path("ontology"))
    read = {path: usage(path) for path in (using() if users is None else sorted(users))}
    own = {path: usage(path) for path in sorted(ontology.folder.glob("*.ttl"))}
    defects = {*_style(ontology), *_order(ontology), *_declared(ontology, read | own), *_used(ontology, read)}
    return tuple(sorted(defects, key=lambda one: (one.severity is Severity.INFO, one)))


def using() -> list[Path]:
    """The files of this installation that use terms."""
    code = Path(__file__).resolve().parents[1]
    folders = {"ontology": "*/*.rq", "shapes": "*.ttl", "queries": "**/*.rq"}
    found = [path for name, pattern in folders.items() for path in asset_path(name).glob(pattern)]
    for package in (code, code.parent / "service"):
        found += [path for suffix in ("py", "html") for path in package.rglob(f"*.{suffix}") if not _left_out(path)]
    return sorted(found)


def _left_out(path: Path) -> bool:
    """Code of others, and the mutations, which write undeclared terms on purpose."""
    return bool({"_bundled", "node_modules", "static", "mutation"} & set(path.parts))


def _ours(quad: ox.Quad) -> bool:
    """Whether a triple is about one of our terms; a blank node is part of an expression, which is no term."""
    return isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith((DU, DUC))


def _style(ontology: _Ontology) -> Iterator[Defect]:
    for finding in check(ontology.triples, STYLE):
        path = f" ({short(finding.path)})" if finding.path else ""
        rule = finding.shape.rpartition("/")[2]
        yield Defect(finding.severity, short(finding.focus), f"{finding.message_en}{path} [{rule}]")


def _order(ontology: _Ontology) -> Iterator[Defect]:
    """One place for each term, found by the alphabet: a change shows as a small diff."""
    for name in FILES:
        text = (ontology.folder / f"{name}.ttl").read_text(encoding="utf-8")
        sections = [_HEAD.findall(part) for part in _SECTION.split(text)]
        seen: set[str] = set()
        for section in sections:
            for before, term in zip(["", *section], section, strict=False):
                if term in seen:
                    yield Defect(Severity.VIOLATION, term, f"is declared more than once in {name}.ttl")
                if term < before:
                    yield Defect(Severity.VIOLATION, term, f"stands after {before} in {name}.ttl, out of the alphabet")
                seen.add(term)
    heads = [set(_HEAD.findall((ontology.folder / f"{name}.ttl").read_text(encoding="utf-8"))) for name in FILES[:2]]
    for term in sorted(heads[0] & heads[1]):
        yield Defect(Severity.VIOLATION, term, "is declared in ducha.ttl and in concepts.ttl")


def _declared(ontology: _Ontology, read: dict[Path, Usage]) -> Iterator[Defect]:
    """Terms in use that the ontology does not declare, or has given up."""
    for path, found in read.items():
        for term, line in found.terms.items():
            place = f"{path.parent.name}/{path.name}:{line}"
            if term not in ontology.declared:
                yield Defect(Severity.VIOLATION, place, f"{short(term)} is not declared")
            elif term in ontology.deprecated and path.suffix != ".ttl":
                yield Defect(Severity.VIOLATION, place, f"{short(term)} is deprecated")
        for family, line in found.families.items():
            if not any(term.startswith(family) for term in ontology.declared):
                place = f"{path.parent.name}/{path.name}:{line}"
                yield Defect(Severity.VIOLATION, place, f"nothing declared begins with {short(family)}")


def _used(ontology: _Ontology, read: dict[Path, Usage]) -> Iterator[Defect]:
    """Classes and properties that no file uses, and no axiom of another term."""
    terms = {term for found in read.values() for term in found.terms}
    named = {name for found in read.values() for name in found.named}
    axioms = {
        t.object.value for t in ontology.triples if t.predicate.value in _ABOVE and isinstance(t.object, ox.NamedNode)
    }
    for term in sorted(ontology.declared - terms - axioms - ontology.deprecated):
        if term.startswith(DU) and term.removeprefix(DU) not in named:
            note = ontology.note(term)
            severity = Severity.INFO if note else Severity.VIOLATION
            yield Defect(
                severity, short(term), "no code, shape, query or axiom uses it" + (f": {note}" if note else "")
            )
