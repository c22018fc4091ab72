# expect: violation|document/00112233445566aa#char=0,27|du:end|evidence-end
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <document/00112233445566aa#char=0,27> du:end ?value }
