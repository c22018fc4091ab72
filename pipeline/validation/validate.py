"""Validation: one document's graph against the rules of `shapes/`.

Two engines decide: PyPI's `shacl`, in Rust, for the constraints of SHACL Core, and Oxigraph for those in SPARQL, each
asked once for all its targets. `pipeline/validation/oracle.py` asks pySHACL the same, and the tests hold the answers equal.
The shapes name every class they target, so neither the ontology nor inference takes part. A severity is the meaning of
a rule (`pipeline.validation.report.Severity`): only a violation keeps a document from being published.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
import shacl

from pipeline.assets import asset_path
from pipeline.validation.findings import Hit, Term, ask, store_of, told
from pipeline.validation.report import Finding, Severity
from pipeline.validation.shapes import rooms, rules, shape_triples, wording
from pipeline.vocabulary import DEFAULT_BASE, DU, PREFIXES, graph_iri

_SPARQL = ox.NamedNode(f"{PREFIXES['sh']}sparql")
_SIMPLE = re.compile(r"<[^<>]*>")  # a path that is a predicate
_INDICATOR = ox.NamedNode(f"{DU}indicator")


@dataclass(frozen=True, slots=True)
class Validation:
    """All findings about one document, gravest first."""

    findings: tuple[Finding, ...]

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings that are our fault."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.VIOLATION)

    @property
    def conforms(self) -> bool:
        """Whether the document may be published."""
        return not self.violations


def validate(data: Iterable[ox.Quad], base: str = DEFAULT_BASE) -> Validation:
    """What the rules find in one document's stated and derived quads, given with the regions that they mention.

    Quads of the ontology, the concepts and earlier findings are left out; what the concepts say of an indicator's unit
    and range is added. With the text of the document (`nif:isString`) among the quads, its quotes are held against it.
    """
    return Validation(check(facts(data, base), *rooms()))


def facts(data: Iterable[ox.Quad], base: str = DEFAULT_BASE) -> list[ox.Triple]:
    """The triples that the rules about a document are asked of, each once."""
    apart = {graph_iri(base, name) for name in ("ontology", "concepts", "validation")}
    triples = {
        quad.triple: None
        for quad in data
        if not (isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value in apart)
    }
    for indicator in {triple.object for triple in triples if triple.predicate == _INDICATOR}:
        triples |= dict.fromkeys(_indicators().get(str(indicator), ()))
    return list(triples)


@cache
def _indicators() -> dict[str, list[ox.Triple]]:
    """What `ontology/concepts.ttl` says of each indicator that the rules ask for: its unit, plausible range and
    better direction."""
    names = ("unit", "plausibleMinimum", "plausibleMaximum", "improves")
    asked = {PREFIXES["rdf"] + "type", *(DU + name for name in names)}
    known: dict[str, list[ox.Triple]] = {}
    for quad in ox.parse(path=str(asset_path("ontology", "concepts.ttl"))):
        if quad.predicate.value in asked:
            known.setdefault(str(quad.subject), []).append(quad.triple)
    return known


def check(triples: list[ox.Triple], *names: str) -> tuple[Finding, ...]:
    """The findings of the rules of some rooms in any triples, in order."""
    store = store_of(triples)
    hits = dict.fromkeys(_of_core(triples, names))
    for shape, targets in _questions(*names).items():
        hits |= dict.fromkeys(sorted(ask(shape, store, targets), key=str))
    return told(hits, store)


def _of_core(triples: list[ox.Triple], names: tuple[str, ...]) -> Iterator[Hit]:
    """The hits of the constraints of SHACL Core."""
    report = _engine(*names).validate_text(_lines(triples), format="ntriples")
    for result in report.results:
        yield Hit(
            shape=_iri(result.root_shape),
            component=result.component_iri,
            focus=_term(result.focus_node),
            path=_iri(result.path) if result.path and _SIMPLE.fullmatch(result.path) else None,
            value=_term(result.value) if result.value else None,
        )


@cache
def _engine(*names: str) -> shacl.Shapes:
    """The compiled constraints of SHACL Core of some rooms."""
    core = [triple for triple in shape_triples(*names) if triple.predicate != _SPARQL]
    return shacl.Shapes.from_text(_lines(core), format="ntriples")


@cache
def _questions(*names: str) -> Mapping[str, str]:
    """The rules in SPARQL of some rooms: the IRI of each shape, with the pattern that binds `$this` to its targets."""
    here = {triple.subject.value for triple in shape_triples(*names) if isinstance(triple.subject, ox.NamedNode)}
    asked = sorted(shape for shape in here & rules().keys() if wording(shape).select)
    return {shape: wording(shape).targets for shape in asked}


def _iri(written: str | None) -> str:
    return (written or "").removeprefix("<").removesuffix(">")


def _lines(triples: Iterable[ox.Triple]) -> str:
    return bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def _term(written: str) -> Term:
    """A term as the engine writes it, in N-Triples."""
    if written.startswith("<") and "\\" not in written:
        return ox.NamedNode(written[1:-1])
    if written.startswith("_:"):
        return ox.BlankNode(written[2:])
    quad: ox.Quad = next(iter(ox.parse(f"<a:a> <a:a> {written} .", format=ox.RdfFormat.N_TRIPLES)))
    return quad.object
