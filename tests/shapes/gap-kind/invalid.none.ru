# expect: violation|document/00112233445566aa/gap/505-508|du:gapKind|gap-kind
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <document/00112233445566aa/gap/505-508> du:gapKind ?value }
