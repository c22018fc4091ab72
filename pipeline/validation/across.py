"""What documents say of one another's plans (跨文件): copies, links, and the rules of `shapes/cross-document.ttl`.

Takes the texts and stated graphs of all published documents; gives the quads of `graph/links` and findings. Documents
meet in neighbourhoods, those of one region and those of one text, so that time grows with the number of documents and
not with that of their pairs. Nothing depends on the order of the documents.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from pipeline.validation.copies import Copy, find_copies
from pipeline.validation.findings import SPARQL
from pipeline.validation.links import COPY_OF, Link, link, link_quads
from pipeline.validation.report import Finding, Sentence, ordered
from pipeline.validation.shapes import ACROSS, room_of, rules, wording
from pipeline.vocabulary import DU, PREFIXES

Regions = Mapping[str, Sequence[ox.Quad]]


def _du(name: str) -> ox.NamedNode:
    return ox.NamedNode(DU + name)


REGION, FILE_NAME, QUOTE, DOCUMENT = (_du(name) for name in ("region", "fileName", "quote", "document"))
_ISSUED = PREFIXES["dcterms"] + "issued"
_HEAD = {_ISSUED, *(DU + name for name in ("describes", "concerns", "mentions", "region", "gapKind", "basis"))}
_PLACE = re.compile(r"\{\?(\w+)\}")
_SHOWN = 60  # characters of a sentence in a message; the finding has all of it


@dataclass(frozen=True, slots=True)
class Across:
    """What there is beyond single documents: the quads of `graph/links`, and findings about several documents."""

    quads: list[ox.Quad]
    findings: tuple[Finding, ...]


def across(texts: Mapping[str, str], stated: Mapping[str, Sequence[ox.Quad]], regions: Regions, base: str) -> Across:
    """`texts` and `stated` map document ids to text and stated quads; `regions` maps a region to its quads."""
    heads = {name: _Head.of(f"{base}document/{name}", stated[name]) for name in sorted(texts)}
    copies = {
        copy.document: copy
        for copy in find_copies({name: texts[name] for name in sorted(heads, key=lambda name: heads[name].preference)})
    }
    links: list[Link] = []
    findings: list[Finding] = []
    for names in _neighbourhoods(heads, copies):
        store = _store([quad for name in names for quad in stated[name]], regions)
        for copy in (copies[name] for name in names if name in copies):
            ends = (ox.NamedNode(heads[name].node) for name in (copy.document, copy.original))
            store.add(ox.Quad(next(ends), COPY_OF, next(ends)))
        links += link(store)
        findings += check_across(store)
    return Across(link_quads(links, [copies[name] for name in sorted(copies)], base), ordered(findings))


@dataclass(frozen=True, slots=True)
class _Head:
    """What must be known of each document at once: its node, the plan, visit and regions it tells of, and its place
    among copies of one text: fewest gaps first, then most facts, then earliest issue."""

    node: str
    tells: frozenset[str]
    preference: tuple[int, int, str, str]

    @classmethod
    def of(cls, node: str, stated: Sequence[ox.Quad]) -> "_Head":
        by: dict[str, list[ox.Quad]] = {}
        for quad in stated:
            if (name := quad.predicate.value) in _HEAD:
                by.setdefault(name, []).append(quad)
        told = {quad.object for name in ("describes", "concerns", "mentions") for quad in by.get(DU + name, ())}
        places = {quad.object for quad in by.get(DU + "region", ()) if quad.subject in told}
        gaps = len(by.get(DU + "gapKind", ()))
        facts = len({quad.subject for quad in by.get(DU + "basis", ())})
        issued = min((_text(quad.object) for quad in by.get(_ISSUED, ())), default="9999")
        return cls(node, frozenset(map(_text, told | places)), (gaps, -facts, issued, node))


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _neighbourhoods(heads: Mapping[str, _Head], copies: Mapping[str, Copy]) -> Iterator[tuple[str, ...]]:
    """The documents that may tell of one plan or visit: those that share its node or its region, and copies.
    A document alone is in none."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while (above := leader.setdefault(name, name)) != name:
            name = above
        return name

    for name, head in heads.items():
        ties = sorted(head.tells) + ([copies[name].original] if name in copies else [])
        for tie in ties:
            leader[find(name)] = find(tie)
    groups: dict[str, list[str]] = {}
    for name in heads:
        groups.setdefault(find(name), []).append(name)
    yield from (tuple(names) for names in groups.values() if len(names) > 1)


