# expect: violation|supervision/320600-202009|du:endDate|supervision-end-date
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <supervision/320600-202009> du:endDate ?old . ?assertion rdf:object ?old }
INSERT { <supervision/320600-202009> du:endDate "2020-09-22" . ?assertion rdf:object "2020-09-22" }
WHERE { <supervision/320600-202009> du:endDate ?old . ?assertion rdf:subject <supervision/320600-202009> ; rdf:predicate du:endDate ; rdf:object ?old }
