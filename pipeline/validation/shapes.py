"""The rules of `shapes/`, read once: what `docs/rules.md` says in words.

A room is a file without its suffix (`time`, `counts`, …). The rules about one document are those of every room but
`cross-document`, whose rules ask a store of several documents, and `ontology-style`, whose rules ask the ontology.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from pipeline.assets import asset_path
from pipeline.validation.report import Rule, Severity
from pipeline.vocabulary import PREFIXES, SHAPE

ACROSS, STYLE = "cross-document", "ontology-style"
_SH, _RDFS = PREFIXES["sh"], PREFIXES["rdfs"]
_SEVERITIES = {f"{_SH}{severity.capitalize()}": severity for severity in Severity}


@dataclass(frozen=True, slots=True)
class Wording:
    """What a hit of a rule says, by language, with places `{?name}`. Of a rule in SPARQL also `select`, the query
    with its prefixes, and `targets`, the pattern that binds `$this`; of a constraint of SHACL Core neither."""

    zh: str
    en: str
    select: str
    targets: str


def rooms(about_documents: bool = True) -> tuple[str, ...]:
    """The names of the rooms: those of the rules about one document, or all."""
    names = {path.stem for path in asset_path("shapes").glob("*.ttl")} - {"prefixes"}
    return tuple(sorted(names - {ACROSS, STYLE} if about_documents else names))


@cache
def shape_triples(*names: str) -> tuple[ox.Triple, ...]:
    """The shapes of the named rooms with the prefixes they share. A blank node of one file is none of another's."""
    triples: list[ox.Triple] = []
    for name in ("prefixes", *names):
        blank: dict[ox.BlankNode, ox.BlankNode] = {}
        for quad in ox.parse(path=str(asset_path("shapes", f"{name}.ttl"))):
            one, other = (
                blank.setdefault(term, ox.BlankNode()) if isinstance(term, ox.BlankNode) else term
                for term in (quad.subject, quad.object)
            )
            triples.append(ox.Triple(one, quad.predicate, other))
    return tuple(triples)


@cache
def _store() -> ox.Store:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in shape_triples(*rooms(about_documents=False)))
    return store


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by the IRI of its shape."""
    store = _store()
    return {
        quad.subject.value: Rule(
            shape=quad.subject.value,
            severity=_SEVERITIES[_value(quad.object)],
            label_zh=_worded(quad.subject, f"{_RDFS}label", "zh"),
            label_en=_worded(quad.subject, f"{_RDFS}label", "en"),
            documentation=_only(quad.subject, f"{_RDFS}seeAlso"),
        )
        for quad in sorted(store.quads_for_pattern(None, _sh("severity"), None), key=str)
        if isinstance(quad.subject, ox.NamedNode)
    }


@cache
def wording(shape: str) -> Wording:
    """What the rule with this IRI says."""
    node = ox.NamedNode(shape)
    query = next((quad.object for quad in _store().quads_for_pattern(node, _sh("sparql"), None)), None)
    select = _prefixes() + _only(query, f"{_SH}select") if isinstance(query, ox.BlankNode) else ""
    classes = " ".join(f"<{name}>" for name in sorted(_objects(node, f"{_SH}targetClass")))
    targets = f"VALUES ?targetClass {{ {classes} }} $this a ?targetClass ." if select else ""
    return Wording(_worded(node, f"{_SH}message", "zh"), _worded(node, f"{_SH}message", "en"), select, targets)


@cache
def room_of(shape: str) -> str:
    """The room in which a rule stands."""
    for name in rooms(about_documents=False):
        if any(isinstance(t.subject, ox.NamedNode) and t.subject.value == shape for t in shape_triples(name)):
            return name
    raise KeyError(shape)


@cache
def _prefixes() -> str:
    """The `PREFIX` lines of `shapes/prefixes.ttl`."""
    declared = (
        quad.object for quad in _store().quads_for_pattern(ox.NamedNode(f"{SHAPE}prefixes"), _sh("declare"), None)
    )
    pairs = sorted((_only(node, f"{_SH}prefix"), _only(node, f"{_SH}namespace")) for node in declared)
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in pairs)


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SH + name)


def _objects(node: ox.NamedNode | ox.BlankNode, predicate: str) -> Iterator[str]:
    return (_value(quad.object) for quad in _store().quads_for_pattern(node, ox.NamedNode(predicate), None))


def _only(node: object, predicate: str) -> str:
    """The one value of a property. ValueError when there is not exactly one."""
    if not isinstance(node, ox.NamedNode | ox.BlankNode):
        raise TypeError(f"{node} has no properties")
    (value,) = _objects(node, predicate)
    return value


def _worded(node: ox.NamedNode | ox.BlankNode, predicate: str, language: str) -> str:
    """The text with this language tag. ValueError when there is not exactly one."""
    (text,) = (
        quad.object.value
        for quad in _store().quads_for_pattern(node, ox.NamedNode(predicate), None)
        if isinstance(quad.object, ox.Literal) and quad.object.language == language
    )
    return text


def _value(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
