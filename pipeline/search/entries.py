"""What of a snapshot can be searched: the labels and quotes of its graph, and the texts that may be shown.

Reads the dump, whose lines are sorted: all that is said of a node stands together, so that one pass with one node in memory
sees everything. What stands elsewhere (the facts of a quote, the regions around a region) is joined when the index is filled.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from pipeline.search.index import Said, Setting, write_index
from pipeline.validation.index_graph import regions_of
from pipeline.vocabulary import DU, PREFIXES

QUOTES_ONLY = "quotes-only"
_LABELS = tuple(PREFIXES[p] + name for p, name in (("rdfs", "label"), ("skos", "prefLabel"), ("skos", "altLabel")))
_TYPE, _SUBJECT = (PREFIXES["rdf"] + name for name in ("type", "subject"))
_TITLE, _FILE = PREFIXES["dcterms"] + "title", f"{DU}fileName"
_QUOTE, _EVIDENCE, _DOCUMENT = f"{DU}quote", f"{DU}evidence", f"{DU}document"
_CODE, _WITHIN, _ABOUT = f"{DU}adcode", (f"{DU}directPartOf", f"{DU}partOf"), (f"{DU}concernsRegion", f"{DU}region")
_OF_DOCUMENT = frozenset({f"{DU}describes", f"{DU}concerns", f"{DU}region"})
_READ = frozenset(
    {*_LABELS, _TYPE, _SUBJECT, _TITLE, _FILE, _QUOTE, _EVIDENCE, _DOCUMENT, _CODE, *_WITHIN, *_ABOUT, *_OF_DOCUMENT}
)


def search_index_of(dump: Path, manifest: Mapping[str, Any], texts: Path) -> Callable[[Path], None]:
    """Writes the index of a sorted dump, and of `texts/<document id>.txt` as far as the rights of the manifest allow."""

    def write(path: Path) -> None:
        world = _World(manifest, texts)
        write_index(path, world.read(dump), world)

    return write


class _Node:
    """What is said of a node by the properties of `_READ`, in code point order."""

    def __init__(self, iri: str, quads: Iterable[ox.Quad]) -> None:
        self.iri = iri
        found: dict[str, set[ox.NamedNode | ox.Literal]] = {}
        self.quads: list[ox.Quad] = []
        for quad in quads:
            name = quad.predicate.value
            if name in _READ and isinstance(quad.object, ox.NamedNode | ox.Literal):
                found.setdefault(name, set()).add(quad.object)
                if name in _OF_DOCUMENT:
                    self.quads.append(quad)
        self.values = {name: sorted(terms, key=_order) for name, terms in found.items()}

    def iris(self, *names: str) -> tuple[str, ...]:
        return tuple(one.value for name in names for one in self.values.get(name, ()) if isinstance(one, ox.NamedNode))

    def literals(self, *names: str) -> list[ox.Literal]:
        return [one for name in names for one in self.values.get(name, ()) if isinstance(one, ox.Literal)]

    def said(self) -> Said:
        """Of several classes the one with the shortest name: what is derived is named longer (Goal, QuantifiedGoal). What an
        assertion rests on supports the node that it is about."""
        names: dict[str, str] = {}
        for label in self.literals(*_LABELS[:2]):
            names.setdefault(label.language or "", label.value)
        zh = names.get("zh") or names.get("") or names.get("en") or next(iter(names.values()), "")
        labels = tuple(dict.fromkeys(one.value for one in self.literals(*_LABELS)))
        about = () if labels else self.iris(_SUBJECT)
        return Said(
            iri=self.iri,
            type=min(self.iris(_TYPE), key=lambda one: (not one.startswith(DU), len(one), one), default=""),
            zh=zh,
            en=names.get("en") or zh,
            labels=labels,
            quotes=tuple(one.value for one in self.literals(_QUOTE)),
            document=next(iter(self.iris(_DOCUMENT)), ""),
            evidence=self.iris(_EVIDENCE),
            fact=about[0] if about else self.iri,
            regions=self.iris(*_ABOUT),
        )


class _World(Setting):
    """The documents and regions, as they are met; they are all that is held in memory."""

    def __init__(self, manifest: Mapping[str, Any], texts: Path) -> None:
        self._files = {f"{manifest['base']}document/{one['id']}": one for one in manifest.get("documents", ())}
        self._texts = {iri: texts / f"{one['id']}.txt" for iri, one in self._files.items()}
        self._titles: dict[str, str] = {}
        self._parents: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._about: list[ox.Quad] = []

    def read(self, dump: Path) -> Iterator[Said]:
        quads = ox.parse(path=dump, format=ox.RdfFormat.N_QUADS)
        for subject, group in groupby(quads, key=lambda quad: quad.subject):
            if isinstance(subject, ox.NamedNode) and (node := _Node(subject.value, group)).values:
                self._note(node)
                yield node.said()

    def _note(self, node: _Node) -> None:
        self._about += node.quads
        if node.values.keys() & {_CODE, *_WITHIN}:
            self._parents[node.iri] = node.iris(*_WITHIN)
            self._names[node.iri] = tuple(one.value for one in node.literals(*_LABELS))
        if f"{DU}Document" in node.iris(_TYPE):
            self._titles[node.iri] = next((one.value for one in node.literals(_TITLE, _FILE, _LABELS[0])), "")

    @property
    def texts(self) -> list[str]:
        shown = (iri for iri, entry in self._files.items() if entry.get("rights") != QUOTES_ONLY)
        return [iri for iri in shown if self._texts[iri].is_file()]

    def text(self, document: str) -> str:
        with self._texts[document].open(encoding="utf-8", newline="") as file:
            return file.read()

    def title(self, document: str) -> str:
        entry = self._files.get(document, {})
        given = entry.get("title") or entry.get("file") or self._titles.get(document)
        return str(given or document.rsplit("/", 1)[-1])

    @property
    def regions(self) -> Mapping[str, tuple[str, ...]]:
        above = {one for parents in self._parents.values() for one in parents}
        return {iri: self._names.get(iri, ()) for iri in self._parents.keys() | above}

    def around(self, iri: str, regions: tuple[str, ...]) -> frozenset[str]:
        own = [iri] if iri in self._parents else []
        found, waiting = set[str](), {*own, *regions} or {*self._of_documents.get(iri, ())}
        while waiting:
            found.add(here := waiting.pop())
            waiting |= {*self._parents.get(here, ())} - found
        return frozenset(found)

    @cached_property
    def _of_documents(self) -> Mapping[str, tuple[str, ...]]:
        """Read when all has been met."""
        return regions_of(self._about)


def _order(term: ox.NamedNode | ox.Literal) -> tuple[str, str]:
    return (term.value, (term.language or "") if isinstance(term, ox.Literal) else "")
