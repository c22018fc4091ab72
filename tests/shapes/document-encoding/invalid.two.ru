# expect: violation|document/00112233445566aa|du:encoding|document-encoding
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <document/00112233445566aa> du:encoding ?old }
INSERT { <document/00112233445566aa> du:encoding "utf-8", "gb18030" }
WHERE { OPTIONAL { <document/00112233445566aa> du:encoding ?old } }
