# expect: violation|supervision/320600-202009|du:region|supervision-region
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <supervision/320600-202009> du:region ?old . ?assertion rdf:object ?old }
INSERT { <supervision/320600-202009> du:region <region/320600>, <region/320000> . ?assertion rdf:object <region/320600>, <region/320000> }
WHERE { <supervision/320600-202009> du:region ?old . ?assertion rdf:subject <supervision/320600-202009> ; rdf:predicate du:region ; rdf:object ?old }
