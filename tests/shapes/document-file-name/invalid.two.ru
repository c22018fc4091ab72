# expect: violation|document/00112233445566aa|du:fileName|document-file-name
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <document/00112233445566aa> du:fileName ?old }
INSERT { <document/00112233445566aa> du:fileName "a.txt", "b.txt" }
WHERE { OPTIONAL { <document/00112233445566aa> du:fileName ?old } }
