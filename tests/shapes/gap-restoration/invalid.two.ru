# expect: violation|document/00112233445566aa/gap/505-508|du:restoration|gap-restoration
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE { <document/00112233445566aa/gap/505-508> du:restoration ?old }
INSERT { <document/00112233445566aa/gap/505-508> du:restoration "甲", "乙" }
WHERE { OPTIONAL { <document/00112233445566aa/gap/505-508> du:restoration ?old } }
