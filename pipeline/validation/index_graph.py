"""What the index of findings takes from a graph: the regions that documents are about, and for data that come without a
report, such as a dump that is loaded again, the findings themselves."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from pipeline.validation.index import Place, Source, write_index
from pipeline.validation.report import Finding, Judgement, Rule, Sentence, Severity
from pipeline.vocabulary import DU, DUC, PREFIXES

_TYPE, _LABEL = ox.NamedNode(f"{PREFIXES['rdf']}type"), ox.NamedNode(f"{PREFIXES['rdfs']}label")
_SEE = ox.NamedNode(f"{PREFIXES['rdfs']}seeAlso")
_NUMBER = re.compile(r"(\w+)=(.*?)(?: · (?=\w+=)|$)", re.DOTALL)  # of `days=20 · span=21`
_ABOUT = tuple(ox.NamedNode(DU + name) for name in ("describes", "concerns", "region"))


def regions_of(quads: Iterable[ox.Quad]) -> dict[str, tuple[str, ...]]:
    """Document → the regions of the plans it describes; where there is none, of the visits it concerns."""
    told: dict[str, dict[str, set[str]]] = {name.value: {} for name in _ABOUT}
    for quad in quads:
        if quad.predicate in _ABOUT:
            told[quad.predicate.value].setdefault(_value(quad.subject), set()).add(_value(quad.object))
    plans, visits, regions = told.values()
    found: dict[str, tuple[str, ...]] = {}
    for of in (visits, plans):
        for document, nodes in of.items():
            if places := {place for node in nodes for place in regions.get(node, ())}:
                found[document] = tuple(sorted(places))
    return found


def places_of(regions: Mapping[str, Iterable[ox.Quad]]) -> dict[str, Place]:
    """Region → its names and the region it lies in, from the quads of each."""
    found: dict[str, Place] = {}
    for iri, quads in regions.items():
        names: dict[str, str] = {}
        parent = ""
        for quad in quads:
            if quad.predicate == _LABEL and isinstance(quad.object, ox.Literal):
                names[quad.object.language or ""] = quad.object.value
            elif quad.predicate.value == f"{DU}directPartOf":
                parent = _value(quad.object)
        last = iri.rsplit("/", 1)[-1]
        zh = names.get("zh") or names.get("") or last
        found[iri] = Place(iri, zh, names.get("en") or zh, parent)
    return found


def index_of_build(
    manifest: Mapping[str, Any],
    stated: Iterable[ox.Quad],
    regions: Mapping[str, Iterable[ox.Quad]],
    findings: Iterable[Finding],
    rules: Mapping[str, Rule],
    published: Collection[str],
) -> Callable[[Path], None]:
    """Writes the index of a build's findings, those of quarantined documents too. `stated` are the quads of all documents,
    `regions` maps a region to its quads, `published` are the keys of the findings that the graph holds."""

    def write(path: Path) -> None:
        about = regions_of(stated)
        sources = []
        for left_out, kind in enumerate(("documents", "quarantined")):
            for entry in manifest[kind]:
                iri = f"{manifest['base']}document/{entry['id']}"
                sources.append(Source(iri, entry["file"], entry["title"], about.get(iri, ()), bool(left_out)))
        pairs = [(finding.key, finding) for finding in findings]
        left = {key for key, _ in pairs}.difference(published)
        write_index(path, pairs, rules, sources, places_of(regions), left).close()

    return write


def index_of(store_path: Path, manifest: Mapping[str, Any]) -> Callable[[Path], None]:
    """Writes the index of the findings that the graph of a store holds."""

    def write(path: Path) -> None:
        store = ox.Store.read_only(str(store_path))
        about = regions_of(quad for name in _ABOUT for quad in _all(store, None, name))
        files = {f"{manifest['base']}document/{one['id']}": one for one in manifest.get("documents", ())}
        names = [_value(quad.subject) for quad in _all(store, None, _TYPE, _du("Document"))]
        sources = [
            Source(name, *_called(store, name, files.get(name, {})), about.get(name, ()))
            for name in sorted({*names, *files})
        ]
        findings = sorted(
            _findings(store), key=lambda pair: (list(Severity).index(pair[1].severity), pair[1].shape, pair[0])
        )
        rules = {one.shape: _rule(store, one) for _, one in findings}
        write_index(path, findings, rules, sources, _places(store, about)).close()

    return write


def _called(store: ox.Store, name: str, entry: Mapping[str, str]) -> tuple[str, str]:
    node = ox.NamedNode(name)
    file = entry.get("file") or _one(store, node, _du("fileName")) or name.rsplit("/", 1)[-1]
    return file, entry.get("title") or _one(store, node, ox.NamedNode(f"{PREFIXES['dcterms']}title"))


def _places(store: ox.Store, about: Mapping[str, Iterable[str]]) -> dict[str, Place]:
    quads: dict[str, list[ox.Quad]] = {}
    waiting = {iri for regions in about.values() for iri in regions}
    while waiting:
        iri = waiting.pop()
        quads[iri] = list(_all(store, ox.NamedNode(iri), None))
        waiting |= {_value(q.object) for q in quads[iri] if q.predicate == _du("directPartOf")} - quads.keys()
    return places_of(quads)


def _findings(store: ox.Store) -> Iterator[tuple[str, Finding]]:
    for quad in _all(store, None, _TYPE, _du("Finding")):
        if not isinstance(node := quad.subject, ox.NamedNode):
            continue
        severity, judgement = (_one(store, node, _du(name)).removeprefix(DUC) for name in ("severity", "judgement"))
        shape, kind = _one(store, node, _du("shape")), severity.removeprefix("severity-")
        if not shape or kind not in list(Severity):
            continue
        pieces = (quad.object for quad in _all(store, node, _du("evidence")))
        evidence = (piece for piece in pieces if isinstance(piece, ox.NamedNode))
        judged = judgement.removeprefix("judgement-")
        yield (
            node.value.rsplit("/", 1)[-1],
            Finding(
                shape=shape,
                severity=Severity(kind),
                focus=_one(store, node, _du("focus")),
                path=_one(store, node, _du("path")) or None,
                values=tuple(sorted(_value(value.object) for value in _all(store, node, _du("findingValue")))),
                message_zh=_one(store, node, _du("message"), "zh"),
                message_en=_one(store, node, _du("message"), "en"),
                documents=tuple(sorted(_value(one.object) for one in _all(store, node, _du("inDocument")))),
                evidence=tuple(sorted(Sentence(piece.value, _one(store, piece, _du("quote"))) for piece in evidence)),
                numbers=tuple(sorted(_NUMBER.findall(_one(store, node, _du("numbers"))))),
                judgement=Judgement(judged) if judged in list(Judgement) else None,
            ),
        )


def _rule(store: ox.Store, finding: Finding) -> Rule:
    node, last = ox.NamedNode(finding.shape), finding.shape.rsplit("/", 1)[-1]
    zh, en = (_one(store, node, _LABEL, language) or last for language in ("zh", "en"))
    return Rule(finding.shape, finding.severity, zh, en, _one(store, node, _SEE))


def _all(
    store: ox.Store, node: ox.NamedNode | None, predicate: ox.NamedNode | None, value: ox.NamedNode | None = None
) -> Iterator[ox.Quad]:
    """The triples of the merged graph."""
    return store.quads_for_pattern(node, predicate, value, ox.DefaultGraph())


def _one(store: ox.Store, node: ox.NamedNode, predicate: ox.NamedNode, language: str = "") -> str:
    """The first value in code point order, of a language where one is named; nothing where there is none."""
    values = (quad.object for quad in _all(store, node, predicate))
    return min(
        (_value(v) for v in values if not language or (isinstance(v, ox.Literal) and v.language == language)),
        default="",
    )


def _du(name: str) -> ox.NamedNode:
    return ox.NamedNode(DU + name)


def _value(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
