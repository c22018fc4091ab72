"""The queries behind a node's page and its RDF. `{ UNDEF }` stands where `Dataset.select` puts a term."""

_HEAD = """
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""

MOST = 5000
"""Rows of a page's table of properties; the page says where there may be more."""

# What the graph says of ?s, in which graph, with the labels of the nodes it names.
ABOUT = (
    _HEAD
    + """
SELECT DISTINCT ?g ?p ?o ?label WHERE {
  VALUES ?s { UNDEF }
  GRAPH ?g { ?s ?p ?o }
  OPTIONAL { ?o rdfs:label ?label }
"""
    + f"}} ORDER BY ?p ?o ?g ?label LIMIT {MOST}\n"
)

# Two branches, since the engine joins an OPTIONAL of several patterns by reading all evidence there is.
ASSERTIONS = (
    _HEAD
    + """
SELECT DISTINCT ?assertion ?p ?o ?basis ?reason ?written ?document ?begin ?end ?quote WHERE {
  {
    VALUES ?s { UNDEF }
    ?assertion rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o .
    OPTIONAL { ?assertion du:basis ?basis }
    OPTIONAL { ?assertion du:reason ?reason }
    OPTIONAL { ?assertion du:asWritten ?written }
  } UNION {
    VALUES ?s { UNDEF }
    ?assertion rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; du:evidence ?e .
    ?e du:document ?document ; du:begin ?begin ; du:end ?end ; du:quote ?quote
  }
} ORDER BY ?assertion ?begin ?end ?reason LIMIT 5000
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

# Sorting all that leads to a region or a basis would take seconds: the first two thousand found are sorted.
INCOMING = (
    _HEAD
    + """
SELECT DISTINCT ?s ?p ?label WHERE {
  { SELECT ?s ?p WHERE {
      { SELECT ?s ?p WHERE {
          VALUES ?o { UNDEF }
          ?s ?p ?o .
          FILTER(?p NOT IN (rdf:subject, rdf:object, rdf:predicate, rdf:type))
        } LIMIT 2000 }
    } ORDER BY ?p ?s LIMIT 100 }
  OPTIONAL { ?s rdfs:label ?label }
} ORDER BY ?p ?s ?label
"""
)

INCOMING_COUNT = (
    _HEAD
    + """
SELECT (COUNT(*) AS ?count) WHERE {
  SELECT DISTINCT ?s ?p WHERE {
    VALUES ?o { UNDEF }
    ?s ?p ?o .
    FILTER(?p NOT IN (rdf:subject, rdf:object, rdf:predicate, rdf:type))
  }
}
"""
)
