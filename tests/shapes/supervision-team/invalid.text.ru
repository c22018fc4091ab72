# expect: violation|supervision/320600-202009|du:team|supervision-team
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <supervision/320600-202009> du:team ?old . ?assertion rdf:object ?old }
INSERT { <supervision/320600-202009> du:team "省第三生态环境保护督察组" . ?assertion rdf:object "省第三生态环境保护督察组" }
WHERE { <supervision/320600-202009> du:team ?old . ?assertion rdf:subject <supervision/320600-202009> ; rdf:predicate du:team ; rdf:object ?old }
