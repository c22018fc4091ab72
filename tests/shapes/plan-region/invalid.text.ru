# expect: violation|plan/320600-202009|du:region|plan-region
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <plan/320600-202009> du:region ?old . ?assertion rdf:object ?old }
INSERT { <plan/320600-202009> du:region "南通市" . ?assertion rdf:object "南通市" }
WHERE { <plan/320600-202009> du:region ?old . ?assertion rdf:subject <plan/320600-202009> ; rdf:predicate du:region ; rdf:object ?old }
