# expect: violation|plan/320600-202009|du:respondsTo|plan-responds-to
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <plan/320600-202009> du:respondsTo ?old . ?assertion rdf:object ?old }
INSERT { <plan/320600-202009> du:respondsTo <supervision/320600-199901> . ?assertion rdf:object <supervision/320600-199901> }
WHERE { <plan/320600-202009> du:respondsTo ?old . ?assertion rdf:subject <plan/320600-202009> ; rdf:predicate du:respondsTo ; rdf:object ?old }
