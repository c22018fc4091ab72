# expect: violation|document/00112233445566aa/assertion/a00000000030|du:basis|assertion-basis
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <document/00112233445566aa/assertion/a00000000030> du:basis ?value }
