"""What of a snapshot can be searched: the labels and quotes of its graph, and the texts that may be shown."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from pipeline.search.index import FACTS, Entry, Names, Node, write_index
from pipeline.validation.index_graph import regions_of
from pipeline.vocabulary import DU, PREFIXES

QUOTES_ONLY = "quotes-only"
_LABELS = tuple(PREFIXES[p] + name for p, name in (("rdfs", "label"), ("skos", "prefLabel"), ("skos", "altLabel")))
_TYPE, _SUBJECT = (PREFIXES["rdf"] + name for name in ("type", "subject"))
_TITLE, _FILE = PREFIXES["dcterms"] + "title", f"{DU}fileName"
_QUOTE, _EVIDENCE, _DOCUMENT = f"{DU}quote", f"{DU}evidence", f"{DU}document"
_CODE, _WITHIN, _ABOUT = f"{DU}adcode", (f"{DU}directPartOf", f"{DU}partOf"), (f"{DU}concernsRegion", f"{DU}region")
_OF_DOCUMENT = (f"{DU}describes", f"{DU}concerns", f"{DU}region")
_READ = frozenset({*_LABELS, _TYPE, _SUBJECT, _TITLE, _FILE, _DOCUMENT, _CODE, *_WITHIN, *_ABOUT})


def search_index_of(store: Path, manifest: Mapping[str, Any], texts: Path) -> Callable[[Path], None]:
    """Writes the index of what the store holds, and of `texts/<document id>.txt` as far as the rights of the manifest
    allow."""

    def write(path: Path) -> None:
        graph = _Graph(ox.Store.read_only(str(store)), manifest, texts)
        write_index(path, graph.entries(), graph.names())

    return write


@dataclass(frozen=True, slots=True)
class _Described:
    """A node as far as it is read: values of `_READ` in code point order."""

    iri: str
    values: Mapping[str, list[ox.NamedNode | ox.Literal]]

    def iris(self, *names: str) -> list[str]:
        return [one.value for name in names for one in self.values.get(name, ()) if isinstance(one, ox.NamedNode)]

    def literals(self, *names: str) -> list[ox.Literal]:
        return [one for name in names for one in self.values.get(name, ()) if isinstance(one, ox.Literal)]

    @property
    def node(self) -> Node:
        """Of several classes the one with the shortest name: what is derived is named longer (Goal, QuantifiedGoal)."""
        kind = min(self.iris(_TYPE), key=lambda one: (not one.startswith(DU), len(one), one), default="")
        names: dict[str, str] = {}
        for label in self.literals(*_LABELS[:2]):
            names.setdefault(label.language or "", label.value)
        zh = names.get("zh") or names.get("") or names.get("en") or next(iter(names.values()), "")
        return Node(self.iri, kind, zh, names.get("en") or zh)


class _Graph:
    """One store, a node at a time: what is held in memory are its documents and regions."""

    def __init__(self, store: ox.Store, manifest: Mapping[str, Any], texts: Path) -> None:
        self._store = store
        self._files = {f"{manifest['base']}document/{one['id']}": one for one in manifest.get("documents", ())}
        self._texts = {iri: texts / f"{one['id']}.txt" for iri, one in self._files.items()}
        self._described = lru_cache(maxsize=10_000)(self._describe)
        self._around = lru_cache(maxsize=10_000)(self._read_around)
        about = regions_of(quad for name in _OF_DOCUMENT for quad in self._having(name))
        self._lies_in = {iri: self._joined(regions) for iri, regions in about.items()}

    def names(self) -> Names:
        documents = {_iri(quad.object) for quad in self._having(_DOCUMENT)} | self._files.keys()
        regions = {_iri(quad.subject) for name in (_CODE, *_WITHIN[:1]) for quad in self._having(name)}
        around = {one for iri in regions if iri for one in self._around(iri)}
        return Names(
            {iri: self._title(iri) for iri in documents if iri},
            {iri: tuple(label.value for label in self._described(iri).literals(*_LABELS)) for iri in around},
            self._text,
        )

    def entries(self) -> Iterator[Entry]:
        yield from self._labels()
        yield from self._quotes()
        for iri, entry in self._files.items():
            if entry.get("rights") != QUOTES_ONLY and self._texts[iri].is_file():
                yield Entry("text", iri, self._text(iri), iri, (), 0, self._lies_in.get(iri, frozenset()))

    def _labels(self) -> Iterator[Entry]:
        """Each label of a node once, whatever its language and property."""
        for name in _LABELS:
            for quad in self._having(name):
                if not (iri := _iri(quad.subject)):
                    continue
                described = self._described(iri)
                labels = described.literals(*_LABELS)
                if labels and quad.object == labels[0] and quad.predicate.value == _first(described):
                    regions = self._regions(described)
                    for label in dict.fromkeys(one.value for one in labels):
                        yield Entry("label", iri, label, "", (described.node,), 1, regions)

    def _quotes(self) -> Iterator[Entry]:
        for quad in self._having(_QUOTE):
            if not (iri := _iri(quad.subject)) or not isinstance(quad.object, ox.Literal):
                continue
            found = self._store.quads_for_pattern(None, ox.NamedNode(_EVIDENCE), quad.subject, ox.DefaultGraph())
            facts = sorted({self._fact(one) for fact in found if (one := _iri(fact.subject))})
            document = next(iter(self._described(iri).iris(_DOCUMENT)), "")
            about = tuple(self._described(one).node for one in facts[:FACTS])
            yield Entry(
                "quote", iri, quad.object.value, document, about, len(facts), self._lies_in.get(document, frozenset())
            )

    def _fact(self, iri: str) -> str:
        """A node with a name; of an assertion the node that it is about."""
        described = self._described(iri)
        return iri if described.literals(*_LABELS) else next(iter(described.iris(_SUBJECT)), iri)

    def _regions(self, described: _Described) -> frozenset[str]:
        """Those that a node is about, else those of the document that it is; a region lies in itself."""
        own = [described.iri] if described.values.keys() & {_CODE, _WITHIN[0]} else []
        return self._joined([*own, *described.iris(*_ABOUT)]) or self._lies_in.get(described.iri, frozenset())

    def _joined(self, regions: Iterable[str]) -> frozenset[str]:
        return frozenset().union(*map(self._around, regions))

    def _read_around(self, iri: str) -> frozenset[str]:
        """A region and all that it lies in."""
        found, waiting = set[str](), {iri}
        while waiting:
            found.add(here := waiting.pop())
            waiting |= {*self._described(here).iris(*_WITHIN)} - found
        return frozenset(found)

    def _title(self, iri: str) -> str:
        entry = self._files.get(iri, {})
        given = (one.value for one in self._described(iri).literals(_TITLE, _FILE, _LABELS[0]))
        return str(entry.get("title") or entry.get("file") or next(given, iri.rsplit("/", 1)[-1]))

    def _text(self, iri: str) -> str:
        with self._texts[iri].open(encoding="utf-8", newline="") as file:
            return file.read()

    def _describe(self, iri: str) -> _Described:
        values: dict[str, list[ox.NamedNode | ox.Literal]] = {}
        for quad in self._store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph()):
            if quad.predicate.value in _READ and isinstance(quad.object, ox.NamedNode | ox.Literal):
                values.setdefault(quad.predicate.value, []).append(quad.object)
        return _Described(iri, {name: sorted(found, key=_order) for name, found in values.items()})

    def _having(self, name: str) -> Iterator[ox.Quad]:
        """The triples of the merged graph with a property."""
        return self._store.quads_for_pattern(None, ox.NamedNode(name), None, ox.DefaultGraph())


def _first(described: _Described) -> str:
    return next(name for name in _LABELS if described.literals(name))


def _order(term: ox.NamedNode | ox.Literal) -> tuple[str, str]:
    return (term.value, (term.language or "") if isinstance(term, ox.Literal) else "")


def _iri(term: object) -> str:
    """The IRI of a named node, nothing of another term."""
    return term.value if isinstance(term, ox.NamedNode) else ""