def _store(quads: Sequence[ox.Quad], regions: Regions) -> ox.Store:
    store = ox.Store()
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    for name in {_text(quad.object) for quad in quads if quad.predicate == REGION}:
        store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in regions.get(name, ()))
    return store


@cache
def _questions() -> Mapping[str, str]:
    """Shape → query: the rules of `shapes/cross-document.ttl`, each asked of every node of its target class."""
    shapes = (shape for shape in rules() if room_of(shape) == ACROSS)
    said = {shape: wording(shape) for shape in shapes}
    return {shape: one.select.replace("WHERE {", f"WHERE {{ {one.targets} ", 1) for shape, one in said.items()}


def check_across(store: ox.Store) -> tuple[Finding, ...]:
    """What the rules find in a store's default graph, which holds documents' stated facts and their links."""
    return ordered(finding for shape, query in _questions().items() for finding in _answers(store, shape, query))


def _answers(store: ox.Store, shape: str, query: str) -> Iterator[Finding]:
    rows, says = store.query(query), wording(shape)
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 - narrows the type: a SELECT answers with solutions
    names = [variable.value for variable in rows.variables]
    for row in rows:
        cells = {name: row[name].value for name in names if row[name] is not None}
        told = {name: _Told.of(cells[name], store) for name in ("least", "most")}
        yield Finding(
            shape=shape,
            severity=rules()[shape].severity,
            focus=cells["this"],
            path=cells["path"],
            values=(*((cells["value"],) if "value" in cells else ()), *(one.said for one in told.values())),
            message_zh=_filled(says.zh, {**cells, **{n: one.words("zh") for n, one in told.items()}}),
            message_en=_filled(says.en, {**cells, **{n: one.words("en") for n, one in told.items()}}),
            documents=tuple(sorted({one.document for one in told.values()})),
            evidence=tuple(sorted({one.sentence for one in told.values()})),
            component=SPARQL,
        )


def _filled(template: str, words: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: words[place[1]], template)


@dataclass(frozen=True, slots=True)
class _Told:
    """What one document says: the words (`中文|English` where they differ), its sentence, its IRI and file."""

    said: str
    sentence: Sentence
    document: str
    file: str

    @classmethod
    def of(cls, packed: str, store: ox.Store) -> "_Told":
        """From what is said, a space, and the IRI of its evidence."""
        said, _, iri = packed.rpartition(" ")
        piece = ox.NamedNode(iri)
        document = ox.NamedNode(_value(store, piece, DOCUMENT))
        return cls(said, Sentence(iri, _value(store, piece, QUOTE)), document.value, _value(store, document, FILE_NAME))

    def words(self, language: str) -> str:
        """`2023-10-09（方案.txt：“…”）`."""
        chinese, _, english = self.said.partition("|")
        quote = " ".join(self.sentence.quote.split())
        quote = quote if len(quote) <= _SHOWN else quote[: _SHOWN - 1] + "…"
        if language == "zh":
            return f"{chinese}（{self.file}：“{quote}”）"
        return f"{english or chinese} ({self.file}: “{quote}”)"


def _value(store: ox.Store, subject: ox.NamedNode, predicate: ox.NamedNode) -> str:
    return min(_text(quad.object) for quad in store.quads_for_pattern(subject, predicate, None))
