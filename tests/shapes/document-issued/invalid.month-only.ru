# expect: violation|document/00112233445566aa|dcterms:issued|document-issued
BASE <https://w3id.org/ducha/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE { <document/00112233445566aa> dcterms:issued ?old . ?assertion rdf:object ?old }
INSERT { <document/00112233445566aa> dcterms:issued "2021-03"^^xsd:gYearMonth . ?assertion rdf:object "2021-03"^^xsd:gYearMonth }
WHERE { <document/00112233445566aa> dcterms:issued ?old . ?assertion rdf:subject <document/00112233445566aa> ; rdf:predicate dcterms:issued ; rdf:object ?old }
