# expect: violation|document/00112233445566aa|dcterms:publisher|document-publisher
BASE <https://w3id.org/ducha/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <document/00112233445566aa> dcterms:publisher ?old . ?assertion rdf:object ?old }
INSERT { <document/00112233445566aa> dcterms:publisher <organization/320600-1a2b3c4d> . ?assertion rdf:object <organization/320600-1a2b3c4d> }
WHERE { <document/00112233445566aa> dcterms:publisher ?old . ?assertion rdf:subject <document/00112233445566aa> ; rdf:predicate dcterms:publisher ; rdf:object ?old }
