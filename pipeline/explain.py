"""Where a fact comes from: its sentences with their context, the rule that found it, its basis and reason.

Any node of the graph can be explained: a fact, an assertion, a visit, a document, or the evidence IRI of a sentence,
which lists the facts that rest on it.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile

import pyoxigraph as ox

from pipeline.errors import DuchaError, QueryError
from pipeline.vocabulary import DEFAULT_BASE, DU, PREFIXES

CONTEXT = 40  # characters of the text on either side of a sentence
NEAREST = 3  # suggestions for an IRI that is not in the graph
TextOf = Callable[[str], str]
Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def _du(name: str) -> ox.NamedNode:
    return ox.NamedNode(DU + name)


TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
SUBJECT, PREDICATE, OBJECT = (ox.NamedNode(PREFIXES["rdf"] + name) for name in ("subject", "predicate", "object"))
LABELS = tuple(
    ox.NamedNode(PREFIXES[p] + n) for p, n in (("rdfs", "label"), ("skos", "prefLabel"), ("dcterms", "title"))
)
EVIDENCE, BASIS, RULE, REASON = _du("evidence"), _du("basis"), _du("rule"), _du("reason")
IN_HEAD = {TYPE, LABELS[0], EVIDENCE, BASIS, RULE, REASON, _du("correction")}  # shown above the statements


@dataclass(frozen=True)
class Sentence:
    """A piece of evidence. Offsets are code points of the document's text, half-open. `before` and `after` are up to
    CONTEXT characters of it; `verified` says whether the text holds the quote there (None: no text at hand)."""

    iri: str
    document: str
    file: str
    begin: int
    end: int
    quote: str
    before: str = ""
    after: str = ""
    verified: bool | None = None


@dataclass(frozen=True)
class Origin:
    """How something got into the graph. `basis` and `rule` are empty where the graph does not say;
    `reasons` are the zh and en reason of what is not simply read; `decisions` say in zh and en what a curator decided,
    and `extracted` is the value that a rule had found before."""

    basis: str
    rule: str
    reasons: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    decisions: tuple[str, ...] = ()
    extracted: str = ""


@dataclass(frozen=True)
class Statement:
    """One property and value of the node. Without origins it rests on the node's own sentences, or, where it is
    `derived`, on the rules that complete the graph."""

    property: str
    property_label: str
    value: str
    value_label: str
    derived: bool
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Explanation:
    """A node, its own origin, its statements sorted by property, and, for a sentence, the labels and IRIs of the
    nodes that rest on it."""

    iri: str
    label: str
    classes: tuple[str, ...]
    origin: Origin
    statements: tuple[Statement, ...]
    supports: tuple[tuple[str, str], ...]

    def text(self) -> str:
        """The explanation for a terminal: each sentence stands in 【】 with its context, once."""
        shown: set[str] = set()
        lines = [f"{self.label or self.iri}  [{', '.join(self.classes) or 'no class'}]", self.iri]
        lines += _origin_lines(self.origin, "", shown)
        for statement in self.statements:
            value = f"{statement.value_label}  {statement.value}" if statement.value_label else statement.value
            lines += ["", f"{statement.property_label} = {value}{'  (derived)' if statement.derived else ''}"]
            for origin in statement.origins:
                lines += _origin_lines(origin, "  ", shown)
        if self.supports:
            lines += ["", "supports", *(f"  {label}  {iri}" for label, iri in self.supports)]
        return "".join(f"{_printable(line)}\n" for line in lines)


def explain(store: ox.Store, iri: str, text_of: TextOf | None = None, base: str = DEFAULT_BASE) -> Explanation:
    """The explanation of `iri` (absolute, with a known prefix, or relative to `base`).

    `text_of` gives the text of a document by its id (16 hex digits) and may raise DuchaError where there is none.
    Raises QueryError, naming the nearest nodes, when the graph knows no such IRI.
    """
    node = _resolve(iri, base)
    quads = list(store.quads_for_pattern(node, None, None, None))
    if not quads:
        raise QueryError(node.value, "is not in the graph", _suggest(store, node.value))
    reader = _Reader(store, text_of)
    supported = {quad.subject for quad in store.quads_for_pattern(None, EVIDENCE, node, None)}
    is_sentence = any(quad.predicate == _du("quote") for quad in quads)
    return Explanation(
        node.value,
        reader.label(node),
        tuple(sorted({reader.term_label(quad.object) for quad in quads if quad.predicate == TYPE})),
        reader.origin(node, {node} if is_sentence else None),
        reader.statements(node, quads),
        tuple(sorted((reader.supported_label(fact), _text(fact)) for fact in supported)),
    )


@dataclass(frozen=True)
class _Reader:
    store: ox.Store
    text_of: TextOf | None

    def values(self, node: Node, predicate: ox.NamedNode) -> list[Node]:
        """Each value once, sorted, whichever graphs hold it."""
        if isinstance(node, ox.Literal | ox.Triple):
            return []
        found = {quad.object for quad in self.store.quads_for_pattern(node, predicate, None, None)}
        return sorted(found, key=str)

    def first(self, node: Node, predicate: ox.NamedNode) -> str:
        return next((_text(value) for value in self.values(node, predicate)), "")

    def label(self, node: Node) -> str:
        """The Chinese label where there is one, else any, else nothing."""
        found = [value for predicate in LABELS for value in self.values(node, predicate)]
        chinese = [value for value in found if isinstance(value, ox.Literal) and value.language == "zh"]
        return next((_text(value) for value in chinese + found), "")

    def term_label(self, node: Node) -> str:
        """`督察 Supervision`: label and local name of a class or property."""
        return f"{self.label(node)} {_local(node)}".strip()

    def supported_label(self, node: Node) -> str:
        subject = next(iter(self.values(node, SUBJECT)), None)
        if subject is None:
            return self.label(node) or _local(node)
        predicate, value = (next(iter(self.values(node, p)), node) for p in (PREDICATE, OBJECT))
        return f"{self.label(subject) or _local(subject)} · {_local(predicate)} = {self.label(value) or _text(value)}"

    def origin(self, node: Node, evidence: set[Node] | None = None) -> Origin:
        pieces = evidence or set(self.values(node, EVIDENCE))
        sentences = sorted((self.sentence(piece) for piece in pieces), key=lambda s: (s.document, s.begin, s.end))
        reasons = sorted(self.values(node, REASON), key=lambda r: str(r.language) if isinstance(r, ox.Literal) else "")
        basis = self.first(node, BASIS).rpartition("/basis-")[2]
        decided = () if basis == "corrected" else self.values(node, _du("correction"))  # there the reason says it
        decisions = [" / ".join(_text(said) for said in reversed(self.values(one, LABELS[0]))) for one in decided]
        return Origin(
            basis,
            self.first(node, RULE),
            tuple(_text(r) for r in reversed(reasons)),
            tuple(sentences),
            tuple(decisions),
            self.first(node, _du("extractedValue")),
        )

    def sentence(self, piece: Node) -> Sentence:
        document = next(iter(self.values(piece, _du("document"))), None)
        iri = _text(document) if document is not None else ""
        file = self.first(document, _du("fileName")) if document is not None else ""
        begin, end = (int(self.first(piece, _du(name)) or 0) for name in ("begin", "end"))
        quote = self.first(piece, _du("quote"))
        sentence = Sentence(_text(piece), iri, file, begin, end, quote)
        try:
            text = self.text_of(iri.rpartition("/")[2]) if self.text_of else None
        except DuchaError:  # loaded data may come without its texts: the quote alone is shown, unverified
            text = None
        if text is None:
            return sentence
        before, after = text[max(0, begin - CONTEXT) : begin], text[end : end + CONTEXT]
        return Sentence(_text(piece), iri, file, begin, end, quote, before, after, text[begin:end] == quote)

    def statements(self, node: ox.NamedNode, quads: list[ox.Quad]) -> tuple[Statement, ...]:
        assertions: dict[tuple[Node, Node], set[Node]] = {}
        for quad in self.store.quads_for_pattern(None, SUBJECT, node, None):
            for predicate in self.values(quad.subject, PREDICATE):
                for value in self.values(quad.subject, OBJECT):
                    assertions.setdefault((predicate, value), set()).add(quad.subject)
        graphs: dict[tuple[ox.NamedNode, Node], set[str]] = {}
        for quad in quads:
            if quad.predicate not in IN_HEAD:
                names = graphs.setdefault((quad.predicate, quad.object), set())
                if isinstance(quad.graph_name, ox.NamedNode):  # the default graph merges the others
                    names.add(quad.graph_name.value)
        return tuple(
            Statement(
                _text(predicate),
                self.term_label(predicate),
                _text(value),
                self.label(value),
                _derived_only(graphs[predicate, value]),
                tuple(self.origin(fact) for fact in sorted(assertions.get((predicate, value), ()), key=str)),
            )
            for predicate, value in sorted(graphs, key=lambda key: (_local(key[0]), _text(key[1])))
        )


def _derived_only(graphs: set[str]) -> bool:
    return bool(graphs) and all(name.endswith("/derived") for name in graphs)


def _resolve(iri: str, base: str) -> ox.NamedNode:
    prefix, _, local = iri.partition(":")
    absolute = PREFIXES[prefix] + local if prefix in PREFIXES else iri if "://" in iri else base + iri
    try:
        return ox.NamedNode(absolute)
    except ValueError as error:
        raise QueryError(iri, "is not an IRI", "copy one from a query's result, such as plan/450300-202310") from error


def _suggest(store: ox.Store, iri: str) -> str:
    """The nodes that share the longest beginning with the IRI: they are its neighbours in sorted order."""
    known = sorted({_text(quad.subject) for quad in store.quads_for_pattern(None, LABELS[0], None, None)})
    place = bisect_left(known, iri)
    around = known[max(0, place - NEAREST) : place + NEAREST]
    nearest = sorted(around, key=lambda name: (-_shared(name, iri), name))[:NEAREST]
    reader = _Reader(store, None)
    names = ", ".join(f"{name} ({reader.label(ox.NamedNode(name))})" for name in nearest if "://" in name)
    return f"the nearest are {names}" if names else "the graph is empty: build it with `ducha build`"


def _shared(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _origin_lines(origin: Origin, indent: str, shown: set[str]) -> list[str]:
    lines = []
    if origin.basis or origin.rule:
        reasons = f": {' / '.join(origin.reasons)}" if origin.reasons else ""
        extracted = f"; extracted {origin.extracted}" if origin.extracted else ""
        lines.append(f"{indent}basis {origin.basis or '?'}{reasons}; rule {origin.rule or '?'}{extracted}")
    lines += [f"{indent}{decision}" for decision in origin.decisions]
    for sentence in origin.sentences:
        note = " (above)" if sentence.iri in shown else " (the text differs)" if sentence.verified is False else ""
        lines.append(f"{indent}{sentence.file or sentence.document} {sentence.begin}–{sentence.end}{note}")
        if sentence.iri not in shown:
            lines.append(f"{indent}  {sentence.before}【{sentence.quote}】{sentence.after}")
        shown.add(sentence.iri)
    return lines


def _printable(line: str) -> str:
    """One line without control characters: a document's text must not steer the terminal."""
    return "".join(c if c.isprintable() else "⏎" if c == "\n" else " " for c in line)


def _text(node: Node | ox.DefaultGraph) -> str:
    return node.value if isinstance(node, ox.NamedNode | ox.Literal | ox.BlankNode) else str(node)


def _local(node: Node) -> str:
    return _text(node).rstrip("/").replace("#", "/").rpartition("/")[2]
