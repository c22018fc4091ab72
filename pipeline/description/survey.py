"""What there is in a store, counted: classes, properties between them, graphs, links to other data, time and places."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from pipeline.vocabulary import PREFIXES

_HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
CLASSES = "SELECT ?class (COUNT(?s) AS ?n) (MIN(?s) AS ?first) { ?s a ?class FILTER(isIRI(?class)) } GROUP BY ?class"
PROPERTIES = """
SELECT ?property (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
{ ?s ?property ?o } GROUP BY ?property
"""
USES = "SELECT ?class ?property (COUNT(*) AS ?n) { ?s a ?class ; ?property ?o FILTER(isIRI(?class)) } GROUP BY ?class ?property"
TARGETS = """
SELECT ?class ?property ?target (COUNT(*) AS ?n)
{ ?s a ?class ; ?property ?o . ?o a ?target FILTER(isIRI(?class) && isIRI(?target)) } GROUP BY ?class ?property ?target
"""
DATATYPES = """
SELECT ?class ?property ?target (COUNT(*) AS ?n)
{ ?s a ?class ; ?property ?o BIND(DATATYPE(?o) AS ?target) FILTER(BOUND(?target) && isIRI(?class)) }
GROUP BY ?class ?property ?target
"""
GRAPHS = "SELECT ?graph (COUNT(*) AS ?n) { GRAPH ?graph { ?s ?p ?o } FILTER(isIRI(?graph)) } GROUP BY ?graph"
LINKS = """
SELECT ?property ?o (COUNT(*) AS ?n) {
  VALUES ?property { du:unit owl:sameAs skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch
    skos:relatedMatch rdfs:seeAlso owl:equivalentClass owl:equivalentProperty rdfs:subClassOf rdfs:subPropertyOf }
  ?s ?property ?o FILTER(isIRI(?o)) FILTER NOT EXISTS { ?o ?x ?y }
} GROUP BY ?property ?o
"""
TRIPLES = "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) { ?s ?p ?o }"
VISITS = """
SELECT ?first ?last {
  { SELECT (MIN(STR(?begin)) AS ?first) { ?visit a du:Supervision ; du:startDate ?begin } }
  { SELECT (MAX(STR(?end)) AS ?last) { ?visit a du:Supervision ; du:endDate ?end } }
}
"""
PLACES = "SELECT DISTINCT ?place { ?plan a du:Plan ; du:region ?place FILTER(isIRI(?place)) }"
ROOTS = "SELECT DISTINCT ?root { VALUES ?kind { skos:ConceptScheme owl:Ontology } ?root a ?kind FILTER(isIRI(?root)) }"


@dataclass(frozen=True)
class Use:
    """How often nodes of a class have a property; by the class of the node, or by the datatype, that it leads to."""

    triples: int
    classes: Mapping[str, int]
    datatypes: Mapping[str, int]


@dataclass(frozen=True)
class Survey:
    """Counts over the merge of all graphs. `classes` maps a class to (instances, the first of them), `properties` a
    property to (triples, distinct subjects, distinct objects), `links` a property and a foreign namespace to triples,
    `visits` are the first and last day of any supervision as written, empty where none is known."""

    triples: int
    subjects: int
    classes: Mapping[str, tuple[int, str]]
    properties: Mapping[str, tuple[int, int, int]]
    uses: Mapping[str, Mapping[str, Use]]
    graphs: Mapping[str, int]
    links: Mapping[tuple[str, str], int]
    visits: tuple[str, str]
    places: tuple[str, ...]
    roots: tuple[str, ...]

    @property
    def vocabularies(self) -> tuple[str, ...]:
        """The namespaces of all classes and properties in use."""
        return tuple(sorted({namespace(iri) for iri in (*self.classes, *self.properties)}))


def survey(store: ox.Store) -> Survey:
    """Counts what the store's default graph holds. Takes about ten seconds a million triples."""
    (total,), (visits,) = _rows(store, TRIPLES), _rows(store, VISITS)
    links: dict[tuple[str, str], int] = {}
    for row in _rows(store, LINKS):
        key = (row["property"], namespace(row["o"]))
        links[key] = links.get(key, 0) + int(row["n"])
    return Survey(
        int(total["n"]),
        int(total["subjects"]),
        {row["class"]: (int(row["n"]), row["first"]) for row in _rows(store, CLASSES)},
        {
            row["property"]: (int(row["n"]), int(row["subjects"]), int(row["objects"]))
            for row in _rows(store, PROPERTIES)
        },
        _uses(store),
        {row["graph"]: int(row["n"]) for row in _rows(store, GRAPHS)},
        dict(sorted(links.items())),
        (visits.get("first", ""), visits.get("last", "")),
        tuple(row["place"] for row in _rows(store, PLACES)),
        tuple(row["root"] for row in _rows(store, ROOTS)),
    )


def namespace(iri: str) -> str:
    """The IRI up to its last `#`, or else its last `/`, or else its last `:`."""
    head, sign, _ = iri.rpartition(next((one for one in "#/" if one in iri), ":"))
    return head + sign


def _uses(store: ox.Store) -> dict[str, dict[str, Use]]:
    found: dict[tuple[str, str], Use] = {
        (row["class"], row["property"]): Use(int(row["n"]), {}, {}) for row in _rows(store, USES)
    }
    for query, kind in ((TARGETS, "classes"), (DATATYPES, "datatypes")):
        for row in _rows(store, query):
            getattr(found[row["class"], row["property"]], kind)[row["target"]] = int(row["n"])
    uses: dict[str, dict[str, Use]] = {}
    for (one, name), use in found.items():
        uses.setdefault(one, {})[name] = use
    return uses


def _rows(store: ox.Store, query: str) -> list[dict[str, str]]:
    """The rows of a SELECT as texts, sorted; what is unbound is absent."""
    answer = store.query(_HEAD + query)
    assert isinstance(answer, ox.QuerySolutions)  # noqa: S101 - narrows the type: a SELECT answers with solutions
    names = [variable.value for variable in answer.variables]
    return sorted((dict(_values(names, row)) for row in answer), key=lambda row: sorted(row.items()))


def _values(names: list[str], row: ox.QuerySolution) -> Iterator[tuple[str, str]]:
    for name in names:
        term = row[name]
        if isinstance(term, (ox.NamedNode, ox.BlankNode, ox.Literal)):
            yield name, term.value
