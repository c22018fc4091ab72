# expect: violation|document/00112233445566aa|dcterms:source|document-source
BASE <https://w3id.org/ducha/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <document/00112233445566aa> dcterms:source ?old . ?assertion rdf:object ?old }
INSERT { <document/00112233445566aa> dcterms:source <https://example.org/page> . ?assertion rdf:object <https://example.org/page> }
WHERE { <document/00112233445566aa> dcterms:source ?old . ?assertion rdf:subject <document/00112233445566aa> ; rdf:predicate dcterms:source ; rdf:object ?old }
