# expect: violation|document/00112233445566aa/assertion/a00000000030|du:rule|assertion-rule
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <document/00112233445566aa/assertion/a00000000030> du:rule ?value }
