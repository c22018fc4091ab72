# expect: violation|supervision/320600-202009|du:batch|supervision-asserted
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { ?assertion ?p ?o } WHERE { ?assertion rdf:predicate du:batch ; ?p ?o }
