# expect: violation|document/00112233445566aa#char=0,27|du:document|evidence-document
# expect: violation|document/00112233445566aa#char=0,27|du:document|evidence-document
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <document/00112233445566aa#char=0,27> du:document ?old }
INSERT { <document/00112233445566aa#char=0,27> du:document <document/00112233445566aa>, <document/ffeeddccbbaa0099> }
WHERE { OPTIONAL { <document/00112233445566aa#char=0,27> du:document ?old } }
