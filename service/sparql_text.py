"""The queries behind a node's page and its RDF. `{ UNDEF }` stands where `Dataset.select` puts a term."""

_HEAD = """
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""

# What the graph says of ?s, in which graph, with the labels of the nodes it names.
ABOUT = (
    _HEAD
    + """
SELECT DISTINCT ?g ?p ?o ?label WHERE {
  VALUES ?s { UNDEF }
  GRAPH ?g { ?s ?p ?o }
  OPTIONAL { ?o rdfs:label ?label }
} ORDER BY ?p ?o ?g ?label LIMIT 5000
"""
)

# What the assertions about ?s say, and their sentences: two queries, since the engine evaluates an OPTIONAL of several
# patterns for the whole graph.
ASSERTIONS = (
    _HEAD
    + """
SELECT DISTINCT ?assertion ?key ?value WHERE {
  VALUES ?s { UNDEF }
  ?assertion rdf:subject ?s ; ?key ?value .
} ORDER BY ?assertion ?key ?value LIMIT 5000
"""
)

ASSERTION_QUOTES = (
    _HEAD
    + """
SELECT DISTINCT ?assertion ?document ?begin ?end ?quote WHERE {
  VALUES ?s { UNDEF }
  ?assertion rdf:subject ?s ; du:evidence ?e .
  ?e du:document ?document ; du:begin ?begin ; du:end ?end ; du:quote ?quote .
} ORDER BY ?assertion ?begin ?end LIMIT 5000
"""
)

OWN_QUOTES = (
    _HEAD
    + """
SELECT DISTINCT ?document ?begin ?end ?quote WHERE {
  VALUES ?s { UNDEF }
  ?s du:evidence ?e .
  ?e du:document ?document ; du:begin ?begin ; du:end ?end ; du:quote ?quote .
} ORDER BY ?document ?begin ?end LIMIT 500
"""
)

# What refers to ?o, as far as a list of it can be paged through; unsorted, since sorting would read all of it.
INCOMING = (
    _HEAD
    + """
SELECT ?s ?p WHERE {
  VALUES ?o { UNDEF }
  ?s ?p ?o .
  FILTER(?p NOT IN (rdf:subject, rdf:object, rdf:predicate, rdf:type))
} LIMIT 1000
"""
)

# The node, the assertions about it, and the sentences behind both: what a reader needs to cite it.
DESCRIPTION = (
    _HEAD
    + """
CONSTRUCT { ?a ?p ?o } WHERE {
  { VALUES ?s { UNDEF } ?s ?p ?o . BIND(?s AS ?a) }
  UNION { VALUES ?s { UNDEF } ?a rdf:subject ?s ; ?p ?o }
  UNION { VALUES ?s { UNDEF } ?s du:evidence ?a . ?a ?p ?o }
  UNION { VALUES ?s { UNDEF } ?assertion rdf:subject ?s ; du:evidence ?a . ?a ?p ?o }
}
"""
)
