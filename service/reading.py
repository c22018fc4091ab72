"""How pages read the graph without reading too much: the keys of a list, one page of them, and what is said of those.

Each query names its nodes, so that it takes as long as the page is, not as the graph.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from service.nodes import Node, expand, gather, labels_of
from service.pages import Page
from service.terms import Row, Term

PER_PAGE = 25
MOST = 5000
"""The longest list: a query for keys ends with this LIMIT, and the page says when it is reached."""

HEAD = """
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX duc: <https://w3id.org/ducha/concept/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# Without ORDER BY and DISTINCT: the rows are sorted here, which is quicker, and the default graph has a triple once.
_TRIPLES = HEAD + (
    "SELECT ?s ?p ?o WHERE { VALUES ?s { UNDEF } ?s ?p ?o ."
    " FILTER(?p NOT IN (du:text, du:rule, du:evidence, du:concernsRegion, du:responsibleParty)) }"
)
_LABELS = HEAD + "SELECT DISTINCT ?o ?label WHERE { VALUES ?o { UNDEF } ?o rdfs:label ?label } ORDER BY ?o ?label"
_QUOTES = HEAD + (
    "SELECT DISTINCT ?s ?document ?begin ?end ?quote WHERE { VALUES ?s { UNDEF } ?s du:evidence ?evidence ."
    " ?evidence du:document ?document ; du:begin ?begin ; du:end ?end ; du:quote ?quote }"
    " ORDER BY ?s ?document ?begin ?end"
)
_REASONS = HEAD + (
    "SELECT DISTINCT ?s ?p ?basis ?reason WHERE { VALUES ?s { UNDEF }"
    " ?assertion rdf:subject ?s ; rdf:predicate ?p ; du:basis ?basis . FILTER(!STRENDS(STR(?basis), 'basis-stated'))"
    " OPTIONAL { ?assertion du:reason ?reason } } ORDER BY ?s ?p ?basis ?reason"
)


@dataclass(frozen=True)
class Part:
    """One page of a list: the keys shown, of how many, and the parameter of the address that turns the page."""

    keys: list[str]
    total: int
    number: int
    pages: int
    name: str
    cut: bool
    """Whether the list itself was too long to be read whole."""


@dataclass(frozen=True)
class Inference:
    """Why a value that was not simply read is in the graph."""

    basis: str
    reason: Term | None


@dataclass
class Nodes:
    """Nodes by IRI with their sentences, the labels of what they name, and the inferences behind their values."""

    nodes: dict[str, Node] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    inferred: dict[tuple[str, str], Inference] = field(default_factory=dict)

    def of(self, keys: Iterable[str]) -> list[Node]:
        """The nodes of these keys, in their order."""
        return [self.nodes[key] for key in dict.fromkeys(keys) if key in self.nodes]


def part(
    page: Page,
    keys: Iterable[str],
    name: str = "page",
    size: int = PER_PAGE,
    *,
    rows: int | None = None,
    most: int = MOST,
) -> Part:
    """The page of a list that the address asks for by `name`; the nearest one where there is no such page.

    `rows` is what the query with the LIMIT of `most` has answered: by default a row for each key given, repeated ones
    too; 0 for a query without a LIMIT.
    """
    given = list(keys)
    known = list(dict.fromkeys(given))
    cut = (len(given) if rows is None else rows) >= most
    pages = max(1, -(-len(known) // size))
    wish = page.request.query_params.get(name, "")
    number = min(max(1, int(wish)), pages) if wish.isascii() and wish.isdigit() and len(wish) < 7 else 1
    return Part(known[(number - 1) * size : number * size], len(known), number, pages, name, cut)


async def read(page: Page, keys: Iterable[str]) -> Nodes:
    """What the graph says of these nodes."""
    terms = [ox.NamedNode(key) for key in dict.fromkeys(keys)]
    if not terms:
        return Nodes()
    select = page.dataset.select
    triples = await select(_TRIPLES, s=terms)
    triples.sort(key=lambda row: (row["s"].value, row["p"].value, row["o"].value, row["o"].language))
    nodes = gather(triples, await select(_QUOTES, s=terms))
    named = [row["o"].value for row in triples if row["o"].is_iri and row["p"].value != expand("rdf:type")]
    return Nodes(nodes, await labels(page, named), _inferences(await select(_REASONS, s=terms), page))


async def labels(page: Page, iris: Iterable[str]) -> dict[str, str]:
    """IRI → label in the reader's language, of those that have one."""
    terms = [ox.NamedNode(iri) for iri in dict.fromkeys(iris) if not page.dataset.labels.has(iri)]
    return dict(labels_of(await page.dataset.select(_LABELS, o=terms), page.language)) if terms else {}


def column(rows: Iterable[Row], name: str) -> list[str]:
    """One variable of the rows."""
    return [row[name].value for row in rows if name in row]


def _inferences(rows: Iterable[Row], page: Page) -> dict[tuple[str, str], Inference]:
    found: dict[tuple[str, str], Inference] = {}
    for row in rows:
        key, reason = (row["s"].value, row["p"].value), row.get("reason")
        if key not in found or (reason is not None and reason.language == page.language):
            found[key] = Inference(row["basis"].value, reason)
    return found


def words(page: Page, found: Nodes) -> Mapping[str, object]:
    """What the macros of the templates ask: labels of nodes, and why a value is believed."""
    return {
        "label": lambda iri: found.labels.get(iri) or page.name(iri),
        "inferred": found.inferred,
        "iri_of": expand,
    }
