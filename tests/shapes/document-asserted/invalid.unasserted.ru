# expect: violation|document/00112233445566aa|dcterms:issued|document-asserted
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { ?assertion rdf:predicate dcterms:issued } INSERT { ?assertion rdf:predicate du:describes ; rdf:object <plan/320600-202009> }
WHERE { ?assertion rdf:predicate dcterms:issued } ;
DELETE { ?assertion rdf:object ?date } WHERE { ?assertion rdf:predicate du:describes ; rdf:object ?date . FILTER(isLiteral(?date)) }
