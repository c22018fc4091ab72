# expect: violation|plan/320600-202009|du:statedCount|plan-stated-count
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <plan/320600-202009> du:statedCount ?old . ?assertion rdf:object ?old }
INSERT { <plan/320600-202009> du:statedCount 2 . ?assertion rdf:object 2 }
WHERE { <plan/320600-202009> du:statedCount ?old . ?assertion rdf:subject <plan/320600-202009> ; rdf:predicate du:statedCount ; rdf:object ?old }
