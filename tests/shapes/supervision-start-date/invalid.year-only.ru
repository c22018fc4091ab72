# expect: violation|supervision/320600-202009|du:startDate|supervision-start-date
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE { <supervision/320600-202009> du:startDate ?old . ?assertion rdf:object ?old }
INSERT { <supervision/320600-202009> du:startDate "2020"^^xsd:gYear . ?assertion rdf:object "2020"^^xsd:gYear }
WHERE { <supervision/320600-202009> du:startDate ?old . ?assertion rdf:subject <supervision/320600-202009> ; rdf:predicate du:startDate ; rdf:object ?old }
