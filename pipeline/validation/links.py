"""Copies, and the stated facts of neighbouring documents → `graph/links`: which nodes are one plan, visit or text (关联).

A node is linked to the one that stands for it (`du:canonical`), by the SPARQL rules in `ontology/links/`, which run in
the order of their names: a later rule sees what an earlier one found. Each link has an assertion with rule and reason.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from functools import cache

import pyoxigraph as ox

from pipeline.assets import asset_path
from pipeline.validation.copies import Copy
from pipeline.vocabulary import DU, DUC, PREFIXES, graph_iri

Term = ox.NamedNode | ox.Literal


def _du(name: str) -> ox.NamedNode:
    return ox.NamedNode(DU + name)


CANONICAL, COPY_OF = _du("canonical"), _du("copyOf")
TYPE, SUBJECT, PREDICATE, OBJECT = (
    ox.NamedNode(PREFIXES["rdf"] + n) for n in ("type", "subject", "predicate", "object")
)
_HEADER = re.compile(r"^#\+ reason\.(zh|en): (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One file of `ontology/links/`: its name without the number, its reasons by language, its query."""

    id: str
    reasons: Mapping[str, str]
    query: str


@dataclass(frozen=True, slots=True)
class Link:
    """`node` is represented by `canonical`; `rules` and `evidence` say why."""

    node: ox.NamedNode
    canonical: ox.NamedNode
    rules: tuple[Rule, ...]
    evidence: frozenset[ox.NamedNode]


@cache
def rules() -> tuple[Rule, ...]:
    """The rules that link nodes, in the order in which they run."""
    texts = {
        path.stem: path.read_text(encoding="utf-8") for path in sorted(asset_path("ontology", "links").glob("*.rq"))
    }
    return tuple(Rule(name.partition("-")[2], dict(_HEADER.findall(text)), text) for name, text in texts.items())


def link(store: ox.Store) -> list[Link]:
    """The links between the nodes of a store's default graph, which holds the facts of neighbouring documents and
    `du:copyOf` among them. The links are added to it. Sorted; no canonical node has itself one."""
    links: dict[ox.NamedNode, Link] = {}
    for rule in rules():
        rows: dict[ox.NamedNode, set[tuple[ox.NamedNode, ox.NamedNode | None]]] = {}
        found = store.query(rule.query)
        assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - narrows the type: a SELECT answers with solutions
        names = {variable.value for variable in found.variables}
        for row in found:
            rows.setdefault(row["node"], set()).add(
                (row["canonical"], row["evidence"] if "evidence" in names else None)
            )
        for node, ends in rows.items():
            canonical = min((end for end, _ in ends), key=str)
            pieces = frozenset(piece for end, piece in ends if piece and end == canonical)
            links[node] = Link(node, canonical, (rule,), pieces)
            store.add(ox.Quad(node, CANONICAL, canonical))
    return sorted((_followed(one, links, store) for one in links.values()), key=lambda one: one.node.value)


def _followed(first: Link, links: Mapping[ox.NamedNode, Link], store: ox.Store) -> Link:
    """The link to the end of its chain: a plan told by copies may be linked to one that is itself linked by its round."""
    last = first
    while following := links.get(last.canonical):
        evidence = last.evidence | following.evidence
        last = Link(first.node, following.canonical, (*last.rules, *following.rules), evidence)
    if last is not first:
        store.remove(ox.Quad(first.node, CANONICAL, first.canonical))
        store.add(ox.Quad(first.node, CANONICAL, last.canonical))
    return last


def link_quads(links: Iterable[Link], copies: Iterable[Copy], base: str) -> list[ox.Quad]:
    """The graph `graph/links`: `du:canonical` and `du:copyOf`, each with its assertion (docs/graph.md)."""
    graph = ox.NamedNode(graph_iri(base, "links"))
    triples: list[ox.Triple] = []
    for one in links:
        triples += _asserted(base, one.node, CANONICAL, one.canonical, "+".join(rule.id for rule in one.rules))
        node = triples[-1].subject
        for language, sign in (("zh", "；"), ("en", "; ")):
            reason = sign.join(rule.reasons[language] for rule in one.rules)
            triples.append(ox.Triple(node, _du("reason"), ox.Literal(reason, language=language)))
        triples += [ox.Triple(node, _du("evidence"), piece) for piece in sorted(one.evidence, key=str)]
    for copy in copies:
        triples += _copy_triples(copy, base)
    return [ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]


def _copy_triples(copy: Copy, base: str) -> Iterator[ox.Triple]:
    similarity = Decimal(copy.similarity).quantize(Decimal("0.0001"), ROUND_DOWN)
    document, original = (ox.NamedNode(f"{base}document/{name}") for name in (copy.document, copy.original))
    triples = list(_asserted(base, document, COPY_OF, original, "copy"))
    yield from triples
    node = triples[-1].subject
    yield ox.Triple(
        node, _du("similarity"), ox.Literal(str(similarity), datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))
    )
    same = copy.similarity == 1
    zh = (
        "除网页附加文字外，两份文件的正文完全相同"
        if same
        else f"两份文件正文的五字片段有{similarity:.1%}相同，数字也相符"
    )
    en = (
        "but for site furniture the two texts are equal"
        if same
        else f"{similarity:.1%} of the runs of five characters are the same in both texts, and their numbers agree"
    )
    yield ox.Triple(node, _du("reason"), ox.Literal(zh, language="zh"))
    yield ox.Triple(node, _du("reason"), ox.Literal(en, language="en"))


def _asserted(
    base: str, subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode, rule: str
) -> Iterator[ox.Triple]:
    """A triple and its assertion, the assertion's last."""
    key = hashlib.sha256("\n".join((subject.value, predicate.value, value.value)).encode()).hexdigest()[:12]
    node = ox.NamedNode(f"{base}link/{key}")
    yield ox.Triple(subject, predicate, value)
    facts: list[tuple[ox.NamedNode, Term]] = [
        (TYPE, _du("Assertion")),
        (SUBJECT, subject),
        (PREDICATE, predicate),
        (OBJECT, value),
        (_du("basis"), ox.NamedNode(DUC + "basis-inferred")),
        (_du("rule"), ox.Literal(rule)),
    ]
    yield from (ox.Triple(node, name, fact) for name, fact in facts)
