# expect: violation|supervision/320600-202009|du:kind|supervision-kind
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <supervision/320600-202009> du:kind ?old . ?assertion rdf:object ?old }
INSERT { <supervision/320600-202009> du:kind "例行" . ?assertion rdf:object "例行" }
WHERE { <supervision/320600-202009> du:kind ?old . ?assertion rdf:subject <supervision/320600-202009> ; rdf:predicate du:kind ; rdf:object ?old }
