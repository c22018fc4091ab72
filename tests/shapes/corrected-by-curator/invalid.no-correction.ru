# expect: violation|document/00112233445566aa|-|corrected-by-curator
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <document/00112233445566aa/assertion/a00000000017> du:correction ?value }
