# expect: violation|document/00112233445566aa|du:textLength|document-text-length
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <document/00112233445566aa> du:textLength ?old }
INSERT { <document/00112233445566aa> du:textLength "400" }
WHERE { OPTIONAL { <document/00112233445566aa> du:textLength ?old } }
