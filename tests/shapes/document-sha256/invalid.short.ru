# expect: violation|document/00112233445566aa|du:sha256|document-sha256
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <document/00112233445566aa> du:sha256 ?old }
INSERT { <document/00112233445566aa> du:sha256 "00112233" }
WHERE { OPTIONAL { <document/00112233445566aa> du:sha256 ?old } }
