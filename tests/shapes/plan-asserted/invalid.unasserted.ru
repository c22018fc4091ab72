# expect: violation|plan/320600-202009|du:region|plan-asserted
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { ?assertion ?p ?o } WHERE { ?assertion rdf:subject <plan/320600-202009> ; rdf:predicate du:region ; ?p ?o }
