# expect: violation|document/00112233445566aa/gap/505-508|du:affects|gap-affects
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <document/00112233445566aa/gap/505-508> du:affects ?old }
INSERT { <document/00112233445566aa/gap/505-508> du:affects "du:region" }
WHERE { OPTIONAL { <document/00112233445566aa/gap/505-508> du:affects ?old } }
