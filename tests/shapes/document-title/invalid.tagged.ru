# expect: violation|document/00112233445566aa|dcterms:title|document-title
BASE <https://w3id.org/ducha/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <document/00112233445566aa> dcterms:title ?old . ?assertion rdf:object ?old }
INSERT { <document/00112233445566aa> dcterms:title "方案"@zh . ?assertion rdf:object "方案"@zh }
WHERE { <document/00112233445566aa> dcterms:title ?old . ?assertion rdf:subject <document/00112233445566aa> ; rdf:predicate dcterms:title ; rdf:object ?old }
