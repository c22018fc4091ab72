# expect: violation|supervision/320600-202009|du:reportTitle|supervision-report-title
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <supervision/320600-202009> du:reportTitle ?old . ?assertion rdf:object ?old }
INSERT { <supervision/320600-202009> du:reportTitle <https://example.org/report> . ?assertion rdf:object <https://example.org/report> }
WHERE { <supervision/320600-202009> du:reportTitle ?old . ?assertion rdf:subject <supervision/320600-202009> ; rdf:predicate du:reportTitle ; rdf:object ?old }
