"""What the page of the ontology asks of the snapshot. `{ UNDEF }` stands where `Dataset.select` puts a term."""

_HEAD = """
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""

# Terms with all that is said of them, and the nodes of class expressions: restrictions, lists, inverses.
# Not ordered: the reader sorts thousands of rows ten times as fast as the engine.
TERMS = (
    _HEAD
    + """
SELECT DISTINCT ?s ?p ?o WHERE {
  { VALUES ?kind { owl:Ontology owl:Class owl:Restriction owl:AllDisjointClasses owl:ObjectProperty
                   owl:DatatypeProperty owl:AnnotationProperty skos:ConceptScheme skos:Concept }
    ?s a ?kind . ?s ?p ?o }
  UNION { ?s rdf:rest ?rest . ?s ?p ?o }
  UNION { ?s owl:inverseOf ?other . ?s ?p ?o }
}
"""
)

INSTANCES = _HEAD + "SELECT ?term (COUNT(?s) AS ?n) WHERE { ?s a ?term } GROUP BY ?term ORDER BY ?term"

# A superclass is counted through its subclasses, since nodes carry the narrowest class; a node of two counts once.
INSTANCES_BELOW = (
    _HEAD
    + """
SELECT ?term (COUNT(DISTINCT ?s) AS ?n) WHERE {
  { SELECT DISTINCT ?term ?narrower WHERE {
      ?narrower rdfs:subClassOf+ ?term . FILTER(STRSTARTS(STR(?term), STR(du:))) } }
  ?s a ?narrower
} GROUP BY ?term ORDER BY ?term
"""
)

TRIPLES = _HEAD + "SELECT ?term (COUNT(*) AS ?n) WHERE { ?s ?term ?o } GROUP BY ?term ORDER BY ?term"

CONCEPT_USES = (
    _HEAD
    + """
SELECT ?term (COUNT(*) AS ?n) WHERE {
  ?s ?p ?term . ?term a skos:Concept . FILTER(STRSTARTS(STR(?p), STR(du:)))
} GROUP BY ?term ORDER BY ?term
"""
)

# The first instance of each class by its IRI: one with a sentence of its own, or any.
CITED_INSTANCE = (
    _HEAD + "SELECT ?term (MIN(STR(?s)) AS ?node) WHERE { ?s a ?term ; du:evidence ?e . FILTER(isIRI(?s)) }"
    " GROUP BY ?term ORDER BY ?term"
)
ANY_INSTANCE = _HEAD + (
    "SELECT ?term (MIN(STR(?s)) AS ?node) WHERE { ?s a ?term . FILTER(isIRI(?s)) } GROUP BY ?term ORDER BY ?term"
)

NODE_LABELS = _HEAD + "SELECT ?label WHERE { VALUES ?s { UNDEF } ?s rdfs:label ?label } ORDER BY ?label"

# The sentences behind a node: its own, else those of the assertions about it; a passage is its own sentence.
NODE_QUOTES = (
    _HEAD
    + """
SELECT DISTINCT ?rank ?document ?begin ?end ?quote WHERE {
  { VALUES ?s { UNDEF } ?s du:quote ?any . BIND(?s AS ?e) BIND(0 AS ?rank) }
  UNION { VALUES ?s { UNDEF } ?s du:evidence ?e . BIND(1 AS ?rank) }
  UNION { VALUES ?s { UNDEF } ?assertion rdf:subject ?s ; du:evidence ?e . BIND(2 AS ?rank) }
  ?e du:document ?document ; du:begin ?begin ; du:end ?end ; du:quote ?quote .
} ORDER BY ?rank ?document ?begin ?end LIMIT 1
"""
)

# Rules with what they target, the properties on their paths, and the text of those written in SPARQL.
RULES = (
    _HEAD
    + """
SELECT DISTINCT ?s ?p ?o WHERE {
  VALUES ?kind { sh:NodeShape sh:PropertyShape }
  ?s a ?kind .
  { VALUES ?p { rdfs:label sh:severity sh:targetClass sh:property } ?s ?p ?o }
  UNION { ?s sh:path/(sh:alternativePath|sh:inversePath|rdf:rest|rdf:first)* ?o . BIND(sh:path AS ?p) }
  UNION { ?s sh:sparql/sh:select ?o . BIND(sh:select AS ?p) }
}
"""
)

FINDINGS = _HEAD + "SELECT ?term (COUNT(?s) AS ?n) WHERE { ?s a du:Finding ; du:shape ?term } GROUP BY ?term"
