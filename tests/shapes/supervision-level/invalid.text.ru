# expect: violation|supervision/320600-202009|du:level|supervision-level
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <supervision/320600-202009> du:level ?old . ?assertion rdf:object ?old }
INSERT { <supervision/320600-202009> du:level "省级" . ?assertion rdf:object "省级" }
WHERE { <supervision/320600-202009> du:level ?old . ?assertion rdf:subject <supervision/320600-202009> ; rdf:predicate du:level ; rdf:object ?old }
