# expect: violation|correction/0a1b2c3d4e5f|du:rationale|correction-rationale
BASE <https://w3id.org/ducha/>
PREFIX du: <https://w3id.org/ducha/ontology#>

DELETE WHERE { <correction/0a1b2c3d4e5f> du:rationale ?value }
