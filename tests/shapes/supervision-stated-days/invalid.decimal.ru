# expect: violation|supervision/320600-202009|du:statedDays|supervision-stated-days
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <supervision/320600-202009> du:statedDays ?old . ?assertion rdf:object ?old }
INSERT { <supervision/320600-202009> du:statedDays 20.0 . ?assertion rdf:object 20.0 }
WHERE { <supervision/320600-202009> du:statedDays ?old . ?assertion rdf:subject <supervision/320600-202009> ; rdf:predicate du:statedDays ; rdf:object ?old }
