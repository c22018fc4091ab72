# expect: violation|document/00112233445566aa#char=0,27|du:begin|evidence-begin
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <document/00112233445566aa#char=0,27> du:begin ?old }
INSERT { <document/00112233445566aa#char=0,27> du:begin 27 }
WHERE { OPTIONAL { <document/00112233445566aa#char=0,27> du:begin ?old } }
